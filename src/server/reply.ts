/** The only place that writes answers. Actions return values; this turns them into HTTP. */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type Koa from 'koa';
import type { OssError } from '../store/errors.ts';
import type { Span } from './conditions.ts';
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
  /** Part of an open file, ends inclusive; the handle is closed when the answer is out. Content-Type is the action's. */
  | { readonly handle: FileHandle; readonly start: number; readonly end: number }
  /** Several parts of an open file with text between them; the handle is closed when the answer is out. */
  | { readonly handle: FileHandle; readonly pieces: readonly Piece[] };

/** Text, or part of a file. */
export type Piece = Buffer | Span;

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Body;
}

/** Large reads: each is a trip through the thread pool, and one for an object of 1 MiB is twice as fast as four. */
const READ_SIZE = 1024 * 1024;

/** Bytes that are read before the answer begins and leave with its headers: a stream would cost more than they do. */
const SMALL = 64 * 1024;

/**
 * Sends a reply.
 * @throws Error when a blob is shorter than its row says; nothing of the answer is set then
 */
export async function send(ctx: Koa.Context, reply: Reply): Promise<void> {
  const { body } = reply;
  const isSmall = body !== undefined && 'handle' in body && 'end' in body && body.end - body.start < SMALL;
  if (!isSmall || body.end < body.start || ctx.res.destroyed) return write(ctx, reply);
  const bytes = await readWhole(body).finally(() => body.handle.close());
  write(ctx, { ...reply, body: { bytes } });
}

async function readWhole({ handle, start, end }: Span & { readonly handle: FileHandle }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readSpan(handle, { start, end })) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** Writes a reply. Names and values go out as OSS sends them: no charset is ever added to a Content-Type (rule W2). */
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
  else if ('pieces' in body) sendPieces(ctx, body);
  else if (body.end < body.start || ctx.res.destroyed) {
    // Nothing to send, or nobody to send it to.
    void body.handle.close();
    sendNothing(ctx, headers);
  } else {
    ctx.body = body.handle.createReadStream({ start: body.start, end: body.end, highWaterMark: READ_SIZE });
    ctx.length = body.end - body.start + 1;
  }
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

function sendPieces(ctx: Koa.Context, { handle, pieces }: Extract<Body, { readonly pieces: unknown }>): void {
  if (ctx.res.destroyed) return void handle.close();
  const stream = Readable.from(readPieces(handle, pieces), { objectMode: false, highWaterMark: READ_SIZE });
  stream.once('close', () => void handle.close());
  ctx.body = stream;
  ctx.length = pieces.reduce(
    (sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.end - piece.start + 1),
    0,
  );
}

/** By hand: a stream for each piece would leave its listeners on the handle. */
async function* readSpan(handle: FileHandle, { start, end }: Span): AsyncGenerator<Buffer> {
  for (let at = start; at <= end; ) {
    const size = Math.min(READ_SIZE, end - at + 1);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, at);
    if (bytesRead === 0) throw new Error('a blob is shorter than its row says');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* readPieces(handle: FileHandle, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* readSpan(handle, piece);
  }
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
