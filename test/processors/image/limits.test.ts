/**
 * The limits table of image.md §2, row by row; what no other file here tests. Sources beyond a limit are refused by
 * their header: at once, and without memory for their pixels.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshBucket, ossError, processed, put } from '../../helpers/ossite.ts';
import { type ServerProcess, startProcess } from '../../helpers/process.ts';
import { photograph, plain } from './pictures.ts';
import { gif, png } from './vast.ts';

const MEGABYTE = 1024 * 1024;

/** An AVIF whose header declares another size. */
async function avif(width: number, height: number): Promise<Buffer> {
  const bytes = await sharp(await photograph(64, 48))
    .avif({ effort: 0 })
    .toBuffer();
  const at = bytes.indexOf('ispe');
  bytes.writeUInt32BE(width, at + 8);
  bytes.writeUInt32BE(height, at + 12);
  return bytes;
}

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

describe('sources', () => {
  test.each([
    ['a PNG of 30001 x 40', () => png(30_001, 40, 8), 'ImageTooLarge', undefined],
    ['a GIF of 30001 x 10', () => gif(30_001, 10, 1, { width: 30_001, height: 10 }), 'ImageTooLarge', undefined],
    ['a GIF of 600 x 840 x 500', () => gif(600, 840, 500), 'MemLimitExceeded', '0040-00000012'],
    ['an AVIF of 10001 x 48', () => avif(10_001, 48), 'ImageTooLarge', '0040-00000014'],
    ['an AVIF of 64 x 10001', () => avif(64, 10_001), 'ImageTooLarge', '0040-00000014'],
    [
      'more than 20 MB',
      () => Buffer.concat([png(9, 9, 8), Buffer.alloc(20 * MEGABYTE)]),
      'ImageTooLarge',
      '0040-00000001',
    ],
  ])('%s', async (_, make, code, ec) => {
    await put(bucket, 'source', await make());
    for (const process of ['image/resize,w_100', 'image/info', 'image/average-hue'])
      expect(ossError(await processed(bucket, 'source', process))).toMatchObject({ status: 400, code, ec });
  });

  test.each([
    ['a PNG of 30000 x 40', () => png(30_000, 40, 8)],
    ['a GIF of 60 x 84 x 500', () => gif(60, 84, 500)],
    ['20 MB', () => Buffer.concat([png(200, 100, 8), Buffer.alloc(20 * MEGABYTE - png(200, 100, 8).length)])],
  ])('%s is taken', async (_, make) => {
    await put(bucket, 'source', make());
    const { status, text } = await processed(bucket, 'source', 'image/resize,w_50');
    expect(status, text.slice(0, 300)).toBe(200);
  });
});

describe('results', () => {
  beforeAll(async () => {
    await put(bucket, 'square.png', await plain(4100, 2400, '#336699'));
    await put(bucket, 'long.png', png(16_384, 4, 8));
  });

  test.each([
    ['square.png', 'format,avif', 'ImageTooLarge', '0040-00000014'],
    ['square.png', 'crop,w_4096,h_2305/format,avif', 'ImageTooLarge', '0040-00000014'],
    ['square.png', 'crop,w_4097,h_10/format,avif', 'ImageTooLarge', '0040-00000014'],
    ['square.png', 'format,heic', 'ImageTooLarge', undefined],
    ['square.png', 'crop,w_10,h_4097/resize,m_fixed,w_10,h_4097,limit_0/format,heic', 'ImageTooLarge', undefined],
    ['long.png', 'format,webp', 'BadRequest', '0040-00000011'],
    ['square.png', 'resize,w_16385', 'InvalidArgument', '0040-00000312'],
    ['square.png', 'crop,w_16385', 'InvalidArgument', '0040-00000225'],
    ['square.png', 'crop,h_16385', 'InvalidArgument', '0040-00000226'],
    ['square.png', 'resize,p_1000', 'ImageTooLarge', '0040-00000007'],
    ['square.png', 'rotate,90', 'BadRequest', undefined],
  ])('%s image/%s is %s', async (key, actions, code, ec) => {
    expect(ossError(await processed(bucket, key, `image/${actions}`))).toMatchObject({ status: 400, code, ec });
  });

  test.each([
    ['square.png', 'crop,w_16,h_2400/format,avif'],
    ['long.png', 'crop,w_16383/format,webp'],
    ['square.png', 'crop,w_4096,h_20/rotate,90'],
    ['square.png', 'crop,w_10,h_10/resize,m_fixed,w_16384,h_1024,limit_0'],
  ])('%s image/%s is made', async (key, actions) => {
    expect((await processed(bucket, key, `image/${actions}`)).status).toBe(200);
  });
});

describe.skipIf(!existsSync('/proc/self/clear_refs'))('what a refusal costs', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-limits-'));
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startProcess(dir, ['--buckets', 'plain', '--max-image-slots', '2']);
    await server.put('plain', 'small.png', await plain(30, 20, '#336699'));
    await server.put('plain', 'wide.png', png(30_001, 12, 8, 4));
    await server.put('plain', 'large.png', png(20_000, 15_000, 1));
    await server.put('plain', 'long.gif', gif(600, 840, 500));
    // Loads sharp, which a refusal needs for the first time too.
    await server.processed('plain', 'small.png', 'image/resize,w_10');
  });

  afterAll(async () => {
    await server.stop('SIGTERM');
    rmSync(dir, { recursive: true });
  });

  const memory = (line: 'VmRSS' | 'VmHWM'): number =>
    Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024;

  test.each([
    ['a PNG that is 30001 pixels wide', 'wide.png', 'ImageTooLarge', undefined],
    ['a PNG of 300 megapixels', 'large.png', 'MemLimitExceeded', '0040-00000012'],
    ['a GIF of 500 frames and 252 megapixels', 'long.gif', 'MemLimitExceeded', '0040-00000012'],
  ])('%s', async (_, key, code, ec) => {
    expect(ossError(await server.processed('plain', key, 'image/resize,w_9'))).toMatchObject({ status: 400, code, ec });
    writeFileSync(`/proc/${server.child.pid}/clear_refs`, '5'); // the high-water mark falls to what is used now
    const before = memory('VmRSS');
    for (let width = 10; width < 20; width += 1) await server.processed('plain', key, `image/resize,w_${width}`);
    expect(memory('VmHWM') - before, 'MB').toBeLessThan(100);
  });
});
