/** The last requests, in memory: what came, what was answered, and why. */
import type { Verdict } from './auth/index.ts';

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
}

/** What is known of an entry only when its answer has gone out. */
export type Ending = Pick<Entry, 'ms'> & { readonly complete: boolean };

export interface JournalFilter {
  /** Entries after this number. */
  readonly since?: number;
  readonly bucket?: string;
  readonly op?: string;
  readonly status?: number;
  readonly limit: number;
}

export interface Journal {
  /** @returns the entry with its number */
  add(entry: Omit<Entry, 'seq'>): Entry;
  /** @returns the entry as it is then; `undefined` when it was forgotten meanwhile */
  end(seq: number, ending: Ending): Entry | undefined;
  /** Newest first. */
  list(filter: JournalFilter): readonly Entry[];
  clear(): void;
}

/** Characters of a text that are kept. */
const LONGEST = 4096;

/** Through bytes: a slice would keep the whole text in memory. */
const clipped = (text: string): string =>
  text.length > LONGEST ? `${Buffer.from(text.slice(0, LONGEST)).toString('utf8')}…` : text;

/** Cuts every long text of a record. */
const bounded = <T extends object>(record: T): T =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, typeof value === 'string' ? clipped(value) : value]),
  ) as T;

/** @param most entries that are kept */
export function createJournal(most: number): Journal {
  // A Map keeps the order of insertion: the oldest is first.
  const entries = new Map<number, Entry>();
  let last = 0;
  return {
    add(told) {
      last += 1;
      const entry = { ...bounded(told), auth: bounded(told.auth), seq: last };
      entries.set(last, entry);
      if (entries.size > most) entries.delete(last - most);
      return entry;
    },
    end(seq, ending) {
      const entry = entries.get(seq);
      if (entry === undefined) return undefined;
      const ended = { ...entry, ...ending };
      entries.set(seq, ended);
      return ended;
    },
    list({ since = 0, bucket, op, status, limit }) {
      const wanted = [...entries.values()].filter(
        (entry) =>
          entry.seq > since &&
          (bucket === undefined || entry.bucket === bucket) &&
          (op === undefined || entry.op === op) &&
          (status === undefined || entry.status === status),
      );
      return wanted.reverse().slice(0, limit);
    },
    clear: () => entries.clear(),
  };
}

/** What the journal says of a verdict: beside a wrong signature, the right one and what it is made of. */
export function authNote(verdict: Verdict | undefined): AuthNote {
  if (verdict === undefined) return { outcome: 'none' };
  const { outcome, scheme, accessKeyId, signature, check } = verdict;
  if (outcome === 'anonymous') return { outcome };
  const who = { outcome, scheme, accessKeyId };
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
