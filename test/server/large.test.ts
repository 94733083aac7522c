/** Objects as large as a single PUT may make them: streamed in constant memory, both ways (rest-core.md §6). */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createCRC64 } from 'hash-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startProcess } from '../helpers/process.ts';

const SIZE = 5 * 1024 ** 3;
const BLOCK = 4 * 1024 * 1024;
/** Megabytes that the server may have resident. */
const MOST_RESIDENT = 150;

/** What both sides say of the bytes. */
async function digester() {
  const crc = (await createCRC64()).init();
  const md5 = createHash('md5');
  return {
    update(chunk: Uint8Array) {
      md5.update(chunk);
      crc.update(chunk);
    },
    digests: () => ({
      etag: `"${md5.digest('hex').toUpperCase()}"`,
      'x-oss-hash-crc64ecma': BigInt(`0x${crc.digest('hex')}`).toString(),
    }),
  };
}

/** Bytes of which no two blocks are alike. */
function* blocks(): Generator<Buffer> {
  const noise = randomBytes(BLOCK);
  for (let at = 0; at < SIZE; at += BLOCK) {
    const block = Buffer.from(noise);
    block.writeDoubleLE(at);
    yield block;
  }
}

/** Sends a request. @returns the answer, its body unread */
function send(url: string, method: 'GET' | 'PUT', headers: Record<string, string>, body?: Readable) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const req = request(url, { method, headers }, resolve).on('error', reject);
    if (body === undefined) req.end();
    else body.on('error', reject).pipe(req);
  });
}

// Linux tells how much of a process is, and at most was, in memory.
describe.runIf(process.env.OSSITE_LONG && existsSync('/proc/self/status'))('an object of 5 GB', () => {
  const root = mkdtempSync(join(tmpdir(), 'ossite-large-'));
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startProcess(join(root, 'data'), [], { what: 'built' });
    await server.ensureBucket('large');
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  const resident = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024;

  /** The most that was resident while something was done, megabytes. */
  async function peakOf(work: () => Promise<void>): Promise<number> {
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, resident());
    }, 20);
    await work().finally(() => clearInterval(watch));
    return peak;
  }

  it('goes in and comes out with the right digests, in constant memory', { timeout: 900_000 }, async () => {
    const url = `${server.endpoint}/large/object`;
    const sent = await digester();
    let digests: ReturnType<typeof sent.digests> | undefined;
    const writing = await peakOf(async () => {
      const body = function* () {
        for (const block of blocks()) {
          sent.update(block);
          yield block;
        }
      };
      const answer = await send(
        url,
        'PUT',
        { 'content-length': String(SIZE) },
        Readable.from(body(), { highWaterMark: 2 }),
      );
      for await (const chunk of answer) throw new Error(String(chunk));
      digests = sent.digests();
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject(digests);
    });
    const received = await digester();
    let size = 0;
    const reading = await peakOf(async () => {
      const answer = await send(url, 'GET', {});
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({ ...digests, 'content-length': String(SIZE) });
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        received.update(chunk);
        size += chunk.length;
      }
    });
    expect(size).toBe(SIZE);
    expect(received.digests()).toEqual(digests);
    expect(writing).toBeGreaterThan(0);
    expect(Math.max(writing, reading)).toBeLessThan(MOST_RESIDENT);
  });
});
