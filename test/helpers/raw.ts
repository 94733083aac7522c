/** Requests byte for byte as a client sends them: no HTTP library has a say. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By name in lower case; of a repeated one the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Status lines of the interim answers before. */
  readonly interim: readonly string[];
}

export interface RawRequest {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body?: string | Buffer;
  /** What the line and the headers are written in: UTF-8, or one byte for each character. */
  readonly encoding?: 'utf8' | 'latin1';
  /** Sends the body only when the server has said 100 Continue. */
  readonly waits?: boolean;
}

/** Sends one request and reads until the server closes the connection. */
export async function raw(
  endpoint: string,
  { line, headers, body = '', encoding = 'utf8', waits = false }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(`${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`, encoding);
  if (!waits) socket.write(body);
  let text = '';
  let waiting = waits;
  for await (const chunk of socket.setEncoding('latin1') as AsyncIterable<string>) {
    text += chunk;
    if (!waiting || !text.startsWith('HTTP/1.1 100 ')) continue;
    waiting = false;
    socket.write(body);
  }
  return read(text, []);
}

function read(text: string, interim: readonly string[]): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const rest = text.slice(end + 4);
  const status = Number(first.split(' ')[1]);
  if (status < 200) return read(rest, [...interim, first]);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status, headers, body: Buffer.from(rest, 'latin1').toString('utf8'), interim };
}
