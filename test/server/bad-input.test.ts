/** Whatever a client sends: the answer is OSS's, the server stays up, nothing is left behind and nothing appears. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { fixture, frontDoor, ossError, saveas } from '../helpers/ossite.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'ossite-bad-'));
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
let bucket: string;

beforeAll(async () => {
  // An instance of its own: its directories are looked into.
  ossite = await startOssite({ port: 0, dataDir, log: 'error' });
  door = frontDoor(ossite.endpoint);
  bucket = await door.freshBucket();
  const photo = fixture('photo.jpg');
  await door.put(bucket, 'photo.jpg', photo);
  await door.put(bucket, 'truncated.jpg', photo.subarray(0, photo.length / 2));
  await door.put(bucket, 'photo.png', await sharp(photo).resize(300).png().toBuffer());
  await door.put(bucket, 'text.jpg', Buffer.from('this is no picture\n'.repeat(50)), { 'content-type': 'image/jpeg' });
  await door.put(bucket, 'empty.png', Buffer.alloc(0));
  await door.put(bucket, 'random.docx', randomBytes(3000));
  await door.put(bucket, 'random.mp4', randomBytes(3000));
  await door.put(bucket, 'song.mp3', fixture('song.mp3'));
  await door.put(bucket, 'report.docx', fixture('report.docx'));
});
afterAll(async () => {
  await ossite.close();
  rmSync(dataDir, { recursive: true });
});

let before: string;
beforeEach(async () => {
  before = (await door.get(bucket, '')).text;
});

/** Nothing was written, no working file stayed, and the server answers. */
async function untouched(): Promise<void> {
  expect((await door.get(bucket, '')).text).toBe(before);
  expect(readdirSync(join(dataDir, 'tmp')).filter((name) => !['engines', 'results'].includes(name))).toEqual([]);
  expect((await door.request('get', '/_ossite/live')).status).toBe(200);
}

describe('refused while the client waits', () => {
  it.each<[string, string, number, string, string | undefined, string?]>([
    ['missing.jpg', 'image/resize,w_100', 404, 'NoSuchKey', '0040-00000024'],
    ['photo.jpg', 'image/nope,w_100', 400, 'InvalidArgument', '0040-00000213'],
    [
      'photo.jpg',
      'image/resize,w_0',
      400,
      'InvalidArgument',
      '0040-00000312',
      'The value: 0 of parameter: w is invalid.',
    ],
    ['photo.jpg', 'image/resize,w_1,limit_2', 400, 'InvalidArgument', '0040-00000319'],
    [
      'photo.jpg',
      'image/crop,x_99999,w_10',
      400,
      'CutEdgeExceedRange',
      undefined,
      "Advance cut's position is out of image.",
    ],
    ['text.jpg', 'image/resize,w_100', 400, 'BadRequest', '0040-00000005', 'This image format is not supported.'],
    ['empty.png', 'image/resize,w_100', 400, 'BadRequest', '0040-00000005', 'This image format is not supported.'],
    ['random.docx', 'image/info', 400, 'BadRequest', '0040-00000005', 'This image format is not supported.'],
    ['truncated.jpg', 'image/resize,w_100', 400, 'BadRequest', undefined],
    ['truncated.jpg', 'image/rotate,90', 400, 'BadRequest', undefined],
    ['photo.jpg', 'image/watermark,text_!!!!', 400, 'BadRequest', '0040-00000258', 'Input is not base64 decoding.'],
  ])('%s with %s', async (key, process, status, code, ec, message) => {
    for (const answer of [
      await door.processed(bucket, key, process),
      await door.posted(bucket, key, process + saveas('never.jpg')),
    ]) {
      // A directive behind image/info is another mistake; it is told first.
      if (process === 'image/info' && ossError(answer).code === 'InvalidArgument') continue;
      const error = ossError(answer);
      expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
      if (message !== undefined) expect(error.message).toBe(message);
    }
    await untouched();
  });

  it('saving to a bucket that is not there', async () => {
    const answer = await door.posted(bucket, 'photo.jpg', `image/resize,w_100${saveas('x', 'no-such-bucket')}`);
    expect(ossError(answer)).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
      ec: '0015-00000101',
      elements: { BucketName: 'no-such-bucket' },
    });
    await untouched();
  });

  it.each<[string, string, string]>([
    ['', 'InvalidRequest', 'no x-oss-process parameter found'],
    ['x-oss-process=', 'InvalidRequest', 'no x-oss-process parameter found'],
    ['foo=bar', 'InvalidRequest', 'no x-oss-process parameter found'],
    ['x-oss-process=test', 'InvalidArgument', 'operation not support post: test'],
    ['x-oss-process=image/resize,w_100|saveas,o_dA', 'InvalidArgument', 'operation not support post: saveas'],
    ['x-oss-process=%E4%B8', 'InvalidArgument', 'operation not support post: \ufffd'],
  ])('the body %j', async (body, code, message) => {
    const answer = await door.request('post', `/${bucket}/photo.jpg?x-oss-process`, { body });
    expect(ossError(answer)).toMatchObject({ status: 400, code, message });
    await untouched();
  });

  it('a body whose Content-MD5 is another’s', async () => {
    const answer = await door.request('post', `/${bucket}/photo.jpg?x-oss-process`, {
      body: 'x-oss-process=image/resize,w_1|sys/saveas,o_dA',
      headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'InvalidDigest' });
    await untouched();
  });

  it('a body without end', async () => {
    const answer = await door.request('post', `/${bucket}/photo.jpg?x-oss-process`, {
      body: `x-oss-process=${'x'.repeat(300_000)}`,
    });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'EntityTooLarge' });
    await untouched();
  });
});

describe('refused when a task is submitted', () => {
  it.each<[string, string, number, string, string | undefined]>([
    ['missing.mp4', `video/convert,f_mp4${saveas('x')}`, 404, 'NoSuchKey', undefined],
    ['song.mp3', 'video/convert,f_mp4', 400, 'Imm Client', '0056-00000001'],
    ['song.mp3', `video/convert,f_mp4,vb_5${saveas('x')}`, 400, 'Imm Client', '0056-00000001'],
    ['song.mp3', `video/convert,f_mp4${saveas('x', 'no-such-bucket')}`, 404, 'NoSuchBucket', '0015-00000101'],
    ['photo.jpg', `image/resize,w_100${saveas('x')}`, 404, 'Imm Client', '0056-00000001'],
    ['report.docx', `doc/convert,target_exe${saveas('x')}`, 400, 'Imm Client', '0056-00000001'],
  ])('%s with %s', async (key, process, status, code, ec) => {
    const answer = await door.submitted(bucket, key, process);
    const error = ossError(answer);
    expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
    expect((await door.request('get', `/_ossite/tasks?bucket=${bucket}`)).text).not.toContain(key);
    await untouched();
  });
});

describe('accepted, then failed with a code and a sentence', () => {
  it.each<[string, string, string, RegExp]>([
    ['random.docx', `doc/convert,target_png${saveas('{index}.png')}`, 'OpenFileError', /\w+ .+\./],
    ['random.mp4', `video/convert,f_mp4,vcodec_h264${saveas('out.mp4')}`, 'UnsupportedMedia', /\w+ .+/],
    ['text.jpg', `video/convert,f_mp4,vcodec_h264${saveas('out.mp4')}`, 'UnsupportedMedia', /\w+ .+/],
    // Sound only, and its sound is dropped too: nothing is left.
    ['song.mp3', `video/convert,f_mp4,vcodec_h264,an_1${saveas('out.mp4')}`, 'InvalidArgument', /\w+ .+/],
  ])('%s with %s', async (key, process, code, message) => {
    const task = await door.converted(bucket, key, process);
    expect(task).toMatchObject({ Status: 'Failed', Code: code, Outputs: [], Attempts: 1 });
    expect(task.Message).toMatch(message);
    expect(task.Message).not.toContain(dataDir);
    await untouched();
  });
});

describe('clients that do not wait', () => {
  it('leave nothing behind', async () => {
    const leaving = Array.from({ length: 8 }, async (_, i) => {
      const url = `${ossite.endpoint}/${bucket}/photo.jpg?x-oss-process=image/resize,w_${900 + i},limit_0/sharpen,100/rotate,33`;
      await fetch(url, { signal: AbortSignal.timeout(20 + 10 * i) }).catch(() => {});
    });
    await Promise.all(leaving);
    // The last of them may still be on its way out.
    const end = Date.now() + 10_000;
    while (readdirSync(join(dataDir, 'tmp')).some((name) => name.startsWith('run-')) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await untouched();
  });
});
