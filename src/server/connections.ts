/** Lets a server's connections end when it closes. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests in flight get this long to end. */
const GRACE_MS = 10_000;

/** How often connections whose request has ended are closed then. */
const TIDY_MS = 20;

/** @returns what stops listening, lets requests end (10 s at most) and resolves when all connections are closed */
export function closerOf(server: Server): () => Promise<void> {
  // Clients open connections in advance; to Node these are not idle.
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));

  function tidy(): void {
    for (const socket of unused) socket.destroy();
    // Those that were busy a moment ago would stay open for their next request.
    server.closeIdleConnections();
  }

  return async () => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    const tidying = setInterval(tidy, TIDY_MS);
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    tidy();
    await closed;
    clearInterval(tidying);
    clearTimeout(grace);
  };
}
