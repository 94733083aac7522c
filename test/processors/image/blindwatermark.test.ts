/** Invisible marks: what is hidden can be read, whatever usually happens to a picture, and is not seen (image.md §15.1). */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  b64,
  converted,
  fixture,
  freshBucket,
  get,
  ossError,
  posted,
  processed,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { plain } from './pictures.ts';

let bucket: string;
let photo: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  photo = await sharp(fixture('photo.jpg')).png().toBuffer();
  await put(bucket, 'photo.jpg', fixture('photo.jpg'));
  await put(bucket, 'photo.png', photo);
});

async function marked(key: string, params: string, before = ''): Promise<Buffer> {
  const { status, bytes, text } = await processed(bucket, key, `image/${before}blindwatermark,${params}`);
  if (status !== 200) throw new Error(text);
  return bytes;
}

/** What the emulator reads from a picture; `undefined` when it says that there is nothing. */
async function read(bytes: Buffer, params = 's_low'): Promise<string | undefined> {
  await put(bucket, 'questioned', bytes);
  const task = await converted(bucket, 'questioned', `image/deblindwatermark,${params},t_text`);
  if (task.Status === 'Succeeded') return task.Result;
  expect(task).toMatchObject({
    Status: 'Failed',
    Code: 'InvalidArgument',
    Message: 'No mark of this strength can be read from the image.',
    Result: '',
  });
  return undefined;
}

/** Peak signal-to-noise ratio in decibels: above 38 or so two pictures look the same. */
async function psnr(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  if (left === undefined || right?.length !== left.length) throw new Error('of two sizes');
  return 10 * Math.log10(255 ** 2 / (left.reduce((sum, value, i) => sum + (value - right[i]!) ** 2, 0) / left.length));
}

/** What happens to pictures in the world. */
const fates: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  'nothing is done': async (bytes) => bytes,
  'JPEG of quality 75': (bytes) => sharp(bytes).jpeg({ quality: 75 }).toBuffer(),
  'JPEG of quality 40': (bytes) => sharp(bytes).jpeg({ quality: 40 }).toBuffer(),
  'WebP of quality 75': (bytes) => sharp(bytes).webp({ quality: 75 }).toBuffer(),
  'half the size': (bytes) => sharp(bytes).resize(600).png().toBuffer(),
  'half the size and JPEG of quality 75': (bytes) => sharp(bytes).resize(600).jpeg({ quality: 75 }).toBuffer(),
  'JPEG, a third of the size, JPEG': async (bytes) =>
    sharp(await sharp(bytes).jpeg({ quality: 75 }).toBuffer())
      .resize(401, 267, { fit: 'fill' })
      .jpeg({ quality: 75 })
      .toBuffer(),
  'another shape': (bytes) => sharp(bytes).resize(900, 500, { fit: 'fill' }).png().toBuffer(),
  'twice the size': (bytes) => sharp(bytes).resize(2400).jpeg({ quality: 80 }).toBuffer(),
  'brighter, without colour': (bytes) => sharp(bytes).linear(1, 12).greyscale().jpeg().toBuffer(),
};

describe.each([
  ['low', 44],
  ['medium', 41],
  ['high', 38],
])('a mark of strength %s', (strength, least) => {
  const text = '版权所有 © Ossite';
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await marked('photo.png', `content_${b64(text)},s_${strength}`);
  });

  test(`is not seen: ${least} dB`, async () => {
    expect(await psnr(photo, bytes)).toBeGreaterThan(least);
  });

  // The weakest mark has to stand everything, the others what OSS's users do most.
  const some = Object.entries(fates).filter(([name]) => strength === 'low' || name.includes('75'));
  test.each(some)('%s: it is read', async (_, fate) => {
    expect(await read(await fate(bytes), `s_${strength}`)).toBe(text);
  });
});

test.each([
  ['one letter', 'A'],
  ['one Chinese character', '图'],
  ['a zero', '\0'],
  ['characters of four bytes', '😀😀😀'],
  ['lines, and what separates', 'line 1\nline 2, with / and | and _'],
  ['210 Chinese characters', '阿里云版权所有'.repeat(30)],
  ['256 letters', 'x'.repeat(256)],
  ['256 Chinese characters', '字'.repeat(256)],
  ['256 characters of four bytes', '😀'.repeat(256)],
])('a text survives: %s', async (_, text) => {
  const bytes = await marked('photo.png', `content_${b64(text)}`, text.length > 256 ? 'resize,w_2000,limit_0/' : '');
  expect(await read(await sharp(bytes).jpeg({ quality: 75 }).toBuffer())).toBe(text);
});

describe('pictures of all kinds', () => {
  const opaque = { width: 400, height: 300 };
  test.each([
    ['jpg', 'jpeg', () => sharp(photo).resize(500).jpeg().toBuffer()],
    ['png, grey', 'png', () => sharp(photo).resize(500).greyscale().png().toBuffer()],
    ['png, 16 bit', 'png', () => sharp(photo).resize(500).toColourspace('rgb16').png().toBuffer()],
    ['png, half transparent', 'png', () => sharp(photo).resize(500).ensureAlpha(0.5).png().toBuffer()],
    ['webp', 'webp', () => sharp(photo).resize(500).webp().toBuffer()],
    ['tiff', 'tiff', () => sharp(photo).resize(500).tiff().toBuffer()],
    ['one grey', 'png', () => plain(opaque.width, opaque.height, '#808080')],
    ['one colour', 'png', () => plain(opaque.width, opaque.height, '#ff6a00')],
    ['dark', 'jpeg', () => sharp(photo).resize(500).linear(0.2, 0).jpeg().toBuffer()],
    ['turned by EXIF', 'jpeg', () => sharp(photo).resize(500).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['odd and slim', 'png', () => sharp(photo).resize(1199, 131, { fit: 'fill' }).png().toBuffer()],
    ['as small as may be', 'png', () => sharp(photo).resize(80, 80, { fit: 'fill' }).png().toBuffer()],
  ])('%s', async (name, format, make) => {
    await put(bucket, name, await make());
    const bytes = await marked(name, `content_${b64('Os')}`);
    const { width, format: made } = await sharp(bytes).metadata();
    expect(made).toBe(format);
    expect([
      await read(bytes),
      await read(
        await sharp(bytes)
          .resize(Math.round((width ?? 0) / 2))
          .toBuffer(),
      ),
    ]).toEqual(['Os', 'Os']);
  });

  test('bmp', async () => {
    await put(bucket, 'a.bmp', (await processed(bucket, 'photo.png', 'image/resize,w_300/format,bmp')).bytes);
    const bytes = await marked('a.bmp', `content_${b64('Ossite')}`);
    expect([bytes.toString('latin1', 0, 2), await read(bytes)]).toEqual(['BM', 'Ossite']);
  });
});

test('q is the quality of a JPEG result, 90 when absent', async () => {
  const sizes = await Promise.all(
    ['q_70', 'q_90', '', 'q_100'].map(async (q) => (await marked('photo.jpg', `content_${b64('A')},${q}`)).length),
  );
  const [low = 0, middle = 0, usual = 0, high = 0] = sizes;
  expect([low < middle, middle === usual, middle < high]).toEqual([true, true, true]);
});

test('other names of the strengths', async () => {
  const bytes = await marked('photo.jpg', `content_${b64('A')},strength_middle`);
  expect([await read(bytes, 'strength_middle'), await read(bytes, 's_medium'), await read(bytes)]).toEqual([
    'A',
    'A',
    undefined,
  ]);
});

test('after other actions, saved by POST, read by a task with a message and without', async () => {
  const { status, text } = await posted(
    bucket,
    'photo.jpg',
    `image/resize,w_400/format,png/blindwatermark,content_${b64('版权')}${saveas('saved.png')}`,
  );
  expect([status, text.includes('"status": "OK"')]).toEqual([200, true]);
  expect(await sharp((await get(bucket, 'saved.png')).bytes).metadata()).toMatchObject({ format: 'png', width: 400 });
  for (const notify of ['', `|sys/notify,topic_${b64('t')}`, `|notify,topic_${b64('t')}`]) {
    const task = await converted(bucket, 'saved.png', `image/deblindwatermark,s_low,t_text${notify}`);
    expect(task).toMatchObject({ Status: 'Succeeded', TaskType: 'DecodeBlindWatermark', Result: '版权', Outputs: [] });
    expect(task.TaskId).toMatch(/^DecodeBlindWatermark-[0-9a-f-]{36}$/);
  }
});

test.each(['photo.jpg', 'plain.png'])('nothing is read from %s, which has no mark', async (key) => {
  await put(bucket, 'plain.png', await plain(300, 300, '#808080'));
  expect(await read((await get(bucket, key)).bytes)).toBeUndefined();
});

test('a task fails on what is no picture, and on other formats', async () => {
  await put(bucket, 'a.txt', Buffer.from('no picture'));
  await put(bucket, 'a.gif', fixture('animation.gif'));
  for (const key of ['a.txt', 'a.gif'])
    expect(await converted(bucket, key, 'image/deblindwatermark')).toMatchObject({
      Status: 'Failed',
      Code: 'BadRequest',
    });
});

describe('refusals', () => {
  const text = `content_${b64('A')}`;
  beforeAll(async () => {
    await put(bucket, 'black.png', await plain(300, 300, '#000000'));
    await put(bucket, 'white.png', await plain(300, 300, '#ffffff'));
    await put(bucket, 'small.png', await plain(79, 300, '#808080'));
    await put(bucket, 'long.png', await plain(10_001, 90, '#808080'));
    await put(bucket, 'tiny.png', await sharp(photo).resize(100, 100).png().toBuffer());
    await put(bucket, 'a.gif', fixture('animation.gif'));
  });

  test.each([
    ['photo.jpg', 'blindwatermark', 'MissingArgument', /Missing/],
    ['photo.jpg', 'blindwatermark,content_', 'InvalidArgument', /content/],
    ['photo.jpg', 'blindwatermark,content_!', 'BadRequest', /base64/],
    ['photo.jpg', `blindwatermark,content_${b64('字'.repeat(257))}`, 'InvalidArgument', /256 characters/],
    ['photo.jpg', `blindwatermark,${text},s_middle`, 'InvalidArgument', /middle/],
    ['photo.jpg', `blindwatermark,${text},strength_medium`, 'InvalidArgument', /medium/],
    ['photo.jpg', `blindwatermark,${text},q_69`, 'InvalidArgument', /69/],
    ['photo.jpg', `blindwatermark,${text},q_101`, 'InvalidArgument', /101/],
    ['photo.jpg', `blindwatermark,${text}/resize,w_100`, 'InvalidArgument', /must be the last action/],
    ['photo.jpg', `format,avif/blindwatermark,${text}`, 'BadRequest', /format is not supported/],
    ['a.gif', `blindwatermark,${text}`, 'BadRequest', /format is not supported/],
    ['small.png', `blindwatermark,${text}`, 'InvalidArgument', /80 to 10000 pixels, not 79 and 300/],
    ['long.png', `blindwatermark,${text}`, 'InvalidArgument', /80 to 10000 pixels/],
    ['black.png', `blindwatermark,${text}`, 'InvalidArgument', /all black or all white/],
    ['white.png', `blindwatermark,${text}`, 'InvalidArgument', /all black or all white/],
    ['tiny.png', `blindwatermark,content_${b64('x'.repeat(100))}`, 'InvalidArgument', /too long/],
    ['photo.jpg', 'deblindwatermark,t_text', 'InvalidArgument', /not support get: image\/deblindwatermark/],
  ])('%s image/%s', async (key, actions, code, message) => {
    const error = ossError(await processed(bucket, key, `image/${actions}`));
    expect(error).toMatchObject({ status: 400, code });
    expect(error.message).toMatch(message);
  });

  test.each([
    [`image/deblindwatermark,s_x`, 400, /\[s\]:is invalid/],
    ['image/deblindwatermark,t_image', 400, /\[t\]:is invalid/],
    [`image/deblindwatermark${saveas('a.txt')}`, 400, /is invalid/],
    ['image/deblindwatermark/deblindwatermark', 400, /is invalid/],
    [`image/blindwatermark,${text}${saveas('a.jpg')}`, 404, /Route is not found/],
  ])('x-oss-async-process=%s', async (process, status, message) => {
    const error = ossError(await submitted(bucket, 'photo.jpg', process));
    expect(error).toMatchObject({ status, code: 'Imm Client' });
    expect(error.message).toMatch(message);
  });
});
