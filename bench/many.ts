/**
 * A bucket of a million objects, `npx tsx bench/many.ts`: pages of listings anywhere in it, what a PUT costs against an
 * empty bucket in the same run, and what else could have to count them all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { plainFacts } from '../src/store/objects.ts';
import { openStore } from '../src/store/store.ts';
import { median } from './report.ts';
import { ossite } from './server.ts';

const COUNT = 1_000_000;
const PAGE_TARGET = 30;
const PUT_TARGET = 1.3;
const ROUNDS = 9;

/** A thousand folders of a thousand keys, two of them with half of all objects between them. */
function keyOf(i: number): string {
  const serial = String(i).padStart(7, '0');
  if (i % 2 === 0) return `huge-${i % 4}/${serial}`;
  return `dir-${String(i % 1000).padStart(3, '0')}/${String(i % 7)}/key-${serial}`;
}

/** Rows through the store, all naming one blob: neither listings nor PUTs look at other objects' bytes. */
async function fill(dir: string): Promise<void> {
  const store = await openStore(dir);
  const bucket = store.buckets.create({ name: 'many', acl: 'private' });
  store.buckets.create({ name: 'empty', acl: 'private' });
  const facts = plainFacts(bucket, 'text/plain');
  const written = await store.blobs.write(bucket.id, Readable.from([Buffer.from('x')]));
  for (let i = 0; i < COUNT; i += 1) await store.objects.put(bucket, keyOf(i), written, facts);
  await store.close();
}

const pages: readonly (readonly [string, string])[] = [
  ['v1, first page', 'max-keys=1000'],
  ['v1, from the middle', 'max-keys=1000&marker=dir-500/3'],
  ['v1, from near the end', 'max-keys=1000&marker=huge-2/0999'],
  ['v1, prefix', 'max-keys=1000&prefix=huge-0/05'],
  ['v1, delimiter', 'max-keys=1000&delimiter=/'],
  ['v1, delimiter, behind a huge group', 'max-keys=1000&delimiter=/&marker=huge-0/'],
  ['v1, delimiter of two characters', 'max-keys=1000&delimiter=/3'],
  ['v1, delimiter that no key has', 'max-keys=1000&delimiter=!'],
  ['v1, prefix that no key has', 'max-keys=1000&prefix=nothing'],
  ['v2, first page', 'list-type=2&max-keys=1000&fetch-owner=true'],
  ['v2, start-after in the middle', 'list-type=2&max-keys=1000&start-after=huge-0/0500000'],
  ['v2, prefix and delimiter', 'list-type=2&max-keys=1000&prefix=dir-5&delimiter=/'],
  ['versions, first page', 'versions&max-keys=1000'],
  ['versions, from the middle', 'versions&max-keys=1000&key-marker=huge-0/0500000'],
  ['versions, delimiter', 'versions&max-keys=1000&delimiter=/'],
];

async function milliseconds(work: () => Promise<Response>): Promise<number> {
  const began = performance.now();
  const answer = await work();
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(text);
  return performance.now() - began;
}

async function repeated(work: () => Promise<Response>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) times.push(await milliseconds(work));
  return median(times);
}

const verdict = (good: boolean) => (good ? 'ok' : 'ABOVE TARGET');

/** Milliseconds of PUTs with keys anywhere, in turns; the second is new and then replaced, as the first. */
async function puts(endpoint: string): Promise<void> {
  const times = { many: [] as number[], empty: [] as number[] };
  for (let i = 0; i < 3000; i += 1) {
    const key = `dir-${String((i * 7919) % 1000).padStart(3, '0')}/new-${i}`;
    for (const bucket of ['many', 'empty'] as const) {
      const took = await milliseconds(() => fetch(`${endpoint}/${bucket}/${key}`, { method: 'PUT', body: 'x' }));
      if (i >= 200) times[bucket].push(took);
    }
  }
  const [many, empty] = [median(times.many), median(times.empty)];
  const ratio = many / empty;
  console.log(
    `PUT: ${many.toFixed(2)} ms, into an empty bucket ${empty.toFixed(2)} ms, ratio ${ratio.toFixed(2)} (target ${PUT_TARGET}) ${verdict(ratio <= PUT_TARGET)}`,
  );
}

export async function many(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-many-'));
  try {
    const began = performance.now();
    await fill(dir);
    console.log(`filled with ${COUNT} objects in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const server = await ossite('--data-dir', dir);
    const { endpoint } = server;
    try {
      for (const [what, query] of pages) {
        const took = await repeated(() => fetch(`${endpoint}/many?${query}`));
        console.log(`${what}: ${took.toFixed(1)} ms (target ${PAGE_TARGET}) ${verdict(took < PAGE_TARGET)}`);
      }
      await puts(endpoint);
      const stat = await repeated(() => fetch(`${endpoint}/many?stat`));
      console.log(`GetBucketStat: ${stat.toFixed(0)} ms`);
      const began2 = performance.now();
      await fetch(`${endpoint}/many`, { method: 'DELETE' });
      console.log(`DeleteBucket, refused: ${(performance.now() - began2).toFixed(1)} ms`);
      const reset = await milliseconds(() => fetch(`${endpoint}/_ossite/reset`, { method: 'POST' }));
      console.log(`reset: ${reset.toFixed(0)} ms`);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await many();
