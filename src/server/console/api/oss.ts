/** OSS itself, by URLs that the server signs: what works here works in every mode of `--auth`. */
import { control, namespace, Refused, reach } from './control.ts';

export interface OssCall {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Those that are sent: they are signed. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Marks what the console asks for itself: the journal can leave it out. */
const MARK = 'x-ossite-console';

/** Seconds that a URL lasts. */
const LASTS = 3600;

interface Waiting {
  readonly call: OssCall;
  resolve(url: string): void;
  reject(error: unknown): void;
}

let waiting: Waiting[] = [];

/** URLs of one moment are signed together. */
function sign(call: OssCall): Promise<string> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ call, resolve, reject });
  });
}

async function flush(): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const { urls } = await control<{ readonly urls: readonly string[] }>('POST', 'sign', {
      body: { requests: batch.map(({ call }) => call), expires: LASTS },
    });
    for (const [i, one] of batch.entries()) one.resolve(urls[i] ?? '');
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}

/** The same picture again is the same URL again: the browser has it. */
const signed = new Map<string, { readonly url: Promise<string>; readonly until: number }>();

/** A URL for the console's own use. @throws Refused for the two keys that browsers take for a way through folders */
export function urlOf(call: OssCall): Promise<string> {
  // `bucket/.` would be the bucket: what is meant for one object must not reach another, or all.
  if (call.key === '.' || call.key === '..')
    return Promise.reject(new Refused(400, 'InvalidUrl', `Browsers can not send a request for the key ${call.key}`));
  const name = JSON.stringify([namespace(), call]);
  const known = signed.get(name);
  if (known !== undefined && known.until > Date.now()) return known.url;
  const url = sign({ ...call, query: { ...call.query, [MARK]: '1' } });
  signed.set(name, { url, until: Date.now() + (LASTS * 1000) / 2 });
  url.catch(() => signed.delete(name));
  return url;
}

/** A URL to hand on, for a GET unless it is said. @param seconds that it lasts */
export async function presigned(
  call: Omit<OssCall, 'method'> & Partial<Pick<OssCall, 'method'>>,
  seconds: number,
): Promise<string> {
  const body = { requests: [{ method: 'GET', ...call }], expires: seconds };
  const { urls } = await control<{ readonly urls: readonly string[] }>('POST', 'sign', { body });
  return urls[0] ?? '';
}

export interface Sent {
  readonly body?: BodyInit;
  readonly signal?: AbortSignal;
  /** Headers that are not signed: Range. */
  readonly unsigned?: Readonly<Record<string, string>>;
}

/** Any request to OSS. @throws Refused what OSS says */
export async function oss(call: OssCall, { body, signal, unsigned }: Sent = {}): Promise<Response> {
  const answer = await reach(await urlOf(call), {
    method: call.method,
    // What was changed a moment ago is not to be seen as it was before.
    cache: 'no-cache',
    headers: { ...call.headers, ...unsigned },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.ok) return answer;
  throw await refusalOf(answer);
}

/** What an answer of OSS says went wrong. */
export async function refusalOf(answer: Response): Promise<Refused> {
  const head = answer.headers.get('x-oss-err');
  const text = head === null ? await answer.text().catch(() => '') : atob(head);
  const root = parseXml(text);
  const detail = textIn(root, 'Detail');
  return new Refused(
    answer.status,
    textIn(root, 'Code') || String(answer.status),
    [textIn(root, 'Message') || answer.statusText, detail].filter((part) => part !== '').join(' · '),
  );
}

/** The root of an answer. */
export const parseXml = (text: string): Element => new DOMParser().parseFromString(text, 'text/xml').documentElement;

/** The children of that name, and of no deeper ones. */
export const childrenOf = (of: Element, name: string): readonly Element[] =>
  [...of.children].filter((child) => child.tagName === name);

/** What a child says; empty when there is none. */
export const textIn = (of: Element, name: string): string => childrenOf(of, name)[0]?.textContent ?? '';

/** An answer in XML. @throws Refused */
export async function ossXml(call: OssCall, sent?: Sent): Promise<Element> {
  return parseXml(await (await oss(call, sent)).text());
}
