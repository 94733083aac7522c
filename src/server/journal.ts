/** The last requests, in memory: what came, what was answered, and why. */
import type { Diagnosis } from './auth/diagnosis/index.ts';
import type { Verdict } from './auth/index.ts';
import type { FaultRule } from './faults/rule.ts';
import { textOf } from './wire.ts';

/** One request and its answer. Texts that a client could make very long are cut. */
export interface Entry {
  /** Counts up; never used twice, not even after a reset. */
  readonly seq: number;
  /** When it came, by the machine's clock. */
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  readonly host: string;
  /** Path and query as they were sent. */
  readonly path: string;
  /** Name of the operation in the OSS API; absent when it could not be told. */
  readonly op?: string;
  readonly bucket?: string;
  readonly key?: string;
  /** Process string of URL or body, styles expanded once it was understood. */
  readonly process?: string;
  /** 0 when the connection was cut before there was an answer. */
  readonly status: number;
  /** OSS's error code. */
  readonly code?: string;
  readonly ec?: string;
  /** Milliseconds until the answer was ready, then until its last byte was. */
  readonly ms: number;
  /** Bytes of the request's body, where it said how many. */
  readonly bytesIn?: number;
  /** Bytes of the answer's body, where they are known beforehand. */
  readonly bytesOut?: number;
  /** Whether the whole answer went out; absent while it still does. */
  readonly complete?: boolean;
  readonly auth: AuthNote;
  /** Number of the fault rule that hit it, from 0. */
  readonly fault?: number;
  /** It is one of the console's own. */
  readonly console?: true;
}

/** Names and values as they were sent, in their order. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** The same as Node has them: in one list, names and values in turns, bytes as latin1. */
export type RawHeaders = readonly string[];

/** What is said beside an entry to who asks for this one. */
export interface Details {
  readonly requestHeaders: HeaderLines;
  /** Those that the server sets; absent until the answer has gone out, empty when there was none. */
  readonly responseHeaders?: HeaderLines;
  /** The rule that hit it, as it was then. */
  readonly faultRule?: FaultRule;
}

/** The same as it is kept: most entries are never asked for, so headers are read when one is. */
interface Kept extends Pick<Details, 'faultRule'> {
  readonly request: RawHeaders;
  readonly response?: RawHeaders;
}

/** How the signature was; what was expected stands there when it was wrong. */
export interface AuthNote {
  readonly outcome: Verdict['outcome'] | 'none';
  readonly scheme?: Verdict['scheme'];
  readonly accessKeyId?: string;
  readonly received?: string;
  readonly expected?: string;
  readonly stringToSign?: string;
  readonly canonicalRequest?: string;
  /** Why OSS does not take it, and what the client signed where that could be found. */
  readonly diagnosis?: Diagnosis;
}

/** What is known of an entry only when its answer has gone out. */
export type Ending = Pick<Entry, 'ms'> & { readonly complete: boolean };

export interface JournalFilter {
  /** Entries after this number. */
  readonly since?: number;
  readonly bucket?: string;
  readonly op?: string;
  readonly status?: number;
  readonly console?: boolean;
  readonly limit: number;
}

export interface Journal {
  /** @returns the entry with its number */
  add(entry: Omit<Entry, 'seq'>, requestHeaders: RawHeaders, more: Pick<Details, 'faultRule'>): Entry;
  /** @returns the entry as it is then; `undefined` when it was forgotten meanwhile */
  end(seq: number, ending: Ending, responseHeaders: RawHeaders): Entry | undefined;
  get(requestId: string): (Entry & Details) | undefined;
  /** Newest first. */
  list(filter: JournalFilter): readonly Entry[];
  clear(): void;
}

/** Characters of a text that are kept. */
const LONGEST = 4096;

/** Through bytes: a slice would keep the whole text in memory. */
const clipped = (text: string): string =>
  text.length > LONGEST ? `${Buffer.from(text.slice(0, LONGEST)).toString('utf8')}…` : text;

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > LONGEST;

/** Cuts every long text of a record. */
function bounded<T extends object>(record: T): T {
  if (!Object.values(record).some(isLong)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, typeof value === 'string' ? clipped(value) : value]),
  ) as T;
}

/** Characters of all headers of a request, or of an answer, that are kept. */
const LONGEST_HEADERS = 16_384;

/** Cuts long values, and leaves out what would be too much in all: how many those are stands in the place of the first. */
function boundedHeaders(raw: RawHeaders): RawHeaders {
  let size = 0;
  for (const text of raw) size += text.length;
  if (size <= LONGEST) return raw;
  const short = raw.map(clipped);
  size = 0;
  for (let i = 0; i < short.length; i += 2) {
    size += (short[i] ?? '').length + (short[i + 1] ?? '').length;
    if (size > LONGEST_HEADERS) return [...short.slice(0, i), '…', `${(short.length - i) / 2} more`];
  }
  return short;
}

/** The mark of what was cut is no byte that was sent. */
const readValue = (value: string): string => (value.endsWith('…') ? `${textOf(value.slice(0, -1))}…` : textOf(value));

const linesOf = (raw: RawHeaders): HeaderLines =>
  raw.flatMap((name, i) => (i % 2 === 0 ? [[name, readValue(raw[i + 1] ?? '')] as const] : []));

/** Requests of the console's own that are kept, beside those that a test made: looking must not push them out. */
const MOST_OF_CONSOLE = 200;

/** @param most entries that are kept */
export function createJournal(most: number): Journal {
  // Maps and Sets keep the order of insertion: the oldest is first.
  const entries = new Map<number, Entry>();
  const details = new Map<number, Kept>();
  const kinds = {
    application: { seqs: new Set<number>(), most },
    console: { seqs: new Set<number>(), most: Math.min(most, MOST_OF_CONSOLE) },
  };
  let last = 0;

  function keep(seq: number, { seqs, most: bound }: (typeof kinds)['console']): void {
    seqs.add(seq);
    if (seqs.size <= bound) return;
    const [oldest = seq] = seqs;
    seqs.delete(oldest);
    entries.delete(oldest);
    details.delete(oldest);
  }

  return {
    add(told, requestHeaders, more) {
      last += 1;
      const { diagnosis } = told.auth;
      const own = bounded(told.auth);
      const auth = diagnosis === undefined ? own : { ...own, diagnosis: bounded(diagnosis) };
      const entry = { ...bounded(told), auth, seq: last };
      entries.set(last, entry);
      details.set(last, { ...more, request: boundedHeaders(requestHeaders) });
      keep(last, entry.console ? kinds.console : kinds.application);
      return entry;
    },
    end(seq, ending, responseHeaders) {
      const entry = entries.get(seq);
      if (entry === undefined) return undefined;
      const ended = { ...entry, ...ending };
      entries.set(seq, ended);
      const known = details.get(seq);
      if (known !== undefined) details.set(seq, { ...known, response: boundedHeaders(responseHeaders) });
      return ended;
    },
    get(requestId) {
      const entry = [...entries.values()].find((one) => one.requestId === requestId);
      const known = entry && details.get(entry.seq);
      if (entry === undefined || known === undefined) return undefined;
      const { request, response, ...more } = known;
      const answer = response === undefined ? {} : { responseHeaders: linesOf(response) };
      return { ...entry, ...more, requestHeaders: linesOf(request), ...answer };
    },
    list({ since = 0, bucket, op, status, console, limit }) {
      const wanted = [...entries.values()].filter(
        (entry) =>
          entry.seq > since &&
          (bucket === undefined || entry.bucket === bucket) &&
          (op === undefined || entry.op === op) &&
          (status === undefined || entry.status === status) &&
          (console === undefined || (entry.console ?? false) === console),
      );
      return wanted.reverse().slice(0, limit);
    },
    clear() {
      for (const kept of [entries, details, kinds.application.seqs, kinds.console.seqs]) kept.clear();
    },
  };
}

/** What the journal says of a verdict: beside a wrong signature, the right one and what it is made of. */
export function authNote(verdict: Verdict | undefined, diagnosis: Diagnosis | undefined): AuthNote {
  if (verdict === undefined) return { outcome: 'none' };
  const { outcome, scheme, accessKeyId, signature, check } = verdict;
  if (outcome === 'anonymous') return { outcome };
  const who = { outcome, scheme, accessKeyId, ...(diagnosis === undefined ? {} : { diagnosis }) };
  if (outcome !== 'mismatch' || check === undefined) return who;
  const { expected, stringToSign, canonicalRequest } = check;
  return {
    ...who,
    received: signature,
    expected,
    stringToSign,
    ...(canonicalRequest === undefined ? {} : { canonicalRequest }),
  };
}
