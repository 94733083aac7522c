/**
 * How fast an upload to OSS could be here at all, `npx tsx bench/floor.ts`: a server that does nothing but what no server of OSS
 * can leave out (the bytes from the socket, MD5, CRC-64, the bytes to a file), against s3rver, which computes no CRC. What it
 * can not reach, nobody can who computes in the thread that reads.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writev } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCRC64, type IHasher } from 'hash-wasm';
import { rate, sizes } from './objects.ts';
import { s3rver } from './peers.ts';
import { median } from './report.ts';
import { spawned } from './server.ts';

const BUCKET = 'bench';
const WRITE_SIZE = 1024 * 1024;
const writeAll = promisify(writev);

/** Prints rates of PUT, and their ratio: the most that could be asked for. */
export async function floor(): Promise<void> {
  const floor = await spawned(['--import', 'tsx', fileURLToPath(import.meta.url), 'serve'], () => {});
  const peer = await s3rver(BUCKET);
  if (peer === undefined) return floor.stop();
  try {
    for (const { name, bytes, rounds, ...amounts } of sizes.slice(1)) {
      const body = randomBytes(bytes);
      for (const connections of [1, 16]) {
        const rates: readonly number[][] = [[], []];
        for (let round = -1; round < rounds; round += 1) {
          for (const [i, server] of [floor, peer].entries()) {
            const amount = connections === 1 ? amounts.one : amounts.many;
            const measured = await rate(server, { method: 'PUT', connections, amount, body, round });
            if (round >= 0) rates[i]?.push((measured * bytes) / WRITE_SIZE);
          }
        }
        const [most = 0, theirs = 0] = rates.map(median);
        const ratio = (most / theirs).toFixed(2);
        console.log(
          `PUT ${name} x ${connections}, MiB/s: floor ${most.toFixed(0)}, s3rver ${theirs.toFixed(0)}, ratio ${ratio}`,
        );
      }
    }
  } finally {
    await Promise.all([floor.stop(), peer.stop()]);
  }
}

/** Requests as `wire.ts` sends them, one after the other on a connection. */
async function serve(socket: Socket, dir: string): Promise<void> {
  let upload: { left: number; file: number; md5: ReturnType<typeof createHash>; crc: IHasher } | undefined;
  let batch: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let bytes = chunk;
    if (upload === undefined) {
      const end = chunk.indexOf('\r\n\r\n');
      const head = chunk.toString('latin1', 0, end);
      const name = encodeURIComponent(head.split(' ')[1] ?? '');
      const left = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      const crc = (idle.pop() ?? (await createCRC64())).init();
      upload = { left, file: openSync(join(dir, name), 'w'), md5: createHash('md5'), crc };
      bytes = chunk.subarray(end + 4);
    }
    upload.left -= bytes.length;
    if (bytes.length > 0) batch.push(bytes);
    const size = batch.reduce((sum, { length }) => sum + length, 0);
    if (size < WRITE_SIZE && upload.left > 0) continue;
    const writing = writeAll(upload.file, batch);
    for (const piece of batch) {
      upload.md5.update(piece);
      upload.crc.update(piece);
    }
    await writing;
    batch = [];
    if (upload.left > 0) continue;
    closeSync(upload.file);
    const { md5, crc } = upload;
    const headers = [`ETag: ${md5.digest('hex')}`, `x-oss-hash-crc64ecma: ${crc.digest()}`, 'Content-Length: 0'];
    socket.write(`HTTP/1.1 200 OK\r\n${headers.join('\r\n')}\r\n\r\n`);
    idle.push(crc);
    upload = undefined;
  }
}

/** Hashers that are not in use: making one instantiates a WebAssembly module. */
const idle: IHasher[] = [];

function listen(): void {
  const dir = mkdtempSync(join(tmpdir(), 'floor-'));
  process.once('SIGTERM', () => {
    rmSync(dir, { recursive: true });
    process.exit(0);
  });
  const server = createServer({ noDelay: true }, (socket) => void serve(socket, dir).catch(() => socket.destroy()));
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'serve') listen();
  else await floor();
}
