/** A webhook, as a user of `--notify` has one. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The envelope, with its `content` read as well. */
  readonly body: Readonly<Record<string, unknown>> & { readonly content: Readonly<Record<string, unknown>> };
}

/** What to answer: a status, `hang`, or a redirect to an address. */
export type Response = number | 'hang' | { readonly location: string };

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Resolves when so many messages have come in. */
  got(count: number): Promise<void>;
  close(): Promise<void>;
}

/** @param answer to each attempt; 204 when absent */
export async function startReceiver(answer: (received: Received) => Response = () => 204, port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const arrivals = new EventTarget();
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = JSON.parse(text) as { content: string };
    const content = JSON.parse(body.content) as Record<string, unknown>;
    const one: Received = { path: req.url ?? '', headers: req.headers, text, body: { ...body, content } };
    received.push(one);
    arrivals.dispatchEvent(new Event('arrival'));
    const response = answer(one);
    if (response === 'hang') return;
    if (typeof response === 'number') res.writeHead(response).end();
    else res.writeHead(302, response).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async got(count) {
      while (received.length < count) await once(arrivals, 'arrival', { signal: AbortSignal.timeout(30_000) });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
