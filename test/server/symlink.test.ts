/** Symlinks (rest-core.md §1.2). */
import { beforeAll, describe, expect, it } from 'vitest';
import {
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
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'ziel/目标', Buffer.from('target'), { 'content-type': 'text/css', 'x-oss-meta-of': 'target' });
});
type Headers = Readonly<Record<string, string>>;
const link = (key: string, target: string, headers: Headers = {}) =>
  request('put', `${pathOf(bucket, key)}?symlink`, {
    headers: { 'x-oss-symlink-target': encodeURIComponent(target), ...headers },
  });

describe('PutSymlink and GetSymlink', () => {
  it('keep the target, url-encoded, and what the link says of itself', async () => {
    const made = await link('link', 'ziel/目标', {
      'content-type': 'text/html',
      'x-oss-meta-of': 'link',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging': 'k=v',
    });
    expect([made.status, made.bytes.length]).toEqual([200, 0]);
    expect(made.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(made.headers['x-oss-hash-crc64ecma']).toBeUndefined();
    const got = await get(bucket, 'link', { symlink: '' });
    expect([got.status, got.bytes.length]).toEqual([200, 0]);
    expect(got.headers).toMatchObject({
      'x-oss-symlink-target': 'ziel/%E7%9B%AE%E6%A0%87',
      etag: made.headers.etag,
      'last-modified': expect.any(String),
      'content-type': 'text/html',
      'x-oss-meta-of': 'link',
    });
  });

  it('a read gives the bytes of the target with the facts of the link', async () => {
    const target = (await get(bucket, 'ziel/目标')).headers;
    for (const answer of [await get(bucket, 'link'), await head(bucket, 'link')]) {
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'x-oss-object-type': 'Symlink',
        'content-type': 'text/html',
        'x-oss-meta-of': 'link',
        'x-oss-storage-class': 'IA',
        'x-oss-tagging-count': '1',
        'content-length': '6',
        etag: target.etag,
        'content-md5': target['content-md5'],
        'x-oss-hash-crc64ecma': target['x-oss-hash-crc64ecma'],
      });
    }
    expect((await get(bucket, 'link')).text).toBe('target');
    expect((await get(bucket, 'link', {}, { range: 'bytes=1-2' })).text).toBe('ar');
    expect((await head(bucket, 'link', { 'if-none-match': target.etag ?? '' })).status).toBe(304);
    const meta = await request('head', `${pathOf(bucket, 'link')}?objectMeta`);
    expect(meta.headers).toMatchObject({ etag: target.etag, 'content-length': '6' });
    const { text } = await get(bucket, '', { prefix: 'link' });
    expect(text).toMatch(/<Type>Symlink<\/Type>\s*<Size>0<\/Size>/);
  });

  it('the target need not be there, and must not be a link itself', async () => {
    expect((await link('dangling', 'nowhere')).status).toBe(200);
    expect((await link('twice', 'link')).status).toBe(200);
    for (const read of [get, head]) {
      expect((await read(bucket, 'dangling')).status).toBe(404);
      expect((await read(bucket, 'twice')).status).toBe(400);
    }
    expect(ossError(await get(bucket, 'dangling'))).toMatchObject({
      code: 'SymlinkTargetNotExist',
      message: 'The symlink target object does not exist',
    });
    expect(ossError(await get(bucket, 'twice'))).toMatchObject({ code: 'InvalidTargetType', ec: '0026-00000011' });
    expect((await get(bucket, 'dangling', { symlink: '' })).headers['x-oss-symlink-target']).toBe('nowhere');
    await put(bucket, 'nowhere', Buffer.from('there now'));
    expect((await get(bucket, 'dangling')).text).toBe('there now');
  });

  it.each<[string, Headers, number, string]>([
    ['no target', {}, 400, 'MissingArgument'],
    ['a target that can be no key', { 'x-oss-symlink-target': '%2Flead' }, 400, 'InvalidObjectName'],
    ['a target that is too long', { 'x-oss-symlink-target': 'x'.repeat(1024) }, 400, 'InvalidObjectName'],
    [
      'an object in its place',
      { 'x-oss-symlink-target': 'x', 'x-oss-forbid-overwrite': 'true' },
      409,
      'FileAlreadyExists',
    ],
  ])('%s is refused', async (_, headers, status, code) => {
    const answer = await request('put', `${pathOf(bucket, 'ziel/目标')}?symlink`, { headers });
    expect(ossError(answer)).toMatchObject({ status, code });
    expect((await get(bucket, 'ziel/目标')).text).toBe('target');
  });

  it('GetSymlink of what is none, or is not there', async () => {
    expect(ossError(await get(bucket, 'ziel/目标', { symlink: '' }))).toMatchObject({
      status: 400,
      code: 'NotSymlink',
      message: 'The object is not symlink.',
    });
    expect(ossError(await get(bucket, 'missing', { symlink: '' }))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });
});

describe('copying and deleting', () => {
  it('a copy of a link is a link; its target is left alone', async () => {
    const copied = await request('put', pathOf(bucket, 'copied'), {
      headers: { 'x-oss-copy-source': `/${bucket}/link` },
    });
    expect(copied.status).toBe(200);
    expect((await get(bucket, 'copied', { symlink: '' })).headers['x-oss-symlink-target']).toBe(
      'ziel/%E7%9B%AE%E6%A0%87',
    );
    expect((await request('delete', pathOf(bucket, 'copied'))).status).toBe(204);
    expect((await get(bucket, 'ziel/目标')).status).toBe(200);
  });
});

describe('processing through a link', () => {
  it('works on the bytes of the target, and keeps up with it', async () => {
    await put(bucket, 'photo.jpg', fixture('photo.jpg'));
    await link('photo-link.jpg', 'photo.jpg');
    const info = async () => JSON.parse((await processed(bucket, 'photo-link.jpg', 'image/info')).text);
    const direct = JSON.parse((await processed(bucket, 'photo.jpg', 'image/info')).text);
    expect(await info()).toEqual(direct);
    expect((await posted(bucket, 'photo-link.jpg', `image/resize,w_40${saveas('small.jpg')}`)).status).toBe(200);
    const small = (await get(bucket, 'small.jpg')).bytes;
    // Twice: a result that is kept is kept of the bytes, not of the link.
    for (let i = 0; i < 2; i += 1) expect((await info()).ImageWidth).toEqual(direct.ImageWidth);
    await put(bucket, 'photo.jpg', small);
    expect((await info()).ImageWidth.value).toBe('40');
    await link('broken.jpg', 'not there.jpg');
    expect(ossError(await processed(bucket, 'broken.jpg', 'image/info')).code).toBe('SymlinkTargetNotExist');
  });
});
