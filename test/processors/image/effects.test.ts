/** Effects, as far as OSS documents what they do (image.md §10.1 to §10.4). */
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { freshBucket, processed, put } from '../../helpers/ossite.ts';
import { distance, exact } from './pictures.ts';

let bucket: string;
let source: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  source = await exact(200, 133);
  await put(bucket, 'source.png', source);
});

const made = async (action: string): Promise<Buffer> => {
  const { status, bytes, text } = await processed(bucket, 'source.png', `image/${action}`);
  if (status !== 200) throw new Error(text);
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 200, height: 133, format: 'png' });
  return bytes;
};

const stats = async (bytes: Buffer) => {
  const { channels } = await sharp(bytes).stats();
  const mean = (of: 'mean' | 'stdev') => channels.reduce((sum, channel) => sum + channel[of], 0) / channels.length;
  return { mean: mean('mean'), deviation: mean('stdev') };
};

const inOrder = (values: readonly number[]) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));

test('bright: 0 changes nothing, more is brighter', async () => {
  expect(await distance(await made('bright,0'), source)).toBe(0);
  const means = await Promise.all(
    [-100, -40, 0, 40, 100].map(async (v) => (await stats(await made(`bright,${v}`))).mean),
  );
  expect(inOrder(means)).toBe(true);
});

test('contrast: 0 changes nothing, more spreads', async () => {
  expect(await distance(await made('contrast,0'), source)).toBe(0);
  const spreads = await Promise.all(
    [-100, -40, 0, 40, 100].map(async (v) => (await stats(await made(`contrast,${v}`))).deviation),
  );
  expect(inOrder(spreads)).toBe(true);
});

/** How much neighbouring pixels differ. */
const roughness = async (bytes: Buffer) => {
  const pixels = await sharp(bytes).removeAlpha().raw().toBuffer();
  let sum = 0;
  for (let i = 3; i < pixels.length; i++) sum += Math.abs((pixels[i] ?? 0) - (pixels[i - 3] ?? 0));
  return sum / pixels.length;
};

test('blur: a wider kernel is softer, and flat parts keep their brightness', async () => {
  const rough = await Promise.all(
    ['blur,r_50,s_20', 'blur,r_5,s_4', 'blur,r_2,s_1', 'bright,0'].map(async (action) => roughness(await made(action))),
  );
  expect(inOrder(rough)).toBe(true);
  const [before, after] = [await stats(source), await stats(await made('blur,r_50,s_50'))];
  expect(Math.abs(before.mean - after.mean)).toBeLessThan(3);
});

test('sharpen: more is rougher', async () => {
  const rough = await Promise.all(
    ['bright,0', 'sharpen,50', 'sharpen,100', 'sharpen,399'].map(async (action) => roughness(await made(action))),
  );
  expect(inOrder(rough)).toBe(true);
});
