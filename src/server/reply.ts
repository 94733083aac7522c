/** The only place that writes answers. Actions return values; this turns them into HTTP. */
import type { FileHandle } from 'node:fs/promises';
import type Koa from 'koa';
import type { OssError } from '../store/errors.ts';
import { toHeader } from './wire.ts';
import { writeXml, type Xml } from './xml.ts';

export type Body =
  | { readonly xml: readonly [root: string, content: Xml | string] }
  /** `text` is written as it is: some answers are matched by clients to the letter. */
  | { readonly json: string; readonly type?: 'application/json' | 'application/json;charset=utf-8' }
  /** Part of an open file, ends inclusive; the handle is closed when the answer is out. Content-Type is the action's. */
  | { readonly handle: FileHandle; readonly start: number; readonly end: number };

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: Body;
}

/** Large reads: fewer trips through the thread pool. */
const READ_SIZE = 256 * 1024;

/** Writes a reply. Names and values go out as OSS sends them: no charset is ever added to a Content-Type (rule W2). */
export function send(ctx: Koa.Context, reply: Reply): void {
  ctx.status = reply.status;
  const { body } = reply;
  if (body === undefined) {
    ctx.body = '';
    ctx.remove('Content-Type');
  } else if ('xml' in body) {
    ctx.body = Buffer.from(writeXml(...body.xml));
    ctx.set('Content-Type', 'application/xml');
  } else if ('json' in body) {
    ctx.body = Buffer.from(body.json);
    ctx.set('Content-Type', body.type ?? 'application/json');
  } else if (body.end < body.start) {
    void body.handle.close();
    ctx.body = '';
  } else {
    ctx.body = body.handle.createReadStream({ start: body.start, end: body.end, highWaterMark: READ_SIZE });
    ctx.length = body.end - body.start + 1;
  }
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    if (value !== undefined) ctx.set(name, toHeader(String(value)));
  }
}

/** An error as OSS answers it; for HEAD the document goes into a header (rest-core.md §2). */
export function sendError(ctx: Koa.Context, error: OssError, requestId: string, host: string): void {
  const { ec } = error;
  const content: Xml = [
    ['Code', error.code],
    ['Message', error.message],
    ['RequestId', requestId],
    ['HostId', host],
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
  send(ctx, { status: error.status, headers, ...(head ? {} : { body: { xml: ['Error', content] } }) });
}
