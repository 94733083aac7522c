/** A server that OSS calls back, as an application has one. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Called {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: a JSON text with status 200, something else, bytes that HTTP need not know, or nothing at all. */
export type CallbackAnswer =
  | string
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly raw: string; readonly after: 'end' | 'resetAndDestroy' | 'hang' }
  | 'hang';

export interface CallbackServer {
  /** `127.0.0.1:49152` */
  readonly host: string;
  readonly calls: Called[];
  /** To the next calls. */
  answer: CallbackAnswer;
  close(): Promise<void>;
}

export async function startCallbackServer(): Promise<CallbackServer> {
  const calls: Called[] = [];
  const server = createServer(async (req, res) => {
    calls.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body: await text(req) });
    if (self.answer === 'hang') return;
    if (typeof self.answer === 'object' && 'raw' in self.answer) {
      const { raw, after } = self.answer;
      req.socket.write(raw, 'latin1', () => after !== 'hang' && req.socket[after]());
      return;
    }
    const {
      status,
      body = '',
      headers = {},
    } = typeof self.answer === 'string' ? { status: 200, body: self.answer } : self.answer;
    res.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: CallbackServer = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: '{}',
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return self;
}

/** A callback configuration that is complete, with changes. */
export const callbackTo = (server: CallbackServer, more: Readonly<Record<string, unknown>> = {}) => ({
  callbackUrl: `http://${server.host}/done`,
  callbackBody: `bucket=\${bucket}&object=\${object}`,
  ...more,
});

/** JSON as Base64, as requests carry it. */
export const base64Json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** The headers that ask for a callback; a text is taken as it is. */
export const callbackHeaders = (callback: unknown, vars?: unknown): Readonly<Record<string, string>> => ({
  'x-oss-callback': typeof callback === 'string' ? callback : base64Json(callback),
  ...(vars === undefined ? {} : { 'x-oss-callback-var': typeof vars === 'string' ? vars : base64Json(vars) }),
});
