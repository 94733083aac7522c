/** Processed pictures are kept for the next GET, and never shown for anything else. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { b64, frontDoor } from '../helpers/ossite.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'ossite-results-'));
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
const bucket = 'kept';
const kept = () => readdirSync(join(dataDir, 'tmp', 'results')).filter((name) => !name.startsWith('new-'));

/** Waits until as many results are kept: they are written beside the answer. */
async function keeping(count: number): Promise<void> {
  const end = Date.now() + 5000;
  while (kept().length !== count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(kept()).toHaveLength(count);
}

const plain = (background: string) =>
  sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .png()
    .toBuffer();

beforeAll(async () => {
  ossite = await startOssite({ port: 0, dataDir, log: 'error', resultCache: 1, buckets: [bucket] });
  door = frontDoor(ossite.endpoint);
  await door.put(bucket, 'red.png', await plain('#ff0000'), { 'cache-control': 'no-cache' });
  await door.put(bucket, 'mark.png', await plain('#00ff00'));
});
afterAll(async () => {
  await ossite.close();
  rmSync(dataDir, { recursive: true });
});

const process = 'image/resize,w_30';
const colour = async (bytes: Buffer) => (await sharp(bytes).stats()).dominant;

describe('results', () => {
  it('the second answer is the first one, headers and conditions included', async () => {
    const first = await door.processed(bucket, 'red.png', process);
    await keeping(1);
    const second = await door.processed(bucket, 'red.png', process);
    expect(second.bytes.equals(first.bytes)).toBe(true);
    for (const name of [
      'etag',
      'content-type',
      'last-modified',
      'cache-control',
      'content-length',
      'x-oss-hash-crc64ecma',
    ]) {
      expect(second.headers[name], name).toBe(first.headers[name]);
    }
    expect(
      (await door.processed(bucket, 'red.png', process, { 'if-none-match': first.headers.etag as string })).status,
    ).toBe(304);
    // Written another way it is the same string.
    await door.processed(bucket, 'red.png', 'image/resize,w_30,/');
    await keeping(1);
  });

  it('an object that is overwritten, or gone, is not answered from before', async () => {
    await door.put(bucket, 'changing.png', await plain('#0000ff'));
    expect((await colour((await door.processed(bucket, 'changing.png', process)).bytes)).b).toBeGreaterThan(200);
    await door.put(bucket, 'changing.png', await plain('#00ff00'));
    expect((await colour((await door.processed(bucket, 'changing.png', process)).bytes)).g).toBeGreaterThan(200);
    await door.request('delete', `/${bucket}/changing.png`);
    expect((await door.processed(bucket, 'changing.png', process)).status).toBe(404);
  });

  it('a result that another object went into is made anew', async () => {
    const marked = `image/watermark,image_${b64('mark.png?x-oss-process=image/resize,P_90')},g_center`;
    const centre = async () => {
      const { data, info } = await sharp((await door.processed(bucket, 'red.png', marked)).bytes)
        .raw()
        .toBuffer({ resolveWithObject: true });
      return [...data.subarray((100 * 300 + 150) * info.channels).subarray(0, 3)];
    };
    expect(await centre()).toEqual([0, 255, 0]);
    await door.put(bucket, 'mark.png', await plain('#0000ff'));
    expect(await centre()).toEqual([0, 0, 255]);
  });

  it('the room is bounded, and what was used last stays', async () => {
    const noise = await sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    await door.put(bucket, 'noise.png', noise);
    for (let width = 150; width < 180; width += 1) await door.processed(bucket, 'noise.png', `image/resize,w_${width}`);
    await door.processed(bucket, 'noise.png', 'image/resize,w_179');
    const size = () => kept().reduce((sum, name) => sum + statSync(join(dataDir, 'tmp', 'results', name)).size, 0);
    const end = Date.now() + 5000;
    while (size() > 1024 * 1024 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(size()).toBeLessThanOrEqual(1024 * 1024);
    expect(kept().length).toBeGreaterThan(5);
  });
});
