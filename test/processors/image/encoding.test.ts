/** What comes out: formats, quality, headers, alpha (image.md §2.2, §10.5 to §10.7). */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { jpegQuality } from '../../../src/processors/image/jpeg.ts';
import { freshBucket, posted, processed, put } from '../../helpers/ossite.ts';
import { decoded, distance, exact, photograph, plain } from './pictures.ts';

let bucket: string;
let source: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  source = await photograph(400, 267);
  await put(bucket, 'q82.jpg', source);
  await put(bucket, 'q80.jpg', await photograph(400, 267, 80));
  await put(bucket, 'q95.jpg', await photograph(400, 267, 95));
  await put(bucket, 'exact.png', await exact(400, 267));
  await put(bucket, 'half.png', await plain(60, 40, 'rgba(255, 0, 0, 0.5)'));
  await put(bucket, 'long.png', await plain(16400, 4, '#00ff00'));
  await put(bucket, 'cmyk.jpg', await sharp(source).toColourspace('cmyk').jpeg().toBuffer());
  await put(bucket, 'grey.jpg', await sharp(source).greyscale().toColourspace('b-w').jpeg({ quality: 82 }).toBuffer());
  await put(bucket, 'deep.png', await sharp(source).toColourspace('rgb16').png().toBuffer());
});

const made = async (key: string, actions: string): Promise<Buffer> => {
  const { status, bytes, text } = await processed(bucket, key, `image/${actions}`);
  if (status !== 200) throw new Error(text);
  return bytes;
};

test('the quality of a JPEG file is known exactly, from 1 to 100', async () => {
  const small = sharp(await exact(16, 16));
  for (let quality = 1; quality <= 100; quality++)
    expect(jpegQuality(await small.jpeg({ quality }).toBuffer()), `${quality}`).toBe(quality);
});

test.each([
  ['q82.jpg', 'resize,w_100', 82],
  ['q82.jpg', 'rotate,90', 82],
  ['q82.jpg', 'quality,q_90', 74],
  ['q82.jpg', 'quality,q_80', 66],
  ['q82.jpg', 'quality,80', 66],
  ['q82.jpg', 'quality,Q_90', 82],
  ['q82.jpg', 'quality,Q_80', 80],
  ['q82.jpg', 'quality,q_20,Q_80', 80],
  ['q82.jpg', 'quality,q_1', 1],
  ['q82.jpg', 'quality,q_20/quality,q_90', 74],
  ['q82.jpg', 'format,png/format,jpg', 82],
  ['q80.jpg', 'quality,q_90', 72],
  ['q95.jpg', 'quality,Q_90', 90],
  ['q80.jpg', 'quality,Q_90', 80],
  ['exact.png', 'format,jpg', 75],
  ['exact.png', 'format,jpg/quality,q_40', 40],
])('%s %s has quality %i', async (key, actions, quality) => {
  expect(jpegQuality(await made(key, actions))).toBe(quality);
});

test('quality of a WebP is absolute, of formats without one it changes nothing', async () => {
  await put(bucket, 'a.webp', await sharp(source).webp().toBuffer());
  expect((await made('a.webp', 'quality,q_40')).equals(await made('a.webp', 'quality,Q_40'))).toBe(true);
  expect((await made('a.webp', 'quality,q_40')).length).toBeLessThan((await made('a.webp', 'quality,q_90')).length);
  expect((await made('exact.png', 'resize,w_50/quality,q_5')).equals(await made('exact.png', 'resize,w_50'))).toBe(
    true,
  );
});

test('JPEG is written as OSS writes it: JFIF 1x1 without unit, 4:2:0, baseline unless interlaced', async () => {
  const baseline = await made('q82.jpg', 'resize,w_100');
  expect(baseline.subarray(0, 20).toString('hex')).toBe('ffd8ffe000104a46494600010100000100010000');
  expect(await sharp(baseline).metadata()).toMatchObject({ chromaSubsampling: '4:2:0', isProgressive: false });
  for (const actions of ['interlace,1', 'interlace,1/format,jpg', 'format,jpg/interlace,1', 'interlace,0/interlace,1'])
    expect((await sharp(await made('q82.jpg', actions)).metadata()).isProgressive, actions).toBe(true);
  expect((await sharp(await made('exact.png', 'interlace,1')).metadata()).format).toBe('png');
});

test('the same request gives the same bytes', async () => {
  const process = 'resize,w_200/watermark,text_5Zu-54mH/quality,q_70';
  expect((await made('q82.jpg', process)).equals(await made('q82.jpg', `${process},`))).toBe(true);
});

describe('format', () => {
  test.each([
    ['jpg', 'image/jpeg', 'jpeg', 3],
    ['jpeg', 'image/jpeg', 'jpeg', 3],
    ['png', 'image/png', 'png', 1],
    ['webp', 'image/webp', 'webp', 6],
    ['tiff', 'image/tiff', 'tiff', 1],
    ['avif', 'image/avif', 'heif', 6],
    ['gif', 'image/jpeg', 'jpeg', 3],
  ])('%s is %s and shows the same picture', async (format, type, label, tolerance) => {
    const { status, headers, bytes } = await processed(bucket, 'q82.jpg', `image/format,${format}`);
    expect([status, headers['content-type']]).toEqual([200, type]);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: label, width: 400, height: 267 });
    expect(await distance(bytes, source)).toBeLessThan(tolerance);
  });

  test('gif on anything but a GIF keeps the format of the source', async () => {
    expect((await sharp(await made('exact.png', 'format,jpg/format,gif')).metadata()).format).toBe('png');
  });

  test('bmp goes there and back', async () => {
    const { headers, bytes } = await processed(bucket, 'exact.png', 'image/format,bmp');
    expect(headers['content-type']).toBe('image/bmp');
    expect(bytes.subarray(0, 2).toString()).toBe('BM');
    await put(bucket, 'a.bmp', bytes);
    expect(await distance(await made('a.bmp', 'format,png'), await exact(400, 267))).toBe(0);
    expect((await made('a.bmp', 'resize,w_50')).subarray(0, 2).toString()).toBe('BM');
    const round = await made('exact.png', 'circle,r_50/format,bmp');
    await put(bucket, 'round.bmp', round);
    expect((await decoded(await made('round.bmp', 'format,png'))).at(0, 0)[3]).toBe(0);
  });

  test('webp refuses more than 16383 pixels a side', async () => {
    const { status, text } = await processed(bucket, 'long.png', 'image/format,webp');
    expect(status).toBe(400);
    expect(text).toContain('Maximum width and height allowed is 16383 pixels for converting webp');
    expect(text).toContain('0040-00000011');
  });
});

describe('alpha', () => {
  test('stays through a resize, and lies on white in JPEG', async () => {
    expect((await decoded(await made('half.png', 'resize,w_30'))).at(5, 5)).toEqual([255, 0, 0, 128]);
    const [red, green, blue] = (await decoded(await made('half.png', 'resize,w_30/format,jpg'))).at(5, 5);
    expect([red, green, blue].map((value, i) => Math.abs((value ?? 0) - ([255, 127, 127][i] ?? 0)) < 4)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test.each([
    ['circle,r_50', 'q82.jpg', [255, 255, 255]],
    ['circle,r_50/format,png', 'q82.jpg', [0, 0, 0, 0]],
    ['rounded-corners,r_60', 'q82.jpg', [255, 255, 255]],
    ['rounded-corners,r_60/format,webp', 'exact.png', [0, 0, 0, 0]],
    ['rotate,30', 'q82.jpg', [255, 255, 255]],
    ['rotate,30/format,png', 'q82.jpg', [255, 255, 255, 0]],
    ['circle,r_50/format,jpg/format,png', 'q82.jpg', [255, 255, 255]],
  ])('the corner of %s on %s is %j', async (actions, key, corner) => {
    const { at, channels } = await decoded(await made(key, actions));
    if (corner.length === 4) expect([channels, at(0, 0)[3]]).toEqual([4, 0]);
    else expect(at(0, 0).every((value) => value > 250)).toBe(true);
  });
});

test.each(['cmyk.jpg', 'grey.jpg', 'deep.png'])('%s becomes 8-bit sRGB', async (key) => {
  for (const actions of ['resize,w_200/format,png', 'bright,0/blur,r_1,s_1/contrast,10/format,png']) {
    const bytes = await made(key, actions);
    expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'uchar', space: 'srgb', channels: 3 });
  }
  // The same brightness whatever the depth: an offset is one of 255 steps.
  const [plain, bright] = await Promise.all(
    ['resize,w_50', 'resize,w_50/bright,40'].map(async (actions) => sharp(await made(key, actions)).stats()),
  );
  expect((bright?.channels[1]?.mean ?? 0) - (plain?.channels[1]?.mean ?? 0)).toBeCloseTo(40, -1);
});

test('POST without saveas answers with the picture', async () => {
  const { status, headers, bytes } = await posted(bucket, 'q82.jpg', 'image/resize,w_100');
  expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
  expect(bytes.equals(await made('q82.jpg', 'resize,w_100'))).toBe(true);
});
