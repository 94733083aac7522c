import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { endpoint, freshBucket, get, ossError, pathOf, put, request } from '../helpers/ossite.ts';

const name = () => `n-${randomBytes(6).toString('hex')}`;
const tag = (text: string, element: string) =>
  [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, value]) => value);

describe('PutBucket', () => {
  it('makes a private bucket of class Standard; making it again changes only what is said', async () => {
    const bucket = name();
    const made = await request('put', pathOf(bucket));
    expect([made.status, made.bytes.length, made.headers.location]).toEqual([200, 0, `/${bucket}`]);
    const acl = async () => tag((await get(bucket, '', { acl: '' })).text, 'Grant')[0];
    expect(await acl()).toBe('private');
    await request('put', pathOf(bucket), { headers: { 'x-oss-acl': 'public-read' } });
    expect(await acl()).toBe('public-read');
    await request('put', pathOf(bucket));
    expect(await acl()).toBe('public-read');
  });

  it('a body chooses the storage class, which can not be changed', async () => {
    const bucket = name();
    const body = (storage: string) =>
      `<?xml version="1.0"?><CreateBucketConfiguration><StorageClass>${storage}</StorageClass></CreateBucketConfiguration>`;
    expect((await request('put', pathOf(bucket), { body: body('IA') })).status).toBe(200);
    expect(tag((await get(bucket, '', { bucketInfo: '' })).text, 'StorageClass')).toEqual(['IA']);
    await put(bucket, 'k', Buffer.from('x'));
    expect((await get(bucket, 'k')).headers['x-oss-storage-class']).toBe('IA');
    const answer = await request('put', pathOf(bucket), { body: body('Standard') });
    expect(ossError(answer)).toMatchObject({
      status: 409,
      code: 'BucketAlreadyExists',
      message: "Cannot modify existing bucket's storage class.",
    });
  });

  it.each<[string, string, Record<string, string>, string, string]>([
    ['ab', '', {}, 'InvalidBucketName', 'too short'],
    ['-abc', '', {}, 'InvalidBucketName', 'dash first'],
    ['UPPER', '', {}, 'InvalidBucketName', 'capitals'],
    ['a_b', '', {}, 'InvalidBucketName', 'underscore'],
    ['x'.repeat(64), '', {}, 'InvalidBucketName', 'too long'],
    ['fine-name', '', { 'x-oss-acl': 'world' }, 'InvalidArgument', 'ACL'],
    ['fine-name', '<Nonsense/>', {}, 'MalformedXML', 'root'],
    [
      'fine-name',
      '<CreateBucketConfiguration><StorageClass>Cold</StorageClass></CreateBucketConfiguration>',
      {},
      'InvalidArgument',
      'class',
    ],
    [
      'fine-name',
      '<CreateBucketConfiguration><LocationConstraint>oss-nowhere</LocationConstraint></CreateBucketConfiguration>',
      {},
      'InvalidLocationConstraint',
      'region',
    ],
  ])('%s %s %j is refused', async (bucket, body, headers, code) => {
    const answer = await request('put', pathOf(bucket), body === '' ? { headers } : { headers, body });
    expect(ossError(answer)).toMatchObject({ status: 400, code });
    expect((await get(bucket, '')).status).toBe(404);
  });
});

describe('data redundancy', () => {
  const body = (type: string) =>
    `<CreateBucketConfiguration><DataRedundancyType>${type}</DataRedundancyType></CreateBucketConfiguration>`;
  it('is kept when it is one OSS has', async () => {
    const bucket = name();
    await request('put', pathOf(bucket), { body: body('ZRS') });
    expect(tag((await get(bucket, '', { bucketInfo: '' })).text, 'DataRedundancyType')).toEqual(['ZRS']);
    expect(ossError(await request('put', pathOf(name()), { body: body('RAID') }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
  });
});

describe('what buckets tell', () => {
  it('GetBucketInfo, GetBucketLocation and GetBucketAcl have what SDKs need', async () => {
    const bucket = await freshBucket('public-read');
    const info = (await get(bucket, '', { bucketInfo: '' })).text;
    for (const element of ['Name', 'Location', 'StorageClass', 'Grant', 'ID', 'DisplayName', 'DataRedundancyType'])
      expect(tag(info, element)).toHaveLength(1);
    expect(tag(info, 'Name')).toEqual([bucket]);
    expect(tag(info, 'CreationDate')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    // Clients that follow the endpoint stay on this machine.
    expect(tag(info, 'ExtranetEndpoint')).toEqual([new URL(endpoint).host]);
    expect((await get(bucket, '', { location: '' })).text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint>oss-cn-hangzhou</LocationConstraint>\n',
    );
    expect(tag((await get(bucket, '', { acl: '' })).text, 'Grant')).toEqual(['public-read']);
    expect((await request('head', pathOf(bucket))).status).toBe(200);
    expect((await request('head', pathOf('no-such-bucket'))).status).toBe(404);
  });

  it('the endpoint it tells does not repeat the bucket that stands in the host', async () => {
    const bucket = await freshBucket();
    for (const service of ['localhost:6770', 'oss-cn-hangzhou.aliyuncs.com']) {
      const { text } = await request('get', '/?bucketInfo', { headers: { host: `${bucket}.${service}` } });
      expect(tag(text, 'ExtranetEndpoint')).toEqual([service]);
    }
  });

  it('PutBucketAcl changes the ACL, makes a bucket that is not there, and refuses what it does not know', async () => {
    const bucket = name();
    const set = (acl: string) => request('put', `${pathOf(bucket)}?acl`, { headers: { 'x-oss-acl': acl } });
    expect((await set('public-read-write')).status).toBe(200);
    expect(tag((await get(bucket, '', { acl: '' })).text, 'Grant')).toEqual(['public-read-write']);
    expect(ossError(await set('all'))).toMatchObject({
      status: 400,
      message: 'no such bucket access control exists',
      elements: { ArgumentName: 'x-oss-acl', ArgumentValue: 'all' },
    });
  });

  it('ListBuckets is sorted, filters by prefix and pages', async () => {
    const prefix = name();
    for (const letter of ['c', 'a', 'b']) await request('put', pathOf(`${prefix}-${letter}`));
    const all = await request('get', `/?prefix=${prefix}`);
    expect(tag(all.text, 'Name')).toEqual([`${prefix}-a`, `${prefix}-b`, `${prefix}-c`]);
    expect(all.headers['content-type']).toBe('application/xml');
    const page = await request('get', `/?prefix=${prefix}&max-keys=2`);
    expect([tag(page.text, 'IsTruncated'), tag(page.text, 'NextMarker')]).toEqual([['true'], [`${prefix}-b`]]);
    const rest = await request('get', `/?prefix=${prefix}&max-keys=2&marker=${prefix}-b`);
    expect([tag(rest.text, 'Name'), tag(rest.text, 'IsTruncated')]).toEqual([[`${prefix}-c`], ['false']]);
  });
});

describe('DeleteBucket', () => {
  it('needs an empty bucket', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('x'));
    expect(ossError(await request('delete', pathOf(bucket)))).toMatchObject({
      status: 409,
      code: 'BucketNotEmpty',
      ec: '0015-00000301',
      elements: { BucketName: bucket },
    });
    await request('delete', pathOf(bucket, 'k'));
    expect((await request('delete', pathOf(bucket))).status).toBe(204);
    expect(ossError(await request('delete', pathOf(bucket)))).toMatchObject({ status: 404, code: 'NoSuchBucket' });
  });
});

describe('listing objects', () => {
  const keys = ['a', 'dir/1', 'dir/2', 'dir/sub/3', 'e', 'f/'];
  const filled = (async () => {
    const bucket = await freshBucket();
    for (const key of keys) await put(bucket, key, Buffer.from(key));
    return bucket;
  })();
  const list = async (query: Record<string, string>) => get(await filled, '', query);
  const prefixes = (text: string) =>
    [...text.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)</g)].map(([, prefix]) => prefix);

  it('v1: every entry has what SDKs read blindly', async () => {
    const { text } = await list({});
    expect(tag(text, 'Key')).toEqual(keys);
    for (const element of ['LastModified', 'ETag', 'Type', 'Size', 'StorageClass', 'ID', 'DisplayName'])
      expect(tag(text, element)).toHaveLength(keys.length);
    expect(tag(text, 'MaxKeys')).toEqual(['100']);
    expect(text).not.toContain('NextMarker');
  });

  it('v1: groups and keys share a page, and pages join without gap or repeat', async () => {
    const seen: string[] = [];
    let marker = '';
    for (let page = 0; page < 10; page += 1) {
      const { text } = await list({ delimiter: '/', 'max-keys': '2', marker });
      seen.push(...[...tag(text, 'Key'), ...prefixes(text)].map(String).sort());
      if (tag(text, 'IsTruncated')[0] === 'false') break;
      marker = tag(text, 'NextMarker')[0] as string;
    }
    expect(seen).toEqual(['a', 'dir/', 'e', 'f/']);
  });

  it('v2: tokens, start-after, KeyCount, owners on request', async () => {
    const first = await list({ 'list-type': '2', delimiter: '/', 'max-keys': '2' });
    expect([tag(first.text, 'Key'), prefixes(first.text), tag(first.text, 'KeyCount')]).toEqual([
      ['a'],
      ['dir/'],
      ['2'],
    ]);
    const token = tag(first.text, 'NextContinuationToken')[0] as string;
    expect(token).toMatch(/^[A-Za-z0-9._~-]+$/);
    const second = await list({ 'list-type': '2', delimiter: '/', 'continuation-token': token });
    expect([tag(second.text, 'Key'), prefixes(second.text), tag(second.text, 'IsTruncated')]).toEqual([
      ['e'],
      ['f/'],
      ['false'],
    ]);
    expect(first.text).not.toContain('<Owner>');
    expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>');
    const inside = await list({ 'list-type': '2', delimiter: '/', 'start-after': 'dir/1' });
    expect(prefixes(inside.text)).toEqual(['dir/', 'f/']);
    expect(prefixes((await list({ 'list-type': '2', delimiter: '/', 'start-after': 'dir/sub/3' })).text)).toEqual([
      'f/',
    ]);
  });

  it('prefix, a delimiter of several characters', async () => {
    expect(tag((await list({ prefix: 'dir/' })).text, 'Key')).toEqual(['dir/1', 'dir/2', 'dir/sub/3']);
    expect(prefixes((await list({ delimiter: 'ir/s' })).text)).toEqual(['dir/s']);
  });

  it.each([
    [{ 'max-keys': '0' }, 'InvalidArgument'],
    [{ 'max-keys': '1001' }, 'InvalidArgument'],
    [{ 'max-keys': 'x' }, 'InvalidArgument'],
    [{ marker: 'x'.repeat(1024) }, 'InvalidArgument'],
    [{ 'encoding-type': 'base64' }, 'InvalidArgument'],
    [{ 'list-type': '2', 'continuation-token': '*' }, 'InvalidArgument'],
  ])('%j is refused', async (query, code) =>
    expect(ossError(await list(query as unknown as Record<string, string>))).toMatchObject({ status: 400, code }),
  );
});

describe('addressing', () => {
  const host = (value: string, path: string) => request('get', path, { headers: { host: value } });
  it.each([
    ['BUCKET.localhost:6770', '/k'],
    ['BUCKET.oss-cn-hangzhou.aliyuncs.com', '/k'],
    ['BUCKET.oss-cn-hangzhou-internal.aliyuncs.com', '/k'],
    ['localhost', '/BUCKET/k'],
    ['oss-cn-hangzhou.aliyuncs.com', '/BUCKET/k'],
    ['oss:6770', '/BUCKET/k'],
    ['[::1]:6770', '/BUCKET/k'],
    // ali-oss on an IP with sldEnable names the bucket twice.
    ['BUCKET.oss-cn-hangzhou.aliyuncs.com', '/BUCKET/k'],
  ])('Host %s, path %s', async (value, path) => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('found'));
    expect((await host(value.replace('BUCKET', bucket), path.replace('BUCKET', bucket))).text).toBe('found');
  });

  it('a key that begins like its bucket is found under the bucket’s host', async () => {
    const bucket = await freshBucket();
    await put(bucket, `${bucket}/k`, Buffer.from('nested'));
    expect((await host(`${bucket}.localhost`, `/${bucket}/k`)).text).toBe('nested');
  });

  it.each(['undefined.oss-cn-hangzhou.aliyuncs.com', '.oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou.oss.aliyuncs.com'])(
    '%s is the service',
    async (value) => {
      expect((await host(value, '/')).text).toContain('<ListAllMyBucketsResult>');
    },
  );

  it('oss-example.oss.aliyuncs.com, as on the page, is a bucket', async () => {
    expect(ossError(await host('never-made.oss.aliyuncs.com', '/k')).elements).toMatchObject({
      BucketName: 'never-made',
    });
  });

  it('under a bucket’s host /_ossite/ is an ordinary key', async () => {
    const bucket = await freshBucket();
    expect(ossError(await host(`${bucket}.localhost`, '/_ossite/live')).code).toBe('NoSuchKey');
    expect((await host('localhost', '/_ossite/live')).status).toBe(200);
  });
});
