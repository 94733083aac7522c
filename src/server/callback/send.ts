/**
 * Posts callbacks to the addresses that clients name, private ones and loopback included: that is what OSS does for its
 * clients, and where an emulator's users run their servers. The setting `callbacks` switches it off.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fail } from '../../store/errors.ts';
import { utf8Text } from '../../store/names.ts';
import { jsonFrom } from '../json.ts';

/** A server has this long to answer, as with OSS; there is no second attempt. */
const ANSWER_MS = 5_000;

/** Largest answer; one of OSS's pages says 1 MB (rest-core.md §1.5). */
const MAX_ANSWER = 3 * 1024 * 1024;

export interface Post {
  readonly urls: readonly URL[];
  readonly sni: boolean;
  /** Headers of the request to one of them. */
  headers(url: URL): Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** What the client is given instead of OSS's own answer. */
export interface CallbackAnswer {
  readonly type: 'application/json' | 'application/xml';
  /** As they came. */
  readonly bytes: Buffer;
}

interface Failure {
  readonly message: string;
  readonly ec: string;
  /** For people, where OSS's sentence does not tell. */
  readonly detail?: string;
}

/** Sentences of OSS's page on status 203; they share an EC where none is documented. */
const failed = (what: string, detail?: string): Failure => ({
  message: `Error status : ${what}`,
  ec: '0007-00000203',
  ...(detail === undefined ? {} : { detail }),
});
const noLength = failed(
  '400.User server missing content-length.',
  'The answer must have a Content-Length header; one that comes in chunks, or ends with its connection, is not read.',
);
const badLength = failed(
  '400.User server return invalid content-length value.',
  'The answer must have a body: JSON, or XML that says so in its Content-Type.',
);
const tooLong = failed(
  '400.User server return too long content-length value.',
  `The answer may have ${MAX_ANSWER} bytes.`,
);
const notJson: Failure = { message: 'Response body is not valid json format.', ec: '0007-00000205' };

/** Tries the URLs in order. @returns the first good answer. @throws CallbackFailed for the last one's sake */
export async function post(call: Post, replied: Readonly<Record<string, string>>): Promise<CallbackAnswer> {
  let failure = notJson;
  for (const url of call.urls) {
    const answer = await postTo(url, call);
    if ('bytes' in answer) return answer;
    failure = answer;
    call.signal.throwIfAborted();
  }
  const { detail, ...told } = failure;
  const elements = detail === undefined ? {} : { Detail: detail };
  return fail('CallbackFailed', { ...told, elements, headers: replied });
}

async function postTo(url: URL, call: Post): Promise<CallbackAnswer | Failure> {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await exchange(url, call, AbortSignal.any([call.signal, late]));
    const refused = refusalOf(answer);
    if (refused === undefined) return read(answer, await buffer(answer));
    answer.destroy();
    return refused;
  } catch (error) {
    return unreachable(url, late.aborted, error as NodeJS.ErrnoException);
  }
}

/** Not by `fetch`, which sends no Host header but its own. Redirects are not followed. */
async function exchange(url: URL, { headers, body, sni }: Post, signal: AbortSignal): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const options = {
    method: 'POST',
    headers: { ...headers(url), 'content-length': Buffer.byteLength(body) },
    agent: false,
    // Node would take the Host header's; without one, certificates are checked against the URL's.
    servername: sni && isIP(url.hostname) === 0 ? url.hostname : '',
    signal,
  } as const;
  const call = request(url, options);
  const answered = once(call, 'response', { signal });
  call.end(body);
  const [answer] = (await answered) as [IncomingMessage];
  return answer;
}

/** What its head tells. The length must be announced, so there is never more to read. */
function refusalOf({ statusCode, headers }: IncomingMessage): Failure | undefined {
  if (statusCode !== 200) return failed(`${statusCode}.`);
  const length = headers['content-length'];
  if (length === undefined) return noLength;
  if (Number(length) <= 0) return badLength;
  return Number(length) > MAX_ANSWER ? tooLong : undefined;
}

/** JSON, or XML that says so: that is passed on unread. */
function read({ headers }: IncomingMessage, bytes: Buffer): CallbackAnswer | Failure {
  if (/^application\/xml\s*(;|$)/i.test(headers['content-type'] ?? '')) return { type: 'application/xml', bytes };
  const text = utf8Text(bytes);
  return text === undefined || jsonFrom(text) === undefined ? notJson : { type: 'application/json', bytes };
}

/** Of what else goes wrong nothing is known: it is told as a server that is not there. */
function unreachable({ host }: URL, late: boolean, { message, code }: NodeJS.ErrnoException): Failure {
  if (late) return failed(`-1.${host} reply timeout, cost:${ANSWER_MS}ms, timeout:${ANSWER_MS}ms (err -4, errno115)`);
  return failed('-1.OSS can not connect to your callbackUrl, please check it.', `${host}: ${message || code}`);
}
