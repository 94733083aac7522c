/**
 * As little of an HTTP client as can load a server: Node's own takes more of a processor than the servers do, so that two of
 * different speed look alike. It knows answers with a Content-Length, and empty ones.
 */
import { connect } from 'node:net';

export interface Wire {
  /** Sends a request and waits for the whole answer, which is dropped. @throws Error when its status is not 200 */
  send(method: 'GET' | 'PUT', path: string, body?: Buffer): Promise<void>;
  end(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Bytes are read here by all connections, and never looked at again. */
const shared = Buffer.allocUnsafe(1024 * 1024);

/** Opens a connection that is kept. */
export function openWire(endpoint: string): Wire {
  const { hostname, port, host } = new URL(endpoint);
  let head: Buffer = Buffer.alloc(0);
  /** Bytes that are still to come; `undefined` while the head is read. */
  let left: number | undefined;
  let waiting: Waiting | undefined;

  function finish(error?: Error): void {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (error === undefined) resolve?.();
    else reject?.(error);
  }

  function read(bytes: Buffer): void {
    if (left !== undefined) left -= bytes.length;
    else {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      const text = head.toString('latin1', 0, end);
      if (!text.startsWith('HTTP/1.1 200 ')) return void socket.destroy(new Error(text));
      left = bodyLength(text) - (head.length - end - HEAD_END.length);
    }
    if (left > 0) return;
    left = undefined;
    head = Buffer.alloc(0);
    finish();
  }

  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: shared,
      callback(size, bytes) {
        read(Buffer.from(bytes.buffer, bytes.byteOffset, size));
        return true;
      },
    },
  });
  socket.on('error', finish).on('close', () => finish(new Error('the connection was closed')));

  return {
    send(method, path, body) {
      if (socket.destroyed) return Promise.reject(new Error('the connection was closed'));
      const length = body === undefined ? '' : `Content-Length: ${body.length}\r\n`;
      socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${length}\r\n`);
      if (body !== undefined) socket.write(body);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    end: () => void socket.destroy(),
  };
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** An empty answer may be said to come in pieces: then it is the end of them alone. */
function bodyLength(head: string): number {
  const [, length] = /^content-length: (\d+)/im.exec(head) ?? [];
  if (length !== undefined) return Number(length);
  return /^transfer-encoding: chunked/im.test(head) ? '0\r\n\r\n'.length : 0;
}
