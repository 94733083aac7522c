/** `image/info` and `image/average-hue`: bytes that SDK tests compare (image.md §11). */
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { freshBucket, posted, processed, put } from '../../helpers/ossite.ts';
import { animation, photograph, plain } from './pictures.ts';

let bucket: string;

beforeAll(async () => {
  bucket = await freshBucket();
});

const info = async (key: string) => {
  const { status, headers, text } = await processed(bucket, key, 'image/info');
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
  return text;
};

const values = async (key: string) => {
  const parsed = JSON.parse(await info(key)) as Record<string, { value: string }>;
  return Object.fromEntries(Object.entries(parsed).map(([name, { value }]) => [name, value]));
};

test('a JPEG that OSS made', async () => {
  await put(bucket, 'source.jpg', await photograph(400, 267));
  const { bytes } = await processed(bucket, 'source.jpg', 'image/resize,m_fixed,w_100,h_100');
  await put(bucket, 'made.jpg', bytes);
  expect(await info('made.jpg')).toBe(`{
    "FileSize": {"value": "${bytes.length}"},
    "Format": {"value": "jpg"},
    "FrameCount": {"value": "1"},
    "ImageHeight": {"value": "100"},
    "ImageWidth": {"value": "100"},
    "ResolutionUnit": {"value": "1"},
    "XResolution": {"value": "1/1"},
    "YResolution": {"value": "1/1"}}`);
  expect((await posted(bucket, 'made.jpg', 'image/info')).text).toBe(await info('made.jpg'));
});

test.each([
  [0, 1, '1'],
  [1, 96, '2'],
  [2, 38, '3'],
])('JFIF unit %i and density %i', async (unit, density, resolutionUnit) => {
  await put(bucket, 'source.jpg', await photograph(40, 30));
  const bytes = Buffer.from((await processed(bucket, 'source.jpg', 'image/resize,w_20')).bytes);
  bytes[13] = unit;
  bytes.writeUInt16BE(density, 14);
  bytes.writeUInt16BE(density, 16);
  await put(bucket, 'dense.jpg', bytes);
  const resolution = { XResolution: `${density}/1`, YResolution: `${density}/1`, ResolutionUnit: resolutionUnit };
  expect(await values('dense.jpg')).toMatchObject(resolution);
});

test('EXIF: names of all IFDs, sizes as stored, coordinates in words', async () => {
  const place = {
    GPSLatitudeRef: 'N',
    GPSLatitude: '39/1 54/1 205/10',
    GPSLongitudeRef: 'W',
    GPSLongitude: '0/1 0/1 0/1',
  };
  const exif = {
    IFD0: { Software: 'Say "cheese" \\ 图', Make: 'Ossite', Orientation: '7' },
    IFD2: { DateTimeOriginal: '2020:02:29 12:00:00', ExposureTime: '1/125' },
    IFD3: place,
  };
  const bytes = await sharp(await photograph(424, 333))
    .withExif(exif)
    .withMetadata({ orientation: 7 })
    .jpeg()
    .toBuffer();
  await put(bucket, 'exif.jpg', bytes);
  expect(await values('exif.jpg')).toMatchObject({
    FileSize: String(bytes.length),
    ImageWidth: '424',
    ImageHeight: '333',
    Orientation: '7',
  });
  const tagged = await sharp(await photograph(40, 30))
    .withExif(exif)
    .jpeg()
    .toBuffer();
  await put(bucket, 'tagged.jpg', tagged);
  expect(await values('tagged.jpg')).toMatchObject({
    Make: 'Ossite',
    DateTimeOriginal: '2020:02:29 12:00:00',
    ExposureTime: '1/125',
    ExifTag: expect.stringMatching(/^\d+$/),
    GPSTag: expect.stringMatching(/^\d+$/),
    GPSLatitudeRef: 'North',
    GPSLatitude: `39deg 54' 20.500" `,
    GPSLongitudeRef: 'West',
    GPSLongitude: '0deg ',
  });
});

test.each(['png', 'webp', 'tiff', 'avif', 'bmp'])('%s by the names OSS uses', async (format) => {
  await put(bucket, 'plain.png', await plain(30, 20, '#336699'));
  const { bytes } = await processed(bucket, 'plain.png', `image/format,${format}`);
  await put(bucket, 'converted', bytes);
  expect(await values('converted')).toEqual({
    FileSize: String(bytes.length),
    Format: format,
    FrameCount: '1',
    ImageHeight: '20',
    ImageWidth: '30',
  });
});

test('frames are counted', async () => {
  await put(bucket, 'a.gif', await animation(40, 30, [50, 60, 70]));
  expect(await values('a.gif')).toMatchObject({ Format: 'gif', FrameCount: '3', ImageHeight: '30', ImageWidth: '40' });
});

test('damaged EXIF data does no harm', async () => {
  const whole = await sharp(await photograph(40, 30))
    .withExif({ IFD0: { Make: 'Ossite' } })
    .jpeg()
    .toBuffer();
  const at = whole.indexOf('Exif\0\0') + 6;
  for (let i = 0; i < 60; i += 1) {
    const bytes = Buffer.from(whole);
    bytes[at + 4 + i] = 0xff;
    await put(bucket, 'damaged.jpg', bytes);
    expect((await processed(bucket, 'damaged.jpg', 'image/info')).status, `byte ${i}`).toBe(200);
  }
});

test.each([
  ['#5c783b', '0x5c783b'],
  ['#000000', '0x000000'],
])('the average hue of %s', async (color, expected) => {
  await put(bucket, 'one.png', await plain(50, 50, color));
  const { text, headers } = await processed(bucket, 'one.png', 'image/average-hue');
  expect(text).toBe(`{"RGB": "${expected}"}`);
  expect(headers['content-type']).toBe('application/json');
});
