/** What is stored under a key: formats by their first bytes, limits, damage (image.md §2, §2.1, §16.1). */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshBucket, ossError, processed, put } from '../../helpers/ossite.ts';
import { animation, photograph, plain, seeded } from './pictures.ts';

let bucket: string;
let jpg: Buffer;
let png: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  jpg = await photograph(400, 267);
  png = await sharp(jpg).png().toBuffer();
});

const answerTo = async (bytes: Buffer, process = 'image/resize,w_100') => {
  await put(bucket, 'source', bytes);
  return processed(bucket, 'source', process);
};

test('key and Content-Type do not count, the first bytes do', async () => {
  await put(bucket, 'liar.png', jpg, { 'content-type': 'text/plain' });
  const { status, headers } = await processed(bucket, 'liar.png', 'image/resize,w_100');
  expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
});

test.each([
  ['text', Buffer.from('hello, world')],
  ['an empty object', Buffer.alloc(0)],
  ['a PDF', Buffer.from('%PDF-1.7\n')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
  ['a video', Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1')],
  ['an XML bomb', Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')],
])('%s is no image', async (_, bytes) => {
  expect(ossError(await answerTo(bytes))).toMatchObject({
    status: 400,
    code: 'BadRequest',
    ec: '0040-00000005',
    message: 'This image format is not supported.',
  });
});

describe('damage is the same 400 each time, at once', () => {
  const cases: readonly (readonly [string, () => Buffer | Promise<Buffer>, string, string | undefined])[] = [
    ['JPEG cut in the middle', () => jpg.subarray(0, jpg.length / 2), 'BadRequest', undefined],
    ['JPEG cut in its header', () => jpg.subarray(0, 100), 'BadRequest', undefined],
    ['three bytes of JPEG', () => jpg.subarray(0, 3), 'BadRequest', undefined],
    ['PNG cut in the middle', () => png.subarray(0, png.length / 2), 'BadRequest', undefined],
    ['PNG cut in its header', () => png.subarray(0, 20), 'BadRequest', undefined],
    ['GIF cut in its header', async () => (await animation(40, 30, [50, 50])).subarray(0, 30), 'BadRequest', undefined],
    [
      'WebP cut in the middle',
      async () => (await sharp(jpg).webp().toBuffer()).subarray(0, 900),
      'BadWebPImage',
      '0040-00000010',
    ],
    [
      'TIFF cut in the middle',
      async () => (await sharp(jpg).tiff().toBuffer()).subarray(0, 900),
      'BadRequest',
      undefined,
    ],
    [
      'AVIF cut in the middle',
      async () => (await sharp(jpg).avif({ effort: 0 }).toBuffer()).subarray(0, 900),
      'BadRequest',
      '0040-00000021',
    ],
    ['BMP cut in the middle', () => bitmap(40, 30).subarray(0, 900), 'BadRequest', undefined],
  ];
  test.each(cases)('%s', async (_, make, code, ec) => {
    const bytes = await make();
    for (const process of ['image/resize,w_100', 'image/blur,r_2,s_2/rotate,30/format,png']) {
      const [first, second] = [
        ossError(await answerTo(bytes, process)),
        ossError(await processed(bucket, 'source', process)),
      ];
      expect(first).toMatchObject({ status: 400, code, ec });
      expect([second.code, second.message]).toEqual([first.code, first.message]);
    }
  });
});

/** A 24-bit bitmap of nothing but a header and zeros. */
function bitmap(width: number, height: number): Buffer {
  const file = Buffer.alloc(54 + Math.min(4096, Math.ceil((width * 3) / 4) * 4 * height));
  file.write('BM', 'latin1');
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** A file whose header declares another size than its pixels have. */
function declaring(bytes: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(bytes);
  if (bytes[0] === 0x89) {
    copy.writeUInt32BE(width, 16);
    copy.writeUInt32BE(height, 20);
    copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
    return copy;
  }
  const at = copy.indexOf(Buffer.from('ffc0', 'hex'));
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('limits are judged by the header alone', () => {
  test.each([
    ['a JPEG of 30001 x 10', () => declaring(jpg, 30001, 10), 'ImageTooLarge', '0040-00000019'],
    ['a JPEG of 60000 x 60000', () => declaring(jpg, 60000, 60000), 'ImageTooLarge', '0040-00000019'],
    ['a JPEG of 20000 x 20000', () => declaring(jpg, 20000, 20000), 'MemLimitExceeded', '0040-00000012'],
    ['a PNG of 25000 x 25000', () => declaring(png, 25000, 25000), 'MemLimitExceeded', '0040-00000012'],
    ['a PNG of 2000000000 x 2', () => declaring(png, 2_000_000_000, 2), 'ImageTooLarge', undefined],
    ['a bitmap of 30001 x 1', () => bitmap(30001, 1), 'ImageTooLarge', '0040-00000017'],
    ['a bitmap of 2 x 2147483647', () => bitmap(2, 2147483647), 'ImageTooLarge', '0040-00000017'],
    ['21 MB', () => Buffer.concat([jpg, Buffer.alloc(20 * 1024 * 1024)]), 'ImageTooLarge', '0040-00000001'],
  ])('%s', async (_, make, code, ec) => {
    const error = ossError(await answerTo(make()));
    expect(error).toMatchObject({ status: 400, code, ec });
  });

  test('a TIFF of 16385 pixels', async () => {
    const tiff = await sharp(await plain(16385, 2, '#ff0000'))
      .tiff()
      .toBuffer();
    expect(ossError(await answerTo(tiff))).toMatchObject({ code: 'ImageTooLarge', ec: '0040-00000018' });
  });
});

test('whatever bytes are broken, the answer is a picture or a 400', async () => {
  const n = seeded(7);
  const sources = [
    jpg,
    png,
    await animation(60, 40, [50, 50]),
    await sharp(jpg).webp().toBuffer(),
    await sharp(jpg).tiff().toBuffer(),
  ];
  for (let i = 0; i < 60; i++) {
    const bytes = Buffer.from(sources[i % sources.length] ?? jpg);
    for (let k = 0; k < 1 + n(12); k++) bytes[12 + n(Math.min(bytes.length - 12, 2000))] = n(256);
    const { status } = await answerTo(bytes, 'image/resize,w_50/crop,w_20/blur,r_1,s_1');
    expect([200, 400]).toContain(status);
  }
});

test('a picture of the fixtures is served', async () => {
  const { bytes } = await answerTo(await readFile('fixtures/media/photo.jpg'), 'image/resize,w_300');
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 300, height: 200 });
});
