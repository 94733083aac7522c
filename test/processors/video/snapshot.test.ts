/** video/snapshot: the rows SS1 to SS4 of media.md §21.2 and the rules of §15. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../../src/server/index.ts';
import {
  fixture,
  freshBucket,
  frontDoor,
  get,
  ossError,
  posted,
  processed,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { formsOf, sdk } from '../../helpers/sdk.ts';
import { greyFrame, type SourceName, source } from '../media/sources.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

async function snapshot(of: SourceName, params: string): Promise<Buffer> {
  await put(bucket, of, await source(of));
  const answer = await processed(bucket, of, `video/snapshot,${params}`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toBe(params.includes('f_png') ? 'image/png' : 'image/jpeg');
  return answer.bytes;
}

async function mean(bytes: Buffer): Promise<readonly number[]> {
  const { channels } = await sharp(bytes).stats();
  return channels.map((channel) => channel.mean);
}

/** The number of a frame of count.*, from its grey: video black is 16, white 235. */
const frameNumber = async (bytes: Buffer) => Math.round((((await mean(bytes))[0] ?? 0) * 219) / 255);

describe('which frame', () => {
  it.each<[row: string, of: SourceName, params: string, frame: number]>([
    ['SS1', 'count.mp4', 't_7000,f_jpg,w_80,h_60', 175],
    ['SS2: fast is the key frame before', 'count.mp4', 't_7000,f_jpg,m_fast', 150],
    ['the first', 'count.mp4', 't_0', 0],
    ['the first, fast', 'count.mp4', 't_0,m_fast', 0],
    ['between two frames: the later', 'count.mp4', 't_7001,f_png', 176],
    ['fast, at a key frame', 'count.mp4', 't_6000,m_fast', 150],
    ['fast, just before a key frame', 'count.mp4', 't_5999,m_fast', 100],
    ['SS4: the last frame’s own time', 'count.mp4', 't_7960', 199],
    ['SS4: within the last frame', 'count.mp4', 't_7990', 199],
    ['SS4: the end', 'count.mp4', 't_8000', 199],
    ['SS4: past the end', 'count.mp4', 't_99999', 199],
    ['the largest t', 'count.mp4', 't_2147483647', 199],
    ['fast, past the end', 'count.mp4', 't_99999,m_fast', 150],
    ['matroska', 'count.mkv', 't_7000', 175],
    ['matroska, fast, at a key frame', 'count.mkv', 't_6000,m_fast', 150],
    ['a file without index', 'count.ts', 't_7000', 175],
    ['a file without index, early', 'count.ts', 't_200', 5],
    ['a file without index, fast', 'count.ts', 't_7000,m_fast', 150],
    ['a file without index, past the end', 'count.ts', 't_99999', 199],
    ['a bare stream', 'count.h264', 't_7000', 175],
    ['a bare stream, past the end', 'count.h264', 't_99999', 199],
    ['h265', 'count-h265.mp4', 't_7000', 175],
    ['after the video, before the end of the sound', 'long-sound.mp4', 't_9000', 199],
    ['after the sound', 'long-sound.mp4', 't_13000', 199],
  ])('%s: %s %s', async (_row, of, params, frame) => {
    expect(await frameNumber(await snapshot(of, params))).toBe(frame);
  });
});

describe('how large', () => {
  it.each<[of: SourceName, params: string, size: string]>([
    ['count.mp4', 't_0', '64x48'],
    ['count.mp4', 't_0,w_0,h_0', '64x48'],
    ['count.mp4', 't_0,w_32', '32x24'],
    ['count.mp4', 't_0,h_12,w_0,f_png', '16x12'],
    ['count.mp4', 't_0,w_33,h_77', '33x77'],
    ['count.mp4', 't_0,w_1', '1x1'],
    // Larger than the source
    ['count.mp4', 't_0,w_640', '640x480'],
    ['count.mp4', 't_0,l_32', '32x24'],
    ['count.mp4', 't_0,s_24', '32x24'],
    ['count.mp4', 't_0,l_50,s_20', '50x20'],
    ['count.mp4', 't_0,w_16,l_50', '16x12'],
    ['turned.mp4', 't_0', '160x120'],
    ['turned.mp4', 't_0,ar_auto', '120x160'],
    ['turned.mp4', 't_0,ar_auto,w_60', '60x80'],
    ['turned.mp4', 't_0,ar_h', '120x160'],
    ['turned.mp4', 't_0,ar_w', '160x120'],
    ['small.mp4', 't_0,ar_auto', '160x120'],
    ['small.mp4', 't_0,ar_w', '160x120'],
    ['small.mp4', 't_0,ar_h,l_80', '60x80'],
  ])('%s %s: %s', async (of, params, size) => {
    const { width, height } = await sharp(await snapshot(of, params)).metadata();
    expect(`${width}x${height}`).toBe(size);
  });
});

describe('how it looks', () => {
  const closeTo = async (bytes: Buffer, expected: Buffer) => {
    const data = await greyFrame(bytes);
    expect(data.length).toBe(expected.length);
    const difference = data.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0) / data.length;
    expect(difference).toBeLessThan(8);
  };
  const turned = (bytes: Buffer, degrees: number, [width, height]: readonly [number, number]) =>
    sharp(bytes, { raw: { width, height, channels: 1 } })
      .rotate(degrees)
      .extractChannel(0)
      .raw()
      .toBuffer();

  it('ar_auto turns as players do, absent leaves it as stored', async () => {
    const shown = await greyFrame(await source('turned.mp4'));
    await closeTo(await snapshot('turned.mp4', 't_0,f_png,ar_auto'), shown);
    // The recipe turns it anticlockwise.
    await closeTo(await snapshot('turned.mp4', 't_0,f_png'), await turned(shown, 90, [120, 160]));
  });

  it('ar_h and ar_w turn clockwise, after the metadata', async () => {
    const lying = await greyFrame(await source('small.mp4'));
    await closeTo(await snapshot('small.mp4', 't_0,f_png,ar_h'), await turned(lying, 90, [160, 120]));
    const standing = await greyFrame(await source('turned.mp4'));
    await closeTo(await snapshot('turned.mp4', 't_0,f_png,ar_w'), await turned(standing, 90, [120, 160]));
  });

  it.each(['jpg', 'png'])('red is red in %s', async (format) => {
    const [red = 0, green = 255, blue = 255] = await mean(await snapshot('red.mp4', `t_0,f_${format}`));
    expect(red).toBeGreaterThan(251);
    expect(Math.max(green, blue)).toBeLessThan(4);
  });
});

describe('mistakes', () => {
  it.each<[params: string, code: string, ec: string]>([
    ['f_jpg', 'MissingArgument', '0053-00000101'],
    ['t_-1', 'InvalidArgument', '0053-00000101'],
    ['t_1.5', 'InvalidArgument', '0053-00000101'],
    ['t_', 'InvalidArgument', '0053-00000101'],
    ['t_2147483648', 'InvalidArgument', '0053-00000101'],
    ['t_0,l_-1', 'InvalidArgument', '0053-00000102'],
    ['t_0,s_x', 'InvalidArgument', '0053-00000103'],
    ['t_0,w_-1', 'InvalidArgument', '0053-00000104'],
    ['t_0,w_16385', 'InvalidArgument', '0053-00000104'],
    ['t_0,h_ten', 'InvalidArgument', '0053-00000105'],
    ['t_0,m_slow', 'InvalidArgument', '0053-00000106'],
    ['t_0,f_gif', 'InvalidArgument', '0053-00000107'],
    ['t_0,ar_x', 'InvalidArgument', '0053-00000108'],
    ['t_0,fast', 'InvalidArgument', '0053-00000109'],
  ])('%s: %s %s', async (params, code, ec) => {
    await put(bucket, 'count.mp4', await source('count.mp4'));
    const error = ossError(await processed(bucket, 'count.mp4', `video/snapshot,${params}`));
    expect(error).toMatchObject({ status: 400, code, ec });
  });

  it.each<[what: string, bytes: () => Promise<Buffer>, params: string, says: RegExp]>([
    ['mpeg4', () => source('A1.avi'), 't_0', /takes h264 and h265; the source is mpeg4/],
    ['vp9', () => source('vp9.webm'), 't_0', /the source is vp9/],
    ['sound', () => source('speech.aac'), 't_0', /no video/],
    ['text', async () => Buffer.from('Just a letter to a friend.\n'.repeat(40)), 't_0', /cannot be read/],
    ['nothing', async () => Buffer.alloc(0), 't_0', /cannot be read/],
    ['a picture larger than any', () => source('count.mp4'), 't_0,w_16000,h_16000', /16000x16000.*at most/],
    ['a side beyond all', () => source('P1.mp4'), 't_0,w_16000', /x28444/],
  ])('%s is refused', async (what, bytes, params, says) => {
    await put(bucket, what, await bytes());
    const { status, code, message } = ossError(await processed(bucket, what, `video/snapshot,${params}`));
    expect({ status, code }).toEqual({ status: 400, code: 'InvalidArgument' });
    expect(message).toMatch(says);
  });

  it('goes with no other operation, and not in the background', async () => {
    const chained = await processed(bucket, 'count.mp4', 'video/snapshot,t_0|image/resize,w_10');
    expect(ossError(chained)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    const later = await submitted(bucket, 'count.mp4', `video/snapshot,t_0${saveas('o.jpg')}`);
    expect(ossError(later)).toMatchObject({ status: 404, code: 'Imm Client' });
  });
});

describe('the answer', () => {
  it('has the validators of the object, no checksum of it, and is kept for the next GET', async () => {
    await put(bucket, 'count.mp4', await source('count.mp4'));
    const stored = await get(bucket, 'count.mp4');
    const first = await processed(bucket, 'count.mp4', 'video/snapshot,t_1000,w_20');
    expect(first.headers).toMatchObject({
      etag: stored.headers.etag,
      'last-modified': stored.headers['last-modified'],
      'content-length': String(first.bytes.length),
    });
    expect(Object.keys(first.headers)).not.toContain('x-oss-hash-crc64ecma');
    expect(Object.keys(first.headers)).not.toContain('content-md5');
    const again = await processed(bucket, 'count.mp4', 'video/snapshot,t_1000,w_20');
    expect(again.bytes.equals(first.bytes)).toBe(true);
    const condition = { 'if-none-match': stored.headers.etag as string };
    expect((await processed(bucket, 'count.mp4', 'video/snapshot,t_1000,w_20', condition)).status).toBe(304);
  });

  it('POST gives or saves it, as with any synchronous operation', async () => {
    await put(bucket, 'count.mp4', await source('count.mp4'));
    const given = await posted(bucket, 'count.mp4', 'video/snapshot,t_4000,f_png');
    expect(given.headers['content-type']).toBe('image/png');
    expect(await frameNumber(given.bytes)).toBe(100);
    const saved = await posted(bucket, 'count.mp4', `video/snapshot,t_4000,f_png${saveas('shot')}`);
    expect(JSON.parse(saved.text)).toMatchObject({ object: 'shot.png', status: 'OK' });
    expect((await get(bucket, 'shot.png')).bytes.equals(given.bytes)).toBe(true);
  });
});

describe('OSS does it by itself', () => {
  const servers: Ossite[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  async function start(options: { auth?: 'strict'; imm?: 'unbound' }) {
    const buckets = ['open-bucket:public-read'];
    const server = await startOssite({ port: 0, storage: 'memory', log: 'error', buckets, ...options });
    servers.push(server);
    return { door: frontDoor(server.endpoint), endpoint: server.endpoint };
  }

  it('for anyone who may read the object; video/info is not for everyone', async () => {
    const { door, endpoint } = await start({ auth: 'strict' });
    const client = sdk(formsOf(endpoint)['path style (sldEnable)'] as object, { bucket: 'open-bucket' });
    await client.put('clip.mp4', fixture('clip.mp4'));
    expect((await door.processed('open-bucket', 'clip.mp4', 'video/snapshot,t_0')).status).toBe(200);
    const info = ossError(await door.processed('open-bucket', 'clip.mp4', 'video/info'));
    expect(info).toMatchObject({ status: 403, code: 'AccessDenied' });
    const signed = new URL(client.signatureUrl('clip.mp4', { process: 'video/info' }));
    expect((await door.request('get', signed.pathname + signed.search)).status).toBe(200);
    await client.put('own.mp4', fixture('clip.mp4'), { headers: { 'x-oss-object-acl': 'private' } });
    const closed = ossError(await door.processed('open-bucket', 'own.mp4', 'video/snapshot,t_0'));
    expect(closed).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('without a binding to IMM, which video/info needs', async () => {
    const { door } = await start({ imm: 'unbound' });
    await door.put('open-bucket', 'clip.mp4', fixture('clip.mp4'));
    expect((await door.processed('open-bucket', 'clip.mp4', 'video/snapshot,t_0')).status).toBe(200);
    const { code, message } = ossError(await door.processed('open-bucket', 'clip.mp4', 'video/info'));
    expect(code).toBe('Imm Client');
    expect(message).toContain('The specified resource Attachment is not found.');
  });
});
