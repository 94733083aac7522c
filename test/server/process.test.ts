/** Processing requests in the shapes clients give them, and what is saved. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  b64,
  fixture,
  freshBucket,
  get,
  head,
  ossError,
  pathOf,
  posted,
  processed,
  put,
  request,
  saveas,
} from '../helpers/ossite.ts';

let bucket: string;
let other: string;
beforeAll(async () => {
  [bucket, other] = [await freshBucket(), await freshBucket('public-read')];
  await put(bucket, 'dir/photo.jpg', fixture('photo.jpg'), {
    'content-type': 'image/jpeg',
    'x-oss-meta-owner': 'me',
    'cache-control': 'no-cache',
    'content-encoding': 'identity',
  });
  await request('put', `${pathOf(bucket)}?style&styleName=thumb`, {
    body: '<Style><Content>image/resize,w_64</Content></Style>',
  });
});

const widthOf = async (bytes: Buffer) => (await sharp(bytes).metadata()).width;
const KEY = 'dir/photo.jpg';

describe('GET', () => {
  it('answers with the stored object’s headers, but not with checksums of other bytes', async () => {
    const stored = await head(bucket, KEY);
    const answer = await processed(bucket, KEY, 'image/resize,w_100/format,png');
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'no-cache',
      'x-oss-object-type': 'Normal',
    });
    for (const name of ['etag', 'last-modified']) expect(answer.headers[name]).toBe(stored.headers[name]);
    for (const name of ['x-oss-hash-crc64ecma', 'content-md5', 'content-encoding', 'accept-ranges'])
      expect(answer.headers[name]).toBeUndefined();
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length);
    expect(
      await processed(bucket, KEY, 'image/resize,w_100', { 'if-none-match': stored.headers.etag as string }),
    ).toMatchObject({ status: 304 });
    expect(await processed(bucket, KEY, 'image/resize,w_100', { 'if-match': '"other"' })).toMatchObject({
      status: 412,
    });
    expect(await widthOf((await processed(bucket, KEY, 'image/resize,w_100', { range: 'bytes=0-9' })).bytes)).toBe(100);
  });

  it('a style, a raw string, an escaped one, an empty one', async () => {
    expect(await widthOf((await processed(bucket, KEY, 'style/thumb')).bytes)).toBe(64);
    expect(await widthOf((await request('get', `/${bucket}/${KEY}?x-oss-process=image/resize,w_70`)).bytes)).toBe(70);
    expect((await get(bucket, KEY, { 'x-oss-process': '' })).bytes.equals(fixture('photo.jpg'))).toBe(true);
    expect(ossError(await processed(bucket, KEY, 'style/never'))).toMatchObject({ status: 404, code: 'NoSuchStyle' });
  });

  it('a chain of segments: each works on what the one before made', async () => {
    const { width, height } = await sharp(
      (await processed(bucket, KEY, 'image/crop,w_400,h_200|image/resize,w_100')).bytes,
    ).metadata();
    expect([width, height]).toEqual([100, 50]);
  });

  it('of an object or bucket that is not there', async () => {
    expect(ossError(await processed(bucket, 'never', 'image/resize,w_1'))).toMatchObject({
      code: 'NoSuchKey',
      ec: '0040-00000024',
    });
    expect(ossError(await processed('no-such-bucket', 'x', 'image/resize,w_1'))).toMatchObject({
      code: 'NoSuchBucket',
      ec: '0015-00000101',
    });
  });

  it('HEAD with a process string is a plain HEAD', async () => {
    const answer = await request('head', `/${bucket}/${KEY}?x-oss-process=image/resize,w_70`);
    expect([answer.status, Number(answer.headers['content-length'])]).toEqual([200, fixture('photo.jpg').length]);
  });
});

describe('POST', () => {
  const post = (body: string, headers: Record<string, string> = {}, query = '?x-oss-process') =>
    request('post', `/${bucket}/${KEY}${query}`, { body, headers });

  it('without saveas answers the picture itself', async () => {
    const answer = await posted(bucket, KEY, 'image/resize,w_80');
    expect([
      answer.headers['content-type'],
      answer.headers['x-oss-hash-crc64ecma'],
      await widthOf(answer.bytes),
    ]).toEqual(['image/jpeg', undefined, 80]);
  });

  // documents-styles-tasks.md §5: raw or escaped, any Content-Type, `=` or none, a value in the query when there is no body.
  it.each<[string, string, Record<string, string>, string]>([
    ['raw', 'x-oss-process=image/resize,w_90|sys/saveas,o_KEY', {}, '?x-oss-process'],
    ['escaped', 'x-oss-process=image%2Fresize%2Cw_90%7Csys%2Fsaveas%2Co_KEY', {}, '?x-oss-process='],
    [
      'a form',
      'x-oss-process=image%2Fresize%2Cw_90%7Csys%2Fsaveas%2Co_KEY',
      { 'content-type': 'application/x-www-form-urlencoded' },
      '?x-oss-process',
    ],
    [
      'as XML',
      'x-oss-process=image/resize,w_90|sys/saveas,o_KEY',
      { 'content-type': 'application/xml' },
      '?x-oss-process',
    ],
    ['with a line end', 'x-oss-process=image/resize,w_90|sys/saveas,o_KEY\r\n', {}, '?x-oss-process'],
    ['more behind it', 'x-oss-process=image/resize,w_90|sys/saveas,o_KEY&x=y', {}, '?x-oss-process'],
    ['in the query', '', {}, '?x-oss-process=image/resize,w_90%7Csys/saveas,o_KEY'],
  ])('%s', async (name, body, headers, query) => {
    // Standard Base64 of this name has a plus in it, which must stay one.
    const target = `saved/>>>${name}`;
    const encoded = Buffer.from(target).toString('base64');
    const answer = await post(body.replace('KEY', encoded), headers, query.replace('KEY', encodeURIComponent(encoded)));
    expect(answer.text, answer.text).toContain(`"object": ${JSON.stringify(target)}`);
    expect(await widthOf((await get(bucket, target)).bytes)).toBe(90);
  });

  it('answers in the layout that clients match as text', async () => {
    const own = await posted(bucket, KEY, `image/resize,w_10${saveas('a.jpg')}`);
    const size = (await get(bucket, 'a.jpg')).bytes.length;
    expect(own.text).toBe(
      `{\n    "bucket": "",\n    "fileSize": ${size},\n    "object": "a.jpg",\n    "status": "OK"}`,
    );
    expect([own.headers['content-type'], own.headers['x-oss-hash-crc64ecma'], own.headers.etag]).toEqual([
      'application/json',
      undefined,
      undefined,
    ]);
    expect((await posted(bucket, KEY, `image/resize,w_10${saveas('a.jpg', other)}`)).text).toContain(
      `"bucket": "${other}",`,
    );
  });
});

describe('what is saved', () => {
  it('is an ordinary object of the format’s type, with nothing of the source’s metadata', async () => {
    await posted(bucket, KEY, `image/format,webp${saveas('plain.bin', other)}`);
    const { headers } = await head(other, 'plain.bin');
    expect(headers).toMatchObject({
      'content-type': 'image/webp',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
    });
    expect([headers['x-oss-meta-owner'], headers['cache-control']]).toEqual([undefined, undefined]);
    expect(headers['x-oss-hash-crc64ecma']).toMatch(/^\d+$/);
  });

  it('names may have variables, in o and in b; what is echoed is what they became', async () => {
    const today = new Date().getUTCFullYear();
    const answer = await posted(
      bucket,
      KEY,
      `image/resize,w_20|sys/saveas,o_${b64('{dirname}/x/{barename}-{t_year}.{autoext}')},b_${b64('{bucket}')}`,
    );
    expect(JSON.parse(answer.text)).toMatchObject({ bucket, object: `dir/x/photo-${today}.jpg` });
    expect((await get(bucket, `dir/x/photo-${today}.jpg`)).status).toBe(200);
  });

  it('a line end in a name is dropped, of two names the first counts', async () => {
    const answer = await posted(
      bucket,
      KEY,
      `image/resize,w_20|sys/saveas,o_${b64('first.jpg\n')},o_${b64('second.jpg')}`,
    );
    expect(JSON.parse(answer.text)).toMatchObject({ object: 'first.jpg' });
  });

  it('may take the place of the source, and of what was there', async () => {
    await put(bucket, 'self.jpg', fixture('photo.jpg'));
    for (const width of [300, 200]) {
      await posted(bucket, 'self.jpg', `image/resize,w_${width}${saveas('self.jpg')}`);
      expect(await widthOf((await get(bucket, 'self.jpg')).bytes)).toBe(width);
    }
  });

  it('a name that becomes no name is refused, and nothing is written', async () => {
    await put(bucket, `${'n'.repeat(600)}.jpg`, fixture('photo.jpg'));
    const answer = await posted(
      bucket,
      `${'n'.repeat(600)}.jpg`,
      `image/resize,w_20|sys/saveas,o_${b64('{barename}{barename}')}`,
    );
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'InvalidObjectName' });
  });
});

describe('what was stored with the object is said of its picture', () => {
  it('a name in Chinese too, of a fresh result and of a kept one', async () => {
    const bucket = await freshBucket();
    const disposition = Buffer.from('attachment; filename="图片.jpg"').toString('latin1');
    await put(bucket, 'named.jpg', fixture('photo.jpg'), { 'content-disposition': disposition });
    for (const attempt of ['fresh', 'kept', 'kept']) {
      const answer = await processed(bucket, 'named.jpg', 'image/resize,w_33');
      expect([answer.status, answer.headers['content-disposition']], attempt).toEqual([200, disposition]);
      expect(await sharp(answer.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 33 });
    }
    expect((await get(bucket, 'named.jpg')).headers['content-disposition']).toBe(disposition);
  });
});
