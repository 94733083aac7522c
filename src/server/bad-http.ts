/** What is no HTTP never becomes a request, and what ends early gets no further: both are answered here, as errors of OSS. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { OssError } from '../store/errors.ts';
import { requestId } from './exchange.ts';
import { httpTime } from './wire.ts';
import { writeXml } from './xml.ts';

/** Answers in the server's place where its parser gives up. */
export function refuseBadHttp(server: Server): void {
  const latest = new WeakMap<Duplex, IncomingMessage>();
  server.on('request', (req) => latest.set(req.socket, req));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const req = latest.get(socket);
    socket.end(answerTo(refusalOf(error, req), req?.headers.host ?? ''));
  });
}

function refusalOf({ code }: NodeJS.ErrnoException, req: IncomingMessage | undefined): OssError {
  // The client has sent its last byte, and still listens.
  if (code === 'HPE_INVALID_EOF_STATE' && req?.complete === false) return new OssError('IncompleteBody');
  const message = code === 'HPE_HEADER_OVERFLOW' ? 'The request header is too large.' : 'The request is not HTTP.';
  return new OssError('BadRequest', { message });
}

function answerTo({ code, message }: OssError, host: string): string {
  const id = requestId();
  const body = writeXml('Error', [
    ['Code', code],
    ['Message', message],
    ['RequestId', id],
    ['HostId', host],
  ]);
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Server: AliyunOSS',
    `x-oss-request-id: ${id}`,
    'x-oss-server-time: 0',
    `Date: ${httpTime(new Date())}`,
    'Connection: close',
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
