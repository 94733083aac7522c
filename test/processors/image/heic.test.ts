/** HEIC: read and written by libheif's programs, and refused where they are missing (image.md §2, §2.2, §10.7). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ossite, startOssite } from '../../../src/server/index.ts';
import { freshBucket, frontDoor, ossError, processed, put } from '../../helpers/ossite.ts';
import { decoded, distance, exact, photograph, plain } from './pictures.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-heic-'));
let bucket: string;
let picture: Buffer;
let heic: Buffer;

/** Encodes files as one HEIC file. */
function encode(inputs: readonly Buffer[], ...options: string[]): Buffer {
  const files = inputs.map((bytes, i) => {
    const file = join(dir, `${i}.${bytes[0] === 0xff ? 'jpg' : 'png'}`);
    writeFileSync(file, bytes);
    return file;
  });
  const out = join(dir, 'out.heic');
  execFileSync('heif-enc', ['-p', 'preset=ultrafast', '-q', '90', ...options, '-o', out, ...files], { stdio: 'pipe' });
  return readFileSync(out);
}

/** Decodes a HEIC answer, not by way of the server. */
async function pixelsOf(bytes: Buffer) {
  writeFileSync(join(dir, 'in.heic'), bytes);
  execFileSync('heif-convert', ['--quiet', join(dir, 'in.heic'), join(dir, 'in.png')], { stdio: 'pipe' });
  return readFileSync(join(dir, 'in.png'));
}

/** The same file with its second picture as the primary one: item numbers are the encoder's own, so they are tried. */
async function withSecondPrimary(bytes: Buffer): Promise<Buffer> {
  const at = bytes.indexOf('pitm') + 8;
  for (let id = 1; id < 16; id++) {
    bytes.writeUInt16BE(id, at);
    const { pagePrimary } = await sharp(bytes)
      .metadata()
      .catch(() => ({ pagePrimary: 0 }));
    if (pagePrimary === 1) return bytes;
  }
  throw new Error('no item is a second picture');
}

beforeAll(async () => {
  bucket = await freshBucket();
  picture = await exact(401, 267);
  heic = encode([picture]);
  await put(bucket, 'a.heic', heic);
  await put(bucket, 'photo.jpg', await photograph(401, 267));
});

afterAll(() => rmSync(dir, { recursive: true }));

describe('as a source', () => {
  test.each([
    ['resize,w_100/format,jpg', 'jpeg', 100, 67],
    ['format,png', 'png', 401, 267],
    ['rotate,90/crop,w_50,h_60/format,webp', 'webp', 50, 60],
  ])('%s', async (actions, format, width, height) => {
    const { status, bytes, text } = await processed(bucket, 'a.heic', `image/${actions}`);
    expect(status, text).toBe(200);
    expect(await sharp(bytes).metadata()).toMatchObject({ format, width, height });
  });

  test('shows the picture', async () => {
    expect(await distance((await processed(bucket, 'a.heic', 'image/format,png')).bytes, picture)).toBeLessThan(6);
  });

  test('alpha is kept, and lies on white in JPEG', async () => {
    await put(bucket, 'half.heic', encode([await plain(64, 48, 'rgba(255, 0, 0, 0.5)')]));
    const png = await decoded((await processed(bucket, 'half.heic', 'image/format,png')).bytes);
    expect(Math.abs((png.at(20, 20)[3] ?? 0) - 128)).toBeLessThan(4);
    const [red = 0, green = 0] = (await decoded((await processed(bucket, 'half.heic', 'image/format,jpg')).bytes)).at(
      20,
      20,
    );
    expect([red > 245, Math.abs(green - 127) < 10]).toEqual([true, true]);
  });

  test('with ten bits a channel becomes one of eight', async () => {
    const deep = await sharp(picture).toColourspace('rgb16').png().toBuffer();
    await put(bucket, 'deep.heic', encode([deep], '-b', '10'));
    const { bytes } = await processed(bucket, 'deep.heic', 'image/blur,r_1,s_1/format,png');
    expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'uchar', width: 401 });
    expect(await distance(bytes, picture)).toBeLessThan(12);
  });

  test('of several pictures gives the primary one', async () => {
    await put(bucket, 'two.heic', encode([picture, await plain(100, 60, '#00ff00')]));
    const { bytes } = await processed(bucket, 'two.heic', 'image/format,png');
    expect(await distance(bytes, picture)).toBeLessThan(6);
    await put(bucket, 'second.heic', await withSecondPrimary(encode([picture, await plain(100, 60, '#00ff00')])));
    const second = await decoded((await processed(bucket, 'second.heic', 'image/format,png')).bytes);
    expect([
      second.width,
      second.height,
      second
        .at(50, 30)
        .slice(0, 3)
        .map((value) => value > 128),
    ]).toEqual([100, 60, [false, true, false]]);
  });

  test('tells its facts', async () => {
    const tagged = await sharp(await photograph(60, 40))
      .withExif({ IFD0: { Make: 'Ossite' } })
      .jpeg()
      .toBuffer();
    const bytes = encode([tagged]);
    await put(bucket, 'tagged.heic', bytes);
    const facts = JSON.parse((await processed(bucket, 'tagged.heic', 'image/info')).text);
    expect(facts).toMatchObject({
      FileSize: { value: String(bytes.length) },
      Format: { value: 'heic' },
      FrameCount: { value: '1' },
      ImageWidth: { value: '60' },
      ImageHeight: { value: '40' },
      Make: { value: 'Ossite' },
    });
  });

  test.each([
    ['in the header', 300],
    ['in the pixels', 5000],
  ])('cut %s is the same 400 each time', async (_, length) => {
    await put(bucket, 'cut.heic', heic.subarray(0, length));
    for (let i = 0; i < 2; i++)
      expect(ossError(await processed(bucket, 'cut.heic', 'image/resize,w_50'))).toMatchObject({
        status: 400,
        code: 'BadRequest',
        ec: '0040-00000020',
        message: 'The image file may be damaged.',
      });
  });

  test.each([
    [30_001, 20, 'ImageTooLarge', undefined],
    [9000, 9000, 'MemLimitExceeded', '0040-00000012'],
    [20_000, 20_000, 'MemLimitExceeded', '0040-00000012'],
    [123, 77, 'BadRequest', '0040-00000020'],
  ])('that says it is %ix%i and is not', async (width, height, code, ec) => {
    const bytes = Buffer.from(heic);
    for (let at = bytes.indexOf('ispe'); at >= 0; at = bytes.indexOf('ispe', at + 4)) {
      bytes.writeUInt32BE(width, at + 8);
      bytes.writeUInt32BE(height, at + 12);
    }
    await put(bucket, 'liar.heic', bytes);
    const error = ossError(await processed(bucket, 'liar.heic', 'image/resize,w_50'));
    expect(error).toMatchObject({ status: 400, code, ec });
  });

  test('with broken bytes is a picture or a 400', async () => {
    for (let i = 0; i < 12; i++) {
      const bytes = Buffer.from(heic);
      for (let k = 0; k < 8; k++) bytes[20 + ((i * 7919 + k * 1047) % (bytes.length - 20))] = (i * 31 + k * 57) & 255;
      await put(bucket, 'broken.heic', bytes);
      expect([200, 400]).toContain((await processed(bucket, 'broken.heic', 'image/resize,w_50')).status);
    }
  });
});

describe('as a result', () => {
  test.each([
    ['photo.jpg', 'format,heic', 401, 267],
    ['photo.jpg', 'resize,w_33/format,heic', 33, 22],
    ['a.heic', 'resize,w_200', 200, 133],
    ['a.heic', 'format,jpg/format,gif', 401, 267],
  ])('%s image/%s', async (key, actions, width, height) => {
    const { status, headers, bytes, text } = await processed(bucket, key, `image/${actions}`);
    expect([status, headers['content-type']], text).toEqual([200, 'image/heic']);
    const png = await pixelsOf(bytes);
    expect(await sharp(png).metadata()).toMatchObject({ width, height });
    expect(
      await distance(png, await sharp(picture).resize(width, height, { fit: 'fill' }).png().toBuffer()),
    ).toBeLessThan(12);
  });

  test('alpha is kept', async () => {
    const { bytes } = await processed(bucket, 'photo.jpg', 'image/circle,r_60/format,heic');
    const { at } = await decoded(await pixelsOf(bytes));
    expect([at(0, 0)[3], at(60, 60)[3]]).toEqual([0, 255]);
  });

  test('a side has at most 4096 pixels', async () => {
    await put(bucket, 'long.png', await plain(4097, 20, '#336699'));
    const error = ossError(await processed(bucket, 'long.png', 'image/format,heic'));
    expect(error).toMatchObject({ status: 400, code: 'ImageTooLarge', ec: undefined });
    expect((await processed(bucket, 'long.png', 'image/resize,w_4096/format,heic')).status).toBe(200);
    await put(bucket, 'large.png', await plain(4096, 4096, '#336699'));
    const { status, bytes } = await processed(bucket, 'large.png', 'image/format,heic');
    expect(status).toBe(200);
    await put(bucket, 'large.heic', bytes);
    const back = await processed(bucket, 'large.heic', 'image/resize,w_64/format,png');
    expect(await sharp(back.bytes).metadata()).toMatchObject({ width: 64, height: 64 });
  });
});

describe('on a machine without the programs', () => {
  const path = process.env.PATH;
  let ossite: Ossite;
  let door: ReturnType<typeof frontDoor>;

  /** Only these programs can be found. */
  function only(...programs: string[]): void {
    const bin = mkdtempSync(join(dir, 'bin-'));
    for (const program of programs) {
      const place = (path ?? '').split(delimiter).map((folder) => join(folder, program));
      const found = execFileSync('/bin/sh', ['-c', `command -v ${program}`], { env: { PATH: path } })
        .toString()
        .trim();
      expect(place).toContain(found);
      symlinkSync(found, join(bin, program));
    }
    process.env.PATH = bin;
  }

  beforeAll(async () => {
    ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', buckets: ['plain'] });
    door = frontDoor(ossite.endpoint);
    await door.put('plain', 'a.heic', heic);
    await door.put('plain', 'photo.jpg', await photograph(80, 60));
  });

  afterAll(async () => {
    process.env.PATH = path;
    await ossite.close();
  });

  test('without the encoder a HEIC source gives JPEG, and format,heic is refused', async () => {
    only('nice', 'sh', 'heif-convert');
    for (const actions of ['resize,w_50', 'format,gif']) {
      const { status, headers } = await door.processed('plain', 'a.heic', `image/${actions}`);
      expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
    }
    const error = ossError(await door.processed('plain', 'photo.jpg', 'image/format,heic'));
    expect(error).toMatchObject({
      status: 400,
      code: 'BadRequest',
      ec: '0040-00000005',
      message: 'This image format is not supported.',
      elements: { Detail: 'HEIC needs heif-enc, which is not installed on this machine (Debian: libheif-examples).' },
    });
  });

  test('without the decoder HEIC is no source, though its facts are told', async () => {
    only('nice', 'sh', 'heif-enc');
    const error = ossError(await door.processed('plain', 'a.heic', 'image/resize,w_51'));
    expect(error).toMatchObject({ status: 400, code: 'BadRequest', ec: '0040-00000005' });
    expect(error.elements.Detail).toContain('HEIC needs heif-convert');
    expect((await door.processed('plain', 'a.heic', 'image/info')).status).toBe(200);
  });

  test('a program without its codec says so', async () => {
    only('nice', 'sh');
    const bin = process.env.PATH ?? '';
    writeFileSync(join(bin, 'heif-convert'), '#!/bin/sh\necho "Unsupported feature: Unsupported codec" >&2; exit 1\n', {
      mode: 0o755,
    });
    writeFileSync(join(bin, 'heif-enc'), '#!/bin/sh\nexit 5\n', { mode: 0o755 });
    const read = ossError(await door.processed('plain', 'a.heic', 'image/resize,w_52'));
    expect([read.code, read.elements.Detail]).toEqual([
      'BadRequest',
      'heif-convert on this machine can not decode HEVC.',
    ]);
    const written = ossError(await door.processed('plain', 'photo.jpg', 'image/format,heic'));
    expect(written.elements.Detail).toBe('heif-enc on this machine can not encode HEVC (5).');
  });

  test('/_ossite/info tells which are there', async () => {
    process.env.PATH = path;
    const { engines } = JSON.parse((await door.request('get', '/_ossite/info')).text);
    expect(engines['heif-convert']).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/) });
    expect(engines['heif-enc']).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/) });
  });
});
