/** EXIF orientation 1 to 8 against sharp's own, alone and in front of what may share its pipeline (image.md §2.4). */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshBucket, processed, put } from '../../helpers/ossite.ts';
import { distance, exact, photograph } from './pictures.ts';

let bucket: string;
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
/** What stored pixels look like when they are seen as EXIF says. */
const seen = new Map<number, Buffer>();

beforeAll(async () => {
  bucket = await freshBucket();
  const pixels = await exact(120, 80);
  for (const orientation of orientations) {
    const stored = await sharp(pixels).withMetadata({ orientation }).png().toBuffer();
    await put(bucket, `${orientation}`, stored);
    const upright = await sharp(stored).autoOrient().png().toBuffer();
    seen.set(orientation, upright);
    await put(bucket, `${orientation}-upright`, upright);
  }
  await put(bucket, 'wide', await photograph(4100, 60, 80, 6));
});

test.each(orientations)('orientation %i is honoured without being asked', async (orientation) => {
  const { bytes } = await processed(bucket, `${orientation}`, 'image/format,png');
  expect(await distance(bytes, seen.get(orientation) ?? Buffer.alloc(0))).toBe(0);
  expect((await sharp(bytes).metadata()).orientation).toBeUndefined();
});

describe.each([
  'resize,w_50',
  'crop,w_40,h_30,x_5,y_9',
  'rotate,90',
  'resize,m_fill,w_30,h_30',
  'flip,1/crop,w_50',
  'resize,p_150',
  'blur,r_2,s_2',
])('%s works on upright pixels', (actions) => {
  test.each(orientations)('orientation %i', async (orientation) => {
    const process = `image/${actions}/format,png`;
    const [stored, upright] = await Promise.all([
      processed(bucket, `${orientation}`, process),
      processed(bucket, `${orientation}-upright`, process),
    ]);
    expect(await distance(stored.bytes, upright.bytes)).toBeLessThan(0.5);
  });
});

test('a picture too long to be turned is refused unless it need not be', async () => {
  const refused = await processed(bucket, 'wide', 'image/resize,w_50');
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Picture exceed the maximum allowable rotation range.');
  expect((await processed(bucket, 'wide', 'image/resize,w_50/auto-orient,0')).status).toBe(200);
});
