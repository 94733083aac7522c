/**
 * Posts callbacks to the addresses that clients name, private ones and loopback included: that is what OSS does for its
 * clients, and where an emulator's users run their servers. The setting `callbacks` switches it off.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { fail } from '../../store/errors.ts';
import { jsonFrom } from '../json.ts';

/** A server has this long to answer, as with OSS; there is no second attempt. */
const ANSWER_MS = 5_000;

/** Largest answer; one of OSS's pages says 1 MB (rest-core.md §1.5). */
const MAX_ANSWER = 3 * 1024 * 1024;

export interface Post {
  readonly urls: readonly URL[];
  /** Headers of the request to one of them. */
  headers(url: URL): Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

type Failure = { readonly message: string; readonly ec: string };

const notJson: Failure = { message: 'Response body is not valid json format.', ec: '0007-00000205' };

/** Tries the URLs in order. @returns the first good answer: JSON, as it came. @throws CallbackFailed for the last one's sake */
export async function post(
  { urls, headers, body, signal }: Post,
  replied: Readonly<Record<string, string>>,
): Promise<string> {
  let failure: Failure = notJson;
  for (const url of urls) {
    const answer = await postTo(url, headers(url), body, signal);
    if (typeof answer === 'string') return answer;
    failure = answer;
    signal.throwIfAborted();
  }
  return fail('CallbackFailed', { ...failure, headers: replied });
}

async function postTo(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  closing: AbortSignal,
): Promise<string | Failure> {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await exchange(url, headers, body, AbortSignal.any([closing, late]));
    if (answer.statusCode !== 200) {
      answer.destroy();
      return { message: `Error status : ${answer.statusCode}.`, ec: '0007-00000203' };
    }
    const text = await boundedText(answer);
    return text === undefined || jsonFrom(text) === undefined ? notJson : text;
  } catch {
    return unreachable(url, late.aborted);
  }
}

/** Not by `fetch`, which sends no Host header but its own. Redirects are not followed. */
async function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const length = Buffer.byteLength(body);
  const call = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': length },
    agent: false,
    signal,
  });
  const answered = once(call, 'response', { signal });
  call.end(body);
  const [answer] = (await answered) as [IncomingMessage];
  return answer;
}

/** @returns `undefined` when the answer is too long */
async function boundedText(answer: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** OSS's words for a server that does not answer in time are known from its pages; those for one that is not there are assumed. */
function unreachable(url: URL, late: boolean): Failure {
  const what = late
    ? `reply timeout, cost:${ANSWER_MS}ms, timeout:${ANSWER_MS}ms (err -4, errno115)`
    : 'connect failed (err -1, errno111)';
  return { message: `Error status : -1.${url.host} ${what}`, ec: '0007-00000203' };
}
