/**
 * PUT and GET of small, middling and large objects over one connection and over many, `npx tsx bench/objects.ts`: against
 * a bare Node file server that streams to and from disk with an MD5, and against s3rver, in the same run and in turns.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { s3rver } from './peers.ts';
import { median } from './report.ts';
import { type Bench, bare, ossite } from './server.ts';
import { openWire } from './wire.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const BUCKET = 'bench';

/** Requests of a round for one connection and for all of many: long enough to be measured, short enough to take turns. */
export const sizes = [
  { name: '1 KiB', bytes: KIB, one: 1500, many: 4000, rounds: 7, target: 0.4 },
  { name: '1 MiB', bytes: MIB, one: 120, many: 240, rounds: 5, target: 0.7 },
  { name: '100 MiB', bytes: 100 * MIB, one: 4, many: 16, rounds: 3, target: 0.7 },
] as const;
const CONNECTIONS = [1, 16] as const;
const PEER_TARGET = 2;

interface Load {
  readonly method: 'GET' | 'PUT';
  readonly connections: number;
  readonly amount: number;
  readonly body: Buffer;
  /** -1 is the one that warms up. */
  readonly round: number;
}

/**
 * No two connections use a key at the same time. Small objects are new ones in each PUT, as most uploads are; large ones
 * are replaced, or the disk would be full.
 */
function keyOf({ method, connections, body, round }: Load, connection: number, i: number): string {
  const place = `object-${body.length}-${connections}-${connection}`;
  if (body.length >= MIB) return place;
  return method === 'PUT' ? `${place}-${round}-${i}` : `${place}-0-${i % 100}`;
}

/** Requests per second over kept connections. */
export async function rate({ endpoint }: Bench, load: Load): Promise<number> {
  const { method, connections, amount, body } = load;
  const sent = method === 'PUT' ? body : undefined;
  const one = async (_: unknown, connection: number) => {
    const wire = openWire(endpoint);
    for (let i = 0; i < amount / connections; i += 1)
      await wire.send(method, `/${BUCKET}/${keyOf(load, connection, i)}`, sent);
    wire.end();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - began) / 1000;
  return amount / seconds;
}

const columns = ['', 'ossite', 'bare', 'ratio', 'target', '', 's3rver', 'ratio', 'target', ''] as const;
const widths = [31, 8, 8, 6, 7, 7, 8, 6, 7, 6] as const;

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i] ?? 0))).join('');

/** Figure, ratio, target and verdict of one of those that are compared with. */
function compared(ours: number, theirs: number | undefined, unit: number, target: number): string[] {
  if (theirs === undefined) return ['-', '-', target.toFixed(1), '-'];
  const ratio = ours / theirs;
  return [(theirs * unit).toFixed(0), ratio.toFixed(2), target.toFixed(1), ratio >= target ? 'ok' : 'BELOW'];
}

export async function objects(): Promise<void> {
  const servers = { ours: await ossite(), bare: await bare('files'), peer: await s3rver(BUCKET) };
  const { ours, peer } = servers;
  const all = Object.entries(servers).flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const]));
  try {
    await fetch(`${ours.endpoint}/${BUCKET}`, { method: 'PUT' });
    console.log(line(columns));
    for (const { name, bytes, rounds, target, ...amounts } of sizes) {
      const body = randomBytes(bytes);
      for (const connections of CONNECTIONS) {
        const amount = connections === 1 ? amounts.one : amounts.many;
        for (const method of ['PUT', 'GET'] as const) {
          const rates: Record<string, number[]> = { ours: [], bare: [], peer: [] };
          // A warm start for everyone; round -1 does not count.
          for (let round = -1; round < rounds; round += 1) {
            for (const [who, server] of all) {
              const measured = await rate(server, { method, connections, amount, body, round });
              if (round >= 0) rates[who]?.push(measured);
            }
          }
          const [perSecond, unit] = bytes < MIB ? ['requests/s', 1] : ['MiB/s', bytes / MIB];
          const mine = median(rates.ours ?? []);
          const his = peer === undefined ? undefined : median(rates.peer ?? []);
          console.log(
            line([
              `${method} ${name} x ${connections}, ${perSecond}`,
              (mine * unit).toFixed(0),
              ...compared(mine, median(rates.bare ?? []), unit, target),
              ...compared(mine, his, unit, PEER_TARGET),
            ]),
          );
        }
      }
    }
  } finally {
    await Promise.all(all.map(([, server]) => server.stop()));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await objects();
