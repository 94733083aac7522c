/** The daily calls through the real SDK, in every addressing form and both signature versions. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { request } from '../helpers/ossite.ts';
import { forms, type Sdk, sdk } from '../helpers/sdk.ts';

const signatures = { V1: {}, V4: { authorizationV4: true } };
const cases = Object.entries(forms).flatMap(([form, options]) =>
  Object.entries(signatures).map(([signature, more]) => [`${form}, ${signature}`, options, more] as const),
);

/** The picture of the page's sample: larger than the crop it asks for. */
const picture = sharp({ create: { width: 400, height: 267, channels: 3, background: '#3060a0' } })
  .composite([
    { input: Buffer.from('<svg width="400" height="267"><circle cx="200" cy="130" r="90" fill="#fc0"/></svg>') },
  ])
  .png()
  .toBuffer();

describe.each(cases)('%s', (_, form, signature) => {
  const bucket = `sdk-${randomBytes(5).toString('hex')}`;
  const target = `${bucket}-target`;
  let client: Sdk;
  const ok = ({ res }: { res: { status: number; headers: Readonly<Record<string, string>> } }) => {
    // The signature is not only accepted: it is right.
    expect(res.headers['x-ossite-auth']).toBe('ok');
    return res.status;
  };

  beforeAll(async () => {
    client = sdk(form, signature);
    expect(ok(await client.putBucket(bucket))).toBe(200);
    await client.putBucket(target);
    client.useBucket(bucket);
  });

  it('buckets', async () => {
    const listed = await client.listBuckets({ prefix: bucket, 'max-keys': 10 });
    expect(ok(listed)).toBe(200);
    expect(listed.buckets.map(({ name }) => name)).toEqual([bucket, target]);
    expect((await client.getBucketInfo(bucket)).bucket).toMatchObject({ Name: bucket, Location: 'oss-cn-hangzhou' });
    expect((await client.getBucketLocation(bucket)).location).toBe('oss-cn-hangzhou');
    await client.putBucketACL(bucket, 'public-read');
    expect((await client.getBucketACL(bucket)).acl).toBe('public-read');
    await expect(client.deleteBucket('no-such-bucket')).rejects.toMatchObject({ code: 'NoSuchBucket', status: 404 });
  });

  it('objects with odd names and Chinese metadata', async () => {
    const key = `dir/a b+c&d=e%20?中文😀.txt`;
    expect(
      ok(await client.put(key, Buffer.from('content'), { mime: 'text/plain', meta: { uid: '1', name: 'x y' } })),
    ).toBe(200);
    const read = await client.get(key);
    expect(ok(read)).toBe(200);
    expect(read.content.toString()).toBe('content');
    const head = await client.head(key);
    expect(ok(head)).toBe(200);
    expect(head.meta).toEqual({ uid: '1', name: 'x y' });
    expect(head.res.headers['content-type']).toBe('text/plain');
    expect((await client.getObjectMeta(key)).res.headers['content-length']).toBe('7');
    expect((await client.get(key, { headers: { Range: 'bytes=0-2' } })).content.toString()).toBe('con');
    await expect(client.head(key, { headers: { 'If-None-Match': head.res.headers.etag } })).resolves.toMatchObject({
      res: { status: 304 },
    });
    expect(ok(await client.copy('copied', key))).toBe(200);
    expect((await client.get('copied')).content.toString()).toBe('content');
    await expect(client.get('never')).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
    await expect(client.head('never')).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
    expect(ok(await client.delete('copied'))).toBe(204);
  });

  it('listing and deleting many', async () => {
    // Not with control characters: sax 1.6, which ali-oss brings, refuses the references that OSS sends for them.
    const keys = ['l/1', 'l/2', 'l/sub/3', "l/x<&>'"];
    for (const key of keys) await client.put(key, Buffer.from('x'));
    const v1 = await client.list({ prefix: 'l/', delimiter: '/', 'max-keys': 100 });
    expect(ok(v1)).toBe(200);
    expect([v1.objects?.map(({ name }) => name), v1.prefixes]).toEqual([['l/1', 'l/2', keys[3]], ['l/sub/']]);
    const v2 = await client.listV2({ prefix: 'l/', 'max-keys': 2 });
    expect([v2.objects?.map(({ name }) => name), Number(v2.keyCount)]).toEqual([['l/1', 'l/2'], 2]);
    const rest = await client.listV2({ prefix: 'l/', 'continuation-token': v2.nextContinuationToken });
    expect(rest.objects).toHaveLength(2);
    const deleted = await client.deleteMulti(keys.slice(0, 3));
    expect(deleted.deleted?.map(({ Key }) => Key)).toEqual(keys.slice(0, 3));
    expect(((await client.list({ prefix: 'l/' })).objects ?? []).map(({ name }) => name)).toEqual([keys[3]]);
  });

  it('the page’s Node sample: every process string, both buckets', async () => {
    await client.put('sourceObject.png', await picture);
    const saved = async (process: string, where = client) => {
      expect(
        ok(
          await client.processObjectSave(
            'sourceObject.png',
            'targetObject.jpg',
            process,
            where === client ? undefined : target,
          ),
        ),
      ).toBe(200);
      return sharp((await where.get('targetObject.jpg')).content).metadata();
    };
    const elsewhere = sdk(form, { ...signature, bucket: target });
    expect(await saved('image/resize,m_fixed,w_100,h_100')).toMatchObject({ width: 100, height: 100, format: 'png' });
    expect(await saved('image/crop,w_100,h_100,x_100,y_100,r_1')).toMatchObject({ width: 100, height: 100 });
    expect(await saved('image/rotate,90')).toMatchObject({ width: 267, height: 400 });
    expect(await saved('image/sharpen,100')).toMatchObject({ width: 400, height: 267 });
    expect(await saved('image/watermark,text_SGVsbG8g5Zu-54mH5pyN5YqhIQ')).toMatchObject({ width: 400, height: 267 });
    expect(await saved('image/format,jpg')).toMatchObject({ width: 400, height: 267, format: 'jpeg' });
    expect(await saved('image/format,jpg', elsewhere)).toMatchObject({ width: 400, height: 267, format: 'jpeg' });
    // ali-oss percent-encodes the body and writes standard Base64; the SDK's own test sends a trailing comma.
    expect(await saved('image/watermark,text_aGVsbG8g5Zu+54mH5pyN5Yqh77yB,color_ff6a00,')).toMatchObject({
      width: 400,
    });
    expect((await client.get('targetObject.jpg')).res.headers['content-type']).toBe('image/png');
  });

  it('GET with a process string, whose bytes are not checked against the stored CRC', async () => {
    await client.put('p.png', await picture);
    const { content, res } = await client.get('p.png', { process: 'image/resize,w_200' });
    expect(await sharp(content).metadata()).toMatchObject({ width: 200, height: 134 });
    expect(res.headers['x-oss-hash-crc64ecma']).toBeUndefined();
    expect(res.headers['x-ossite-auth']).toBe('ok');
  });

  it('presigned URLs, with a process string too', async () => {
    if (_.startsWith('IP')) return expect(() => client.signatureUrl('p.png')).toThrow(/IP/); // ali-oss refuses there
    await client.put('p.png', await picture);
    const v1 = new URL(client.signatureUrl('p.png', { process: 'image/resize,w_50' }));
    const answer = await request('get', v1.pathname + v1.search, { headers: { host: v1.host } });
    expect(answer.headers['x-ossite-auth']).toBe('ok');
    expect(await sharp(answer.bytes).metadata()).toMatchObject({ width: 50, height: 33 });
    if ('authorizationV4' in signature) {
      const v4 = new URL(await client.signatureUrlV4('GET', 60, {}, 'p.png'));
      const plain = await request('get', v4.pathname + v4.search, { headers: { host: v4.host } });
      expect([plain.status, plain.headers['x-ossite-auth']]).toEqual([200, 'ok']);
    }
  });
});

it('an IP with sldEnable names the bucket twice: the signature tells which key is meant', async () => {
  const [ip, path] = [forms['IP endpoint: bucket in the Host header only'] as object, { sldEnable: true }];
  const bucket = `sdk-${randomBytes(5).toString('hex')}`;
  const plain = sdk(ip, { bucket });
  const twice = sdk({ ...ip, ...path }, { bucket });
  await plain.putBucket(bucket);
  await plain.put(`${bucket}/nested`, Buffer.from('nested'));
  await twice.put('flat', Buffer.from('flat'));
  expect((await plain.list({})).objects?.map(({ name }) => name)).toEqual(['flat', `${bucket}/nested`]);
  expect((await twice.get('flat')).content.toString()).toBe('flat');
});
