/** `?processConfiguration` and what it switches on: styles behind a delimiter (documents-styles-tasks.md §4.2, §4.3). */
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { forms, sdk } from '../helpers/sdk.ts';

/** As Java v1 writes it: no declaration, this spelling, this order. */
const body = (host: string, protect: string, suffix: string, delimiters: string) =>
  `<BucketProcessConfiguration><CompliedHost>${host}</CompliedHost><SourceFileProtect>${protect}</SourceFileProtect>` +
  `<SourceFileProtectSuffix>${suffix}</SourceFileProtectSuffix><StyleDelimiters>${delimiters}</StyleDelimiters>` +
  '<OssDomainSupportAtProcess>Disabled</OssDomainSupportAtProcess></BucketProcessConfiguration>';

const configure = (bucket: string, xml: string, headers: Record<string, string> = {}) =>
  request('put', `${pathOf(bucket)}?processConfiguration`, { body: xml, headers });
const configuration = async (bucket: string) => (await request('get', `${pathOf(bucket)}?processConfiguration`)).text;

const shown = (host: string, protect: string, suffix: string, delimiters: string, support = 'Disabled') => {
  const element = (name: string, text: string) => (text === '' ? `  <${name}/>\n` : `  <${name}>${text}</${name}>\n`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<BucketProcessConfiguration>\n',
    element('CompliedHost', host),
    element('SourceFileProtect', protect),
    element('SourceFileProtectSuffix', suffix),
    element('StyleDelimiters', delimiters),
    element('OssDomainSupportAtProcess', support),
    element('Version', '2'),
    '</BucketProcessConfiguration>\n',
  ].join('');
};

describe('the configuration', () => {
  // The steps of the Java SDK's own test against the service.
  it('is as the Java SDK writes and reads it', async () => {
    const bucket = await freshBucket();
    expect(await configuration(bucket)).toBe(shown('Both', 'Disabled', '', ''));
    const made = await configure(bucket, body('Img', 'Enabled', 'jpg,png', '/,-'));
    expect([made.status, made.bytes.length]).toEqual([200, 0]);
    expect(await configuration(bucket)).toBe(shown('Img', 'Enabled', 'jpg,png', '-,/'));
    await configure(bucket, body('Both', 'Disabled', 'gif', '-'));
    expect(await configuration(bucket)).toBe(shown('Both', 'Disabled', '', '-'));
    await configure(bucket, body('img', 'enabled', '*', '_,!,/,-').replace('>Disabled</Oss', '>Enabled</Oss'));
    expect(await configuration(bucket)).toBe(shown('Img', 'Enabled', '*', '!,-,/,_', 'Enabled'));
    await configure(bucket, '<BucketProcessConfiguration/>');
    expect(await configuration(bucket)).toBe(shown('Both', 'Disabled', '', ''));
  });

  it.each<[string, string, string, Record<string, string>?]>([
    ['a host of another kind', body('xxx', 'Disabled', '*', '/,-'), 'InvalidArgument'],
    ['Java’s null', body('null', 'Disabled', '*', '/,-'), 'InvalidArgument'],
    ['neither on nor off', body('Img', 'perhaps', '*', '/'), 'InvalidArgument'],
    ['protection of nothing', body('Img', 'Enabled', '', '/'), 'InvalidArgument'],
    ['a delimiter that is none', body('Img', 'Disabled', '', '#'), 'InvalidArgument'],
    ['delimiters without commas', body('Img', 'Disabled', '', '!-'), 'InvalidArgument'],
    ['another root', '<Style/>', 'MalformedXML'],
    ['no XML', 'x', 'MalformedXML'],
    [
      'another body’s MD5',
      body('Img', 'Disabled', '', '/'),
      'InvalidDigest',
      { 'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==' },
    ],
    [
      'rules that OSS does not document',
      '<BucketProcessConfiguration><BucketChannelConfig/></BucketProcessConfiguration>',
      'NotImplemented',
    ],
  ])('%s is refused, and nothing changes', async (_, xml, code, headers) => {
    const bucket = await freshBucket();
    expect(ossError(await configure(bucket, xml, headers))).toMatchObject({ status: 400, code });
    expect(await configuration(bucket)).toBe(shown('Both', 'Disabled', '', ''));
  });

  it('needs a bucket, and goes with it', async () => {
    const missing = { status: 404, code: 'NoSuchBucket' };
    expect(ossError(await configure('no-such-bucket', body('img', 'Disabled', '*', '/,-')))).toMatchObject(missing);
    expect(ossError({ status: 404, text: await configuration('no-such-bucket') })).toMatchObject(missing);
    const bucket = await freshBucket();
    await configure(bucket, body('Img', 'Disabled', '', '!'));
    await request('delete', pathOf(bucket));
    await request('put', pathOf(bucket));
    expect(await configuration(bucket)).toBe(shown('Both', 'Disabled', '', ''));
  });
});

describe('styles behind a delimiter', () => {
  let bucket: string;
  const style = (name: string, content: string) =>
    request('put', `${pathOf(bucket)}?style&styleName=${name}`, {
      body: `<Style><Content>${content}</Content></Style>`,
    });
  const width = async (key: string) => {
    const { status, bytes, text } = await get(bucket, key);
    expect(status, text).toBe(200);
    return (await sharp(bytes).metadata()).width;
  };

  beforeAll(async () => {
    bucket = await freshBucket('public-read');
    await configure(bucket, body('Both', 'Disabled', '', '!,-,_,/'));
    await style('small', 'image/resize,w_50');
    await style('my-small_2', 'image/resize,w_60');
    await style('b.c', 'image/resize,w_70');
    await style('broken', 'csdar5324');
    const narrow = await sharp(fixture('photo.jpg')).resize(30).jpeg().toBuffer();
    for (const key of ['photo.jpg', 'a/b.jpg', '中文 图.jpg', `${'k'.repeat(1014)}.jpg`])
      await put(bucket, key, fixture('photo.jpg'));
    // Objects whose whole names look like a split, and a half of one.
    for (const key of ['plain!small', 'photo.jpg!a']) await put(bucket, key, narrow);
  });

  it.each([
    ['photo.jpg!small', 50],
    ['photo.jpg-small', 50],
    ['photo.jpg_small', 50],
    ['photo.jpg/small', 50],
    ['a/b.jpg!small', 50],
    ['中文 图.jpg!small', 50],
    // The style's own name has delimiters in it.
    ['photo.jpg!my-small_2', 60],
    ['photo.jpg-my-small_2', 60],
    ['photo.jpg!b.c', 70],
    // An object of the whole name comes first.
    ['plain!small', 30],
    ['photo.jpg!a', 30],
    ['photo.jpg!a!small', 30],
  ])('GET %s has width %d', async (key, expected) => expect(await width(key)).toBe(expected));

  it('long names: only what comes before the delimiter has to be a good one', async () => {
    expect(await width(`${'k'.repeat(1014)}.jpg!small`)).toBe(50);
    expect(ossError(await get(bucket, `photo.jpg!${'s'.repeat(64)}`)).code).toBe('NoSuchKey');
    expect(ossError(await get(bucket, '-'.repeat(1000))).code).toBe('NoSuchKey');
    expect(ossError(await get(bucket, `${'k'.repeat(1024)}!small`)).code).toBe('InvalidObjectName');
  });

  it('answers as GET with the style would, overrides and conditions included', async () => {
    const long = await get(bucket, 'photo.jpg', { 'x-oss-process': 'style/small' });
    const short = await get(bucket, 'photo.jpg!small', { 'response-cache-control': 'no-cache' });
    expect(short.bytes.equals(long.bytes)).toBe(true);
    expect(short.headers).toMatchObject({
      etag: long.headers.etag,
      'content-type': 'image/jpeg',
      'cache-control': 'no-cache',
    });
    expect(short.headers['x-oss-hash-crc64ecma']).toBeUndefined();
    expect((await get(bucket, 'photo.jpg!small', {}, { 'if-none-match': long.headers.etag ?? '' })).status).toBe(304);
  });

  it('HEAD is a plain HEAD of the object, as with x-oss-process', async () => {
    const plain = await head(bucket, 'photo.jpg');
    const short = await head(bucket, 'photo.jpg!small');
    expect(short.status).toBe(200);
    for (const name of ['etag', 'content-length', 'x-oss-hash-crc64ecma'])
      expect(short.headers[name]).toBe(plain.headers[name]);
  });

  it.each<[string, string, number, string]>([
    ['an object and no style', 'photo.jpg!never', 404, 'NoSuchStyle'],
    ['a style and no object', 'never.jpg!small', 404, 'NoSuchKey'],
    ['neither', 'never.jpg!never', 404, 'NoSuchKey'],
    ['a built-in style', 'photo.jpg!::h264-mp4-720p', 404, 'NoSuchKey'],
    ['more than a style', 'photo.jpg!small|image/rotate,90', 404, 'NoSuchKey'],
    ['nothing behind it', 'photo.jpg!', 404, 'NoSuchKey'],
    ['nothing before it', '!small', 404, 'NoSuchKey'],
    ['a style that is nonsense', 'photo.jpg!broken', 400, 'InvalidArgument'],
  ])('%s: %s', async (_, key, status, code) =>
    expect(ossError(await get(bucket, key))).toMatchObject({ status, code }),
  );

  it('no key makes the server fail', async () => {
    const key = fc.string({
      unit: fc.constantFrom(...'!-_/|,%.{}:中 ', 'photo.jpg', 'small'),
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(key, async (text) => {
        const { status } = await get(bucket, text);
        expect([200, 400, 404]).toContain(status);
      }),
    );
  });

  it('means nothing to other requests, nor where the bucket has no delimiter', async () => {
    await put(bucket, 'written!small', Buffer.from('w'));
    expect((await get(bucket, 'written!small')).text).toBe('w');
    expect(ossError(await get(bucket, 'photo.jpg!small', { 'x-oss-process': 'image/info' })).code).toBe('NoSuchKey');
    expect(
      ossError(await request('post', `/${bucket}/photo.jpg!small?x-oss-process`, { body: 'x-oss-process=image/info' }))
        .code,
    ).toBe('NoSuchKey');
    expect(ossError(await request('get', `/${bucket}/photo.jpg!small?acl`)).code).toBe('NoSuchKey');
    expect((await request('delete', `/${bucket}/photo.jpg!small`)).status).toBe(204);
    expect((await head(bucket, 'photo.jpg')).status).toBe(200);

    const other = await freshBucket();
    await put(other, 'photo.jpg', fixture('photo.jpg'));
    await request('put', `${pathOf(other)}?style&styleName=small`, {
      body: '<Style><Content>image/resize,w_50</Content></Style>',
    });
    expect(ossError(await get(other, 'photo.jpg!small'))).toMatchObject({ code: 'NoSuchKey', ec: '0026-00000001' });
    await configure(other, body('Both', 'Disabled', '', '-'));
    expect(ossError(await get(other, 'photo.jpg!small')).code).toBe('NoSuchKey');
    expect((await get(other, 'photo.jpg-small')).status).toBe(200);
  });

  it('a signature is of the key as it was sent', async () => {
    const client = sdk(forms['path style (sldEnable)'] as object, { bucket });
    const { res, content } = await client.get('photo.jpg!small');
    expect([res.headers['x-ossite-auth'], (await sharp(content).metadata()).width]).toEqual(['ok', 50]);
    const url = new URL(client.signatureUrl('photo.jpg!small'));
    expect((await request('get', url.pathname + url.search)).headers['x-ossite-auth']).toBe('ok');
  });
});
