/**
 * Bytes of an open file on their way to a client. A stream of Node's takes fresh memory for every read, and making that
 * costs more than the reading: here each answer reads into two buffers by turns, which go on to the next answer.
 */
import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Span } from './conditions.ts';

/** Text, or part of a file. */
export type Piece = Buffer | Span;

/** Parts of an open file, ends inclusive, with or without text between them. The handle is closed when the answer is out. */
export interface FileBody {
  readonly handle: FileHandle;
  readonly pieces: readonly Piece[];
}

/** Large reads: each is a trip through the thread pool, and one for an object of 1 MiB is twice as fast as four. */
const READ_SIZE = 1024 * 1024;

/** Buffers that wait for the next answer: enough for eight at once, beyond which memory counts for more than speed. */
const MOST_IDLE = 16;
const idle: Buffer[] = [];

/** How many bytes there are. */
export const lengthOf = ({ pieces }: FileBody): number =>
  pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : sizeOf(piece)), 0);

const sizeOf = ({ start, end }: Span): number => end - start + 1;

/** All of a body of which there is little. @throws Error when the file is shorter than it should be */
export async function readAll({ handle, pieces }: FileBody): Promise<Buffer> {
  const read = pieces.map((piece) =>
    Buffer.isBuffer(piece) ? piece : fill(handle, Buffer.allocUnsafe(sizeOf(piece)), piece),
  );
  const [first = Buffer.alloc(0), ...rest] = await Promise.all(read);
  return rest.length === 0 ? first : Buffer.concat([first, ...rest]);
}

/**
 * The bytes in order, while the next are being read. What is given is good until more is asked for: then its memory is
 * written over.
 * @throws Error when the file is shorter than it should be
 */
export async function* bytesOf({ handle, pieces }: FileBody): AsyncGenerator<Buffer> {
  const steps = stepsOf(pieces);
  const buffers: Buffer[] = [];
  /** Reads the next step into the buffer that the one before is not in. */
  function next(): Promise<Buffer> | undefined {
    const { value: step } = steps.next();
    if (step === undefined) return undefined;
    if (Buffer.isBuffer(step)) return Promise.resolve(step);
    const buffer =
      (buffers.length < 2 ? undefined : buffers.shift()) ?? idle.pop() ?? Buffer.allocUnsafeSlow(READ_SIZE);
    buffers.push(buffer);
    const reading = fill(handle, buffer, step);
    // Whoever leaves meanwhile does not hear of it.
    reading.catch(() => {});
    return reading;
  }
  let ahead = next();
  try {
    while (ahead !== undefined) {
      const bytes = await ahead;
      ahead = next();
      yield bytes;
    }
  } finally {
    await ahead?.catch(() => {});
    idle.push(...buffers.slice(0, MOST_IDLE - idle.length));
  }
}

/** Pieces, with those of the file cut to what a buffer holds. */
function* stepsOf(pieces: readonly Piece[]): Generator<Piece, undefined> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else
      for (let start = piece.start; start <= piece.end; start += READ_SIZE)
        yield { start, end: Math.min(start + READ_SIZE - 1, piece.end) };
  }
  return undefined;
}

async function fill(handle: FileHandle, buffer: Buffer, { start, end }: Span): Promise<Buffer> {
  const size = end - start + 1;
  for (let done = 0; done < size; ) {
    const { bytesRead } = await handle.read(buffer, done, size - done, start + done);
    if (bytesRead === 0) throw new Error('a blob is shorter than its row says');
    done += bytesRead;
  }
  return buffer.subarray(0, size);
}

/** Sends a body, and ends the answer; cuts it off where the file ends too early. It is over when the client leaves, too. */
export async function sendFile(res: ServerResponse, body: FileBody): Promise<void> {
  try {
    for await (const bytes of bytesOf(body)) await written(res, bytes);
    res.end();
  } catch {
    res.destroy();
  }
}

/** Resolves when the bytes are with the system, and no longer needed here. @throws Error when the client left */
export function written(res: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = () => reject(new Error('the client left'));
    if (res.req.socket.destroyed) return left();
    // Node keeps the bytes of an answer that waits behind another on its connection, and never calls back when that is cut.
    res.once('close', left);
    res.write(bytes, (error) => {
      res.off('close', left);
      if (error) reject(error);
      else resolve();
    });
  });
}
