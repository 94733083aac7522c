/** The commands' way to a running server: its control API, and signed requests of OSS. The only one there is. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequestArgs, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { signV1, stringToSignV1 } from '../auth/v1.ts';
import { jsonFrom } from '../json.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { httpTime, toHeader, urlEncode, urlEncodeAll } from '../wire.ts';
import { CommandFailed } from './failure.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Request {
  readonly method: string;
  /** Percent-encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | { readonly file: string };
}

async function send(endpoint: string, { method, path, headers = {}, body }: Request): Promise<Answer> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CommandFailed(`--endpoint must be an http or https URL, not ${endpoint}`, 2);
  const length =
    body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : (await stat(body.file)).size;
  const options: ClientRequestArgs = {
    method,
    path,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': length }) },
  };
  const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  // Who is refused early may still be sending: the answer counts, not the broken pipe.
  if (typeof body === 'object')
    pipeline(createReadStream(body.file), outgoing).catch((error: Error) => outgoing.destroy(error));
  else outgoing.end(body);
  try {
    const message = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: message.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ECONNREFUSED' ? 'nothing listens there; `ossite start` starts a server' : message || code;
    throw new CommandFailed(`no server answers at ${endpoint}: ${why}`);
  }
}

/**
 * One request of the control API.
 * @param path below `/_ossite/`
 * @param accept statuses beside 200 that are no failure
 * @throws CommandFailed with what the server says
 */
export async function control(
  endpoint: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  accept: readonly number[] = [],
): Promise<{ readonly status: number; readonly json: unknown }> {
  const { status, text } = await send(endpoint, {
    method,
    path: `/_ossite/${path}`,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const json = jsonFrom(text);
  if (status === 200 || accept.includes(status)) return { status, json };
  const { error } = (json ?? {}) as { readonly error?: { readonly code?: string; readonly message?: string } };
  throw new CommandFailed(
    error === undefined
      ? `${endpoint} answers ${status} to /_ossite/${path}: is that an Ossite server?`
      : `${error.code}: ${error.message}`,
  );
}

/** A PUT of OSS. */
export interface Put {
  readonly bucket: string;
  readonly key?: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Request['body'];
}

/**
 * Sends a PUT, signed with V1.
 * @throws CommandFailed with OSS's code and message
 */
export async function putSigned(endpoint: string, { id, secret }: AccessKey, put: Put): Promise<void> {
  const { bucket, key = '', query = [], body } = put;
  const headers: Readonly<Record<string, string>> = { ...put.headers, date: httpTime(new Date()) };
  const signed = {
    ...{ method: 'PUT', bucket, key, pairs: query },
    header: (name: string) => headers[name],
    headersStarting: (prefix: string) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
        ),
      ),
  };
  const signature = signV1(stringToSignV1(signed, headers.date ?? ''), secret);
  const pairs = query.map(([name, value]) => (value === '' ? name : `${name}=${urlEncodeAll(value)}`));
  const { status, text } = await send(endpoint, {
    method: 'PUT',
    path: `/${bucket}/${urlEncode(key)}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`,
    headers: Object.fromEntries(
      Object.entries({ ...headers, authorization: `OSS ${id}:${signature}` }).map(([name, value]) => [
        name,
        toHeader(value),
      ]),
    ),
    ...(body === undefined ? {} : { body }),
  });
  if (status === 200) return;
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  throw new CommandFailed(`${element('Code') ?? status}: ${element('Message') ?? text}`);
}
