/** `--auth strict`: what OSS accepts is accepted, what it refuses is refused in its words. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { fixture, frontDoor, ossError, saveas } from '../helpers/ossite.ts';
import { formsOf, type Sdk, sdk } from '../helpers/sdk.ts';

const BUCKET = 'strict-bucket';
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
let client: Sdk;

beforeAll(async () => {
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    auth: 'strict',
    buckets: ['open-read:public-read', 'open-write:public-read-write'],
  });
  door = frontDoor(ossite.endpoint);
  client = sdk(formsOf(ossite.endpoint)['path style (sldEnable)'] as object, { bucket: BUCKET });
  await client.putBucket(BUCKET);
  await client.put('photo.jpg', fixture('photo.jpg'));
});
afterAll(() => ossite.close());

/** A V1 signature made here, for requests that no SDK would send. */
function signed(
  method: string,
  path: string,
  date: Date,
  secret = 'ossite-secret',
  id = 'ossite',
): Record<string, string> {
  const text = `${method}\n\n\n${date.toUTCString()}\n${path}`;
  return {
    date: date.toUTCString(),
    authorization: `OSS ${id}:${createHmac('sha1', secret).update(text).digest('base64')}`,
  };
}

describe('accepted', () => {
  it('the real SDK, in every addressing form and both signature versions', async () => {
    for (const form of Object.values(formsOf(ossite.endpoint))) {
      for (const version of [{}, { authorizationV4: true }]) {
        const own = sdk(form, { bucket: BUCKET, ...version });
        await own.put('dir/a b+中.txt', Buffer.from('x'));
        expect((await own.get('dir/a b+中.txt')).content.toString()).toBe('x');
        expect((await own.processObjectSave('photo.jpg', 'small.jpg', 'image/resize,w_50')).res.status).toBe(200);
        expect((await own.listV2({ prefix: 'dir/' })).objects).toHaveLength(1);
        await own.copy('copied', 'dir/a b+中.txt');
        await own.deleteMulti(['copied']);
      }
    }
  });

  it('presigned URLs until they expire', async () => {
    const url = new URL(client.signatureUrl('photo.jpg', { expires: 60, process: 'image/info' }));
    expect((await door.request('get', url.pathname + url.search)).status).toBe(200);
    const late = new URL(client.signatureUrl('photo.jpg', { expires: -60 }));
    expect(ossError(await door.request('get', late.pathname + late.search))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Request has expired.',
    });
  });
});

describe('refused', () => {
  const path = `/${BUCKET}/photo.jpg`;
  const get = (headers: Record<string, string>, query = '') =>
    door.request('get', path + query, { headers }).then(ossError);

  it('a wrong secret, showing what was signed here', async () => {
    const error = await get(signed('GET', path, new Date(), 'wrong'));
    expect(error).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
      ec: '0002-00000040',
      elements: { OSSAccessKeyId: 'ossite' },
    });
    expect(error.elements.StringToSign).toMatch(/^GET\n\n\n.* GMT\n\/strict-bucket\/photo\.jpg$/);
    expect(error.elements.StringToSignBytes).toMatch(/^47 45 54 0A /);
    const v4 = sdk(formsOf(ossite.endpoint)['path style (sldEnable)'] as object, {
      bucket: BUCKET,
      authorizationV4: true,
      accessKeySecret: 'wrong',
    });
    await expect(v4.get('photo.jpg')).rejects.toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it.each<[string, () => Record<string, string>, string, number, string]>([
    ['an unknown key', () => signed('GET', path, new Date(), 'x', 'nobody'), '', 403, 'InvalidAccessKeyId'],
    [
      'a clock 20 minutes off',
      () => signed('GET', path, new Date(Date.now() - 20 * 60_000)),
      '',
      403,
      'RequestTimeTooSkewed',
    ],
    ['no date', () => ({ authorization: 'OSS ossite:x' }), '', 403, 'AccessDenied'],
    ['no Expires', () => ({}), '?OSSAccessKeyId=ossite&Signature=x', 403, 'AccessDenied'],
    ['Expires that is no number', () => ({}), '?OSSAccessKeyId=ossite&Signature=x&Expires=soon', 403, 'AccessDenied'],
    [
      'two signatures',
      () => signed('GET', path, new Date()),
      '?OSSAccessKeyId=ossite&Signature=x&Expires=1',
      400,
      'InvalidArgument',
    ],
    ['S3’s dialect', () => ({ authorization: 'AWS4-HMAC-SHA256 Credential=x' }), '', 400, 'InvalidArgument'],
    [
      'a V4 credential of two parts',
      () => ({ authorization: 'OSS4-HMAC-SHA256 Credential=ossite/x, Signature=y' }),
      '',
      400,
      'InvalidArgument',
    ],
  ])('%s', async (_, headers, query, status, code) =>
    expect(await get(headers(), query)).toMatchObject({ status, code }),
  );

  it('a missing bucket is told only after a good signature', async () => {
    const missing = '/no-such-bucket/x';
    const ask = (secret: string) =>
      door.request('get', missing, { headers: signed('GET', missing, new Date(), secret) }).then(ossError);
    expect(await ask('wrong')).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(await ask('ossite-secret')).toMatchObject({ status: 404, code: 'NoSuchBucket' });
  });
});

describe('anonymous callers', () => {
  const reader = () => sdk(formsOf(ossite.endpoint)['path style (sldEnable)'] as object, { bucket: 'open-read' });

  it('do what the bucket’s ACL lets them', async () => {
    await reader().put('k', Buffer.from('public'));
    expect(ossError(await door.get(BUCKET, 'photo.jpg'))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'You have no right to access this object because of bucket acl.',
      ec: '0003-00000001',
    });
    expect((await door.get('open-read', 'k')).text).toBe('public');
    expect((await door.get('open-read', '')).status).toBe(200);
    expect(ossError(await door.request('put', '/open-read/new', { body: 'x' })).code).toBe('AccessDenied');
    expect((await door.request('put', '/open-write/new', { body: 'x' })).status).toBe(200);
    expect(ossError(await door.get(BUCKET, '')).message).toBe('Anonymous user has no right to access this bucket.');
    expect(ossError(await door.request('get', '/')).message).toBe('Anonymous access is forbidden for this operation.');
    expect(ossError(await door.request('put', '/brand-new')).code).toBe('AccessDenied');
    expect(ossError(await door.posted('open-write', 'new', 'image/info')).code).toBe('AccessDenied');
  });

  it('an object’s own ACL wins over the bucket’s', async () => {
    await reader().put('secret', Buffer.from('s'), { headers: { 'x-oss-object-acl': 'private' } });
    await client.put('shown', Buffer.from('s'), { headers: { 'x-oss-object-acl': 'public-read' } });
    expect(ossError(await door.get('open-read', 'secret')).message).toBe('You have no right to access this object.');
    expect((await door.get(BUCKET, 'shown')).text).toBe('s');
  });

  it.each(['private', 'public-read'])('find saved results under their bucket’s ACL, not a %s source’s', async (acl) => {
    await client.put('own.jpg', fixture('photo.jpg'), { headers: { 'x-oss-object-acl': acl } });
    await client.processObjectSave('own.jpg', 'saved.jpg', 'image/resize,w_40', 'open-read');
    await client.processObjectSave('own.jpg', 'saved.jpg', 'image/resize,w_40');
    expect((await door.get('open-read', 'saved.jpg')).status).toBe(200);
    expect(ossError(await door.get(BUCKET, 'saved.jpg')).status).toBe(403);
    // In its own place the source loses its ACL, too.
    await client.processObjectSave('own.jpg', 'own.jpg', 'image/resize,w_40');
    expect(ossError(await door.get(BUCKET, 'own.jpg')).status).toBe(403);
  });

  it('save nothing, however public the source is', async () => {
    await client.put('shown.jpg', fixture('photo.jpg'), { headers: { 'x-oss-object-acl': 'public-read' } });
    const refused = { status: 403, code: 'AccessDenied' };
    const target = saveas('x', 'open-write');
    expect(ossError(await door.posted(BUCKET, 'shown.jpg', `image/resize,w_40${target}`))).toMatchObject(refused);
    expect(ossError(await door.submitted(BUCKET, 'shown.jpg', `video/convert,f_mp4${target}`))).toMatchObject(refused);
  });

  it('the control API needs no signature', async () => {
    expect((await door.request('get', '/_ossite/ready')).status).toBe(200);
  });
});
