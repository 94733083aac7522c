/** ACLs of objects: kept and told; and what they let anonymous callers do where access is enforced (rest-core.md §4.8). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import { textOf } from '../helpers/oss-xml.ts';
import { fixture, freshBucket, frontDoor, get, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { formsOf, sdk } from '../helpers/sdk.ts';

type Headers = Readonly<Record<string, string>>;

describe('PutObjectAcl and GetObjectAcl', () => {
  let bucket: string;
  beforeAll(async () => {
    bucket = await freshBucket('public-read');
    await put(bucket, 'k', Buffer.from('x'));
  });
  const grant = async (key = 'k') => textOf((await get(bucket, key, { acl: '' })).text, 'Grant');
  const set = (headers: Headers, key = 'k') => request('put', `${pathOf(bucket, key)}?acl`, { headers });

  it('an object that says nothing has its bucket’s, called default', async () => {
    const { text } = await get(bucket, 'k', { acl: '' });
    expect(textOf(text, 'ID')).toBe(textOf(text, 'DisplayName'));
    expect(await grant()).toBe('default');
  });

  it.each(['private', 'public-read', 'public-read-write', 'default'])('%s is kept; the object stays', async (acl) => {
    const before = (await get(bucket, 'k')).headers;
    const answer = await set({ 'x-oss-object-acl': acl });
    expect([answer.status, answer.bytes.length]).toEqual([200, 0]);
    expect(await grant()).toBe(acl);
    const after = (await get(bucket, 'k')).headers;
    expect([after.etag, after['last-modified']]).toEqual([before.etag, before['last-modified']]);
  });

  it('a copy does not take it along', async () => {
    await put(bucket, 'own', Buffer.from('x'), { 'x-oss-object-acl': 'private' });
    expect(await grant('own')).toBe('private');
    await request('put', pathOf(bucket, 'copy'), { headers: { 'x-oss-copy-source': `/${bucket}/own` } });
    expect(await grant('copy')).toBe('default');
  });

  it.each<[string, Headers, number, string]>([
    ['k', { 'x-oss-object-acl': 'everybody' }, 400, 'InvalidArgument'],
    ['k', {}, 400, 'MissingArgument'],
    ['missing', { 'x-oss-object-acl': 'private' }, 404, 'NoSuchKey'],
  ])('%s %j is refused', async (key, headers, status, code) =>
    expect(ossError(await set(headers, key))).toMatchObject({ status, code }),
  );
});

describe('anonymous callers in strict mode', () => {
  let door: ReturnType<typeof frontDoor>;
  let close: () => Promise<void>;
  const buckets = ['closed', 'shop:public-read', 'drop:public-read-write'];

  beforeAll(async () => {
    const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', auth: 'strict', buckets });
    close = () => ossite.close();
    door = frontDoor(ossite.endpoint);
    const form = formsOf(ossite.endpoint)['path style (sldEnable)'] as object;
    for (const bucket of ['closed', 'shop', 'drop']) {
      const client = sdk(form, { bucket });
      await client.put('plain', Buffer.from('x'));
      await client.put('open', Buffer.from('x'), { headers: { 'x-oss-object-acl': 'public-read-write' } });
      for (const acl of ['private', 'public-read']) {
        await client.put(acl, fixture('photo.jpg'), { headers: { 'x-oss-object-acl': acl } });
        await client.putSymlink(`link-to-${acl}`, acl, { headers: { 'x-oss-object-acl': 'public-read' } });
      }
    }
  });
  afterAll(() => close());

  const bucketAcl = 'You have no right to access this object because of bucket acl.';
  const objectAcl = 'You have no right to access this object.';
  it.each<[string, string | undefined]>([
    ['/closed/plain', bucketAcl],
    ['/closed/public-read', undefined],
    ['/shop/plain', undefined],
    ['/shop/private', objectAcl],
    ['/shop/missing', 'The specified key does not exist.'],
    ['/closed/missing', bucketAcl],
    ['/shop/link-to-public-read', undefined],
    // The link may be read, what it points to may not.
    ['/shop/link-to-private', objectAcl],
    ['/shop/link-to-private?x-oss-process=image/resize,w_10', objectAcl],
    ['/closed/link-to-public-read', undefined],
    ['/shop/plain?symlink', 'The object is not symlink.'],
    ['/shop/link-to-private?symlink', undefined],
    ['/shop/plain?versionId=null', undefined],
    ['/shop/private?versionId=null', objectAcl],
    ['/drop/plain?acl', 'You do not have read acl permission on this object.'],
    ['/shop/plain?tagging', 'Anonymous access is forbidden for this operation.'],
    ['/shop/?versions', undefined],
    ['/closed/?versions', 'Anonymous user has no right to access this bucket.'],
    ['/drop/?uploads', undefined],
    ['/shop/?uploads', 'Anonymous user has no right to access this bucket.'],
    ['/shop/?versioning', 'Anonymous access is forbidden for this operation.'],
    ['/shop/?stat', 'Anonymous access is forbidden for this operation.'],
  ])('GET %s: %s', async (path, message) => {
    const answer = await door.request('get', path);
    if (message === undefined) expect(answer.status).toBe(200);
    else expect(ossError(answer).message).toBe(message);
  });

  it.each([
    ['get', '?acl', '0003-00000007', 'You do not have read acl permission on this object.'],
    ['put', '?acl', '0003-00000008', 'You do not have write acl permission on this object.'],
    ['put', '', '0003-00000001', objectAcl],
  ] as const)('%s of an object %s has the EC %s', async (method, query, ec, message) => {
    const answer = await door.request(method, `/drop/private${query}`, method === 'put' ? { body: '' } : {});
    expect(ossError(answer)).toMatchObject({ status: 403, code: 'AccessDenied', ec, message });
    expect(answer.headers['x-oss-ec']).toBe(ec);
  });

  it.each<['put' | 'post' | 'delete', string, Headers]>([
    ['put', '', {}],
    ['post', '?append&position=0', {}],
    ['put', '?symlink', { 'x-oss-symlink-target': 'plain' }],
    ['post', '?uploads', {}],
    ['delete', '', {}],
  ])('%s of an object %s is for whom the bucket lets write', async (method, query, headers) => {
    const body = method === 'delete' ? {} : { body: 'x' };
    const refused = await door.request(method, `/shop/written${query}`, { headers, ...body });
    expect(ossError(refused)).toMatchObject({ status: 403, code: 'AccessDenied', message: bucketAcl });
    const answer = await door.request(method, `/drop/${method}${query.length}${query}`, { headers, ...body });
    expect(answer.status).toBeLessThan(300);
  });

  it('an object’s own ACL decides who may write over it, its bucket’s who may delete it', async () => {
    const write = (path: string) => door.request('put', path, { body: 'x' });
    expect((await write('/drop/plain')).status).toBe(200);
    for (const path of ['/drop/private', '/drop/public-read'])
      expect(ossError(await write(path))).toMatchObject({ status: 403, message: objectAcl });
    expect((await write('/shop/open')).status).toBe(200);
    const upload = await door.request('post', '/shop/open?uploads');
    expect(ossError(upload)).toMatchObject({ status: 403, message: bucketAcl });
    expect(ossError(await door.request('delete', '/shop/open'))).toMatchObject({ status: 403, message: bucketAcl });
    expect((await door.request('delete', '/drop/private')).status).toBe(204);
  });

  it('a list of objects is deleted by whom the bucket lets write', async () => {
    const body = '<Delete><Object><Key>listed</Key></Object></Delete>';
    for (const [bucket, status, left] of [
      ['shop', 403, 404],
      ['drop', 200, 404],
    ] as const) {
      if (bucket === 'drop') expect((await door.request('put', '/drop/listed', { body: 'x' })).status).toBe(200);
      const answer = await door.request('post', `/${bucket}/?delete`, { body });
      expect(answer.status).toBe(status);
      expect((await door.request('get', `/${bucket}/listed`)).status).toBe(left);
    }
  });

  it('a copy needs a right to read its source, by version, too', async () => {
    for (const source of ['/closed/plain', '/shop/private', '/shop/private?versionId=null']) {
      const answer = await door.request('put', '/drop/stolen', { headers: { 'x-oss-copy-source': source } });
      expect(ossError(answer)).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
    const fine = await door.request('put', '/drop/taken', { headers: { 'x-oss-copy-source': '/shop/plain' } });
    expect(fine.status).toBe(200);
  });
});
