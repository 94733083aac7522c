/** What the store promises in figures: CRC-64 on one core, a page of a long listing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createCRC64 } from 'hash-wasm';
import { plainFacts } from '../src/store/objects.ts';
import { openStore } from '../src/store/store.ts';
import { median } from './report.ts';

export async function store(): Promise<void> {
  const crc = await createCRC64();
  const block = Buffer.alloc(8 * 1024 * 1024, 7);
  const began = performance.now();
  crc.init();
  for (let i = 0; i < 32; i += 1) crc.update(block);
  crc.digest('hex');
  const rate = (32 * block.length) / 1e6 / ((performance.now() - began) / 1000);
  console.log(`CRC-64/XZ: ${rate.toFixed(0)} MB/s on one core (target 500) ${rate >= 500 ? 'ok' : 'BELOW TARGET'}`);

  const dir = mkdtempSync(join(tmpdir(), 'bench-store-'));
  const opened = await openStore(dir);
  const bucket = opened.buckets.create({ name: 'bench', acl: 'private', storageClass: 'Standard', redundancy: 'LRS' });
  const facts = plainFacts(bucket, 'text/plain');
  const written = await opened.blobs.write(bucket.id, Readable.from([Buffer.from('x')]));
  // Rows only: a listing reads no bytes.
  for (let i = 0; i < 100_000; i += 1) await opened.objects.put(bucket, `dir-${i % 1000}/key-${i}`, written, facts);
  for (const [what, range] of [
    ['1,000 of 100,000 keys', { prefix: '', delimiter: '', after: 'dir-5' }],
    ['1,000 groups of 100,000 keys', { prefix: '', delimiter: '/', after: '' }],
  ] as const) {
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      opened.list(bucket.id, { ...range, skipGroup: true, limit: 1000 });
      return performance.now() - start;
    });
    console.log(
      `listing ${what}: ${median(times).toFixed(1)} ms (target 20) ${median(times) < 20 ? 'ok' : 'ABOVE TARGET'}`,
    );
  }
  await opened.close();
  rmSync(dir, { recursive: true });
}
