/** Large answers read into memory that is used again: each client gets its own bytes, however many there are and whoever leaves. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, vi } from 'vitest';
import { type OwnServer, ownServer } from '../helpers/own-server.ts';

const B = 'files';
const KIB = 1024;
const MIB = 1024 * KIB;
/** Below, at and beyond what is read at once. */
const SIZES = [64 * KIB + 1, MIB - 1, MIB, MIB + 1, 2 * MIB + 10, 5 * MIB + 12_345];
const objects = SIZES.map((size) => randomBytes(size));
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let server: OwnServer;
beforeAll(async () => {
  server = await ownServer({ buckets: [B] });
  for (const [i, bytes] of objects.entries()) await server.put(B, String(i), bytes);
});

const fetched = (i: number) =>
  new Promise<IncomingMessage>((resolve, reject) =>
    get(`${server.ossite.endpoint}/${B}/${i}`, { agent: false }, resolve).on('error', reject),
  );

/** Reads an answer, with a pause before each piece where it is slow. */
async function read(i: number, isSlow: boolean): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await fetched(i)) as AsyncIterable<Buffer>) {
    if (isSlow) await sleep(1);
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Reads a little, and leaves. */
async function leave(i: number): Promise<void> {
  const answer = await fetched(i);
  await new Promise((resolve) => answer.once('data', resolve));
  answer.destroy();
}

/** Blobs that this process has open. */
const openBlobs = () =>
  readdirSync('/proc/self/fd')
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    })
    .filter((path) => path.includes('/blobs/')).length;

it('fast, slow and leaving clients side by side get what they asked for, and no file stays open', async () => {
  const rounds = Array.from({ length: 6 }, (_, round) => objects.map((bytes, i) => ({ i, bytes, round }))).flat();
  const reading = rounds.map(async ({ i, bytes, round }) => {
    if (round === 5) return leave(i);
    expect(await read(i, round % 2 === 0)).toBe(digest(bytes));
  });
  await Promise.all(reading);
  await vi.waitFor(() => expect(openBlobs()).toBe(0));
});

it('several asked for at once on one connection come one after the other', async () => {
  const { hostname, port, host } = new URL(server.ossite.endpoint);
  const socket = connect(Number(port), hostname);
  const order = [5, 0, 4, 5, 3];
  for (const [n, i] of order.entries()) {
    const last = n === order.length - 1 ? 'Connection: close\r\n' : '';
    socket.write(`GET /${B}/${i} HTTP/1.1\r\nHost: ${host}\r\n${last}\r\n`);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  let rest = Buffer.concat(chunks);
  for (const i of order) {
    const bytes = objects[i] as Buffer;
    const at = rest.indexOf('\r\n\r\n') + 4;
    expect(digest(rest.subarray(at, at + bytes.length))).toBe(digest(bytes));
    rest = rest.subarray(at + bytes.length);
  }
  expect(rest).toHaveLength(0);
});

it('a client that leaves with answers still to come leaves no file open', async () => {
  const { hostname, port, host } = new URL(server.ossite.endpoint);
  const socket = connect(Number(port), hostname);
  for (const i of [5, 5, 5]) socket.write(`GET /${B}/${i} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  await vi.waitFor(() => expect(openBlobs()).toBe(0));
});

it('ranges with text between them, longer than what is read at once', async () => {
  const range = `bytes=0-${MIB + 4},10-12,${2 * MIB}-${5 * MIB}`;
  const { bytes, headers } = await server.get(B, '5', {}, { range, 'x-oss-multi-range-behavior': 'multi-range' });
  const whole = objects[5] as Buffer;
  expect(headers['content-length']).toBe(String(bytes.length));
  let rest = bytes;
  for (const [start, end] of [
    [0, MIB + 4],
    [10, 12],
    [2 * MIB, 5 * MIB],
  ] as const) {
    const at = rest.indexOf('\r\n\r\n') + 4;
    const length = end - start + 1;
    expect(rest.toString('latin1', 0, at)).toContain(`Content-Range: bytes ${start}-${end}/${whole.length}\r\n`);
    expect(digest(rest.subarray(at, at + length))).toBe(digest(whole.subarray(start, end + 1)));
    rest = rest.subarray(at + length);
  }
});
