/** What a fault does to an answer: a wrong checksum, half a body. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { bytesOf, type FileBody, written } from '../file-body.ts';
import type { Fault } from './index.ts';

/** Whether a fault leaves the answer's body half sent. */
export const cutsBody = ({ rule }: Fault): boolean => rule.truncateAfter !== undefined || rule.stallAfter !== undefined;

/** Whether the client hears nothing of what was done. */
export const losesAnswer = ({ rule }: Fault): boolean => rule.reset === true && rule.truncateAfter === 0;

/** Makes the checksum in an answer's headers wrong; one that has none stays as it is. */
export function spoilChecksum(res: ServerResponse, { rule }: Fault): void {
  const right = res.getHeader(CHECKSUM);
  if (rule.corruptCrc && typeof right === 'string')
    res.setHeader(CHECKSUM, String(BigInt.asUintN(64, BigInt(right) + 1n)));
}

const CHECKSUM = 'x-oss-hash-crc64ecma';

/**
 * Sends headers and the first bytes of the body, then cuts the connection or sends nothing more.
 * @param body a FileBody, or what Koa would send
 */
export async function sendPart(res: ServerResponse, body: unknown, { rule, over }: Fault): Promise<void> {
  const { socket } = res.req;
  const left = new Promise<void>((done) => res.once('close', done));
  let room = rule.truncateAfter ?? rule.stallAfter ?? 0;
  try {
    res.flushHeaders();
    for await (const piece of piecesOf(body)) {
      const part = piece.subarray(0, room);
      room -= part.length;
      await written(res, part);
      if (room === 0) break;
    }
    if (room > 0) return void res.end();
    if (rule.stallAfter !== undefined && !over.aborted) await Promise.race([left, once(over, 'abort')]);
  } finally {
    if (room === 0) {
      if (rule.reset) socket.resetAndDestroy();
      else socket.destroySoon();
    }
  }
}

async function* piecesOf(body: unknown): AsyncGenerator<Buffer> {
  if (isFile(body)) yield* bytesOf(body);
  else if (body instanceof Readable) yield* body as AsyncIterable<Buffer>;
  else if (Buffer.isBuffer(body)) yield body;
  else if (typeof body === 'string' && body !== '') yield Buffer.from(body);
}

const isFile = (body: unknown): body is FileBody => typeof body === 'object' && body !== null && 'handle' in body;
