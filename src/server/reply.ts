/** The only place that writes answers, but for the bytes of large files. Actions return values; this turns them into HTTP. */
import { Readable } from 'node:stream';
import type Koa from 'koa';
import type { OssError } from '../store/errors.ts';
import { type FileBody, lengthOf, readAll } from './file-body.ts';
import { isPlain, toHeader } from './wire.ts';
import { writeXml, type Xml } from './xml.ts';

export type Body =
  | { readonly xml: readonly [root: string, content: Xml | string] }
  /** `text` is written as it is: some answers are matched by clients to the letter. */
  | { readonly json: string; readonly type?: 'application/json' | 'application/json;charset=utf-8' }
  /** Content-Type is the action's. */
  | { readonly bytes: Buffer }
  /** What goes on until the client leaves. Content-Type is the action's. */
  | { readonly stream: Readable }
  /** Content-Type is the action's. */
  | FileBody;

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Body;
}

/** Bytes that are read before the answer begins and leave with its headers: anything else would cost more than they do. */
const SMALL = 64 * 1024;

/**
 * Sends a reply.
 * @returns what is still to be sent of a file, with `sendFile`, once all is said about the answer
 * @throws Error when a blob is shorter than its row says; nothing of the answer is set then
 */
export async function send(ctx: Koa.Context, reply: Reply): Promise<FileBody | undefined> {
  const { body } = reply;
  if (body === undefined || !('handle' in body)) {
    write(ctx, reply);
    return undefined;
  }
  const { handle } = body;
  const length = lengthOf(body);
  // Of the connection: an answer that waits behind another is not told so again.
  const isGone = ctx.req.socket.destroyed;
  if (length > SMALL && !isGone) {
    ctx.res.once('close', () => void handle.close());
    write(ctx, reply);
    ctx.length = length;
    return body;
  }
  // Where nobody is left to send it to, nothing is read.
  const bytes = await (isGone ? Promise.resolve(Buffer.alloc(0)) : readAll(body)).finally(() => handle.close());
  write(ctx, { ...reply, body: { bytes } });
  return undefined;
}

/**
 * Writes a reply, of a file the headers alone. Names and values go out as OSS sends them: no charset is ever added to a
 * Content-Type (rule W2).
 */
function write(ctx: Koa.Context, { status, headers = {}, body }: Reply): void {
  ctx.status = status;
  // Before the length: Node writes a Content-Disposition that follows it as if it were Unicode, and breaks its bytes.
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) ctx.set(name, toHeader(String(value)));
  }
  if (body === undefined) sendNothing(ctx, headers);
  else if ('xml' in body) sendText(ctx, writeXml(...body.xml), 'application/xml');
  else if ('json' in body) sendText(ctx, body.json, body.type ?? 'application/json');
  else if ('bytes' in body) sendBytes(ctx, body.bytes, headers);
  else if ('stream' in body) ctx.body = body.stream;
}

/**
 * Node knows the length when an answer is one buffer, and then writes a Content-Disposition as if it were Unicode; from a
 * stream it does not.
 */
function sendBytes(ctx: Koa.Context, bytes: Buffer, headers: NonNullable<Reply['headers']>): void {
  if (isPlain(String(headers['Content-Disposition'] ?? ''))) {
    ctx.body = bytes;
    return;
  }
  ctx.body = Readable.from([bytes], { objectMode: false });
  ctx.length = bytes.length;
}

function sendText(ctx: Koa.Context, text: string, type: string): void {
  ctx.body = Buffer.from(text);
  ctx.set('Content-Type', type);
}

/** Koa would give an empty body a type, and a HEAD the length 0. */
function sendNothing(ctx: Koa.Context, headers: NonNullable<Reply['headers']>): void {
  if (ctx.method !== 'HEAD') ctx.body = '';
  else if (headers['Content-Length'] === undefined) ctx.length = 0;
  if (headers['Content-Type'] === undefined) ctx.remove('Content-Type');
}

/** What an error document says. Its code need not be one of the catalogue. */
export interface Refusal extends Pick<OssError, 'status' | 'message' | 'ec' | 'elements' | 'headers'> {
  readonly code: string;
}

/** An error as OSS answers it; for HEAD the document goes into a header (rest-core.md §2). */
export function sendError(ctx: Koa.Context, error: Refusal, requestId: string, host: string): void {
  const { ec } = error;
  const content: Xml = [
    ['Code', error.code],
    ['Message', error.message],
    ['RequestId', requestId],
    ['HostId', host],
    // The error may come from where methods are not known.
    ['Method', error.code === 'MethodNotAllowed' ? ctx.method : undefined],
    ...Object.entries(error.elements),
    ['EC', ec],
    ['RecommendDoc', ec === undefined ? undefined : `https://api.aliyun.com/troubleshoot?q=${ec}`],
  ];
  const head = ctx.method === 'HEAD';
  const headers = {
    ...error.headers,
    'x-oss-server-time': 0,
    'x-oss-ec': ec,
    'x-oss-err': head ? Buffer.from(writeXml('Error', content)).toString('base64') : undefined,
  };
  write(ctx, { status: error.status, headers, ...(head ? {} : { body: { xml: ['Error', content] } }) });
}
