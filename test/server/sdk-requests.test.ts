/** Requests as the official SDKs send them, and the answers that their own tests find at the service. */
import { createHash, createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { configure, elements } from '../helpers/configure.ts';
import { endpoint, freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const strict = await ownServer({ auth: 'strict', buckets: ['known'] });

interface Signing {
  /** Lines `name:value` in the order in which SDKs sign them: by name. */
  readonly lines?: readonly string[];
  readonly type?: string;
  readonly id?: string;
}

/** Headers of a request signed by hand in version 1. */
function signed(method: string, resource: string, { lines = [], type = '', id = 'ossite' }: Signing = {}) {
  const date = new Date().toUTCString();
  const text = [method, '', type, date, ...lines, resource].join('\n');
  const signature = createHmac('sha1', 'ossite-secret').update(text).digest('base64');
  const sent = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return {
    date,
    authorization: `OSS ${id}:${signature}`,
    ...Object.fromEntries(sent),
    ...(type === '' ? {} : { 'content-type': type }),
  };
}

describe('V1 signs by name, whatever stands behind it', () => {
  it('x-oss-copy-source before x-oss-copy-source-range: UploadPartCopy of every SDK', async () => {
    await strict.request('put', '/known/src', {
      headers: signed('PUT', '/known/src', { type: 'a/b' }),
      body: '0123456789',
    });
    const begun = await strict.request('post', '/known/dst?uploads', { headers: signed('POST', '/known/dst?uploads') });
    const id = elements(begun, 'UploadId')[0] ?? '';
    const part = `/known/dst?partNumber=1&uploadId=${id}`;
    const lines = ['x-oss-copy-source:/known/src', 'x-oss-copy-source-range:bytes=2-5'];
    const copied = await strict.request('put', part, { headers: signed('PUT', part, { lines }) });
    expect([copied.status, copied.headers.etag]).toEqual([
      200,
      `"${createHash('md5').update('2345').digest('hex').toUpperCase()}"`,
    ]);
  });

  it('one name of metadata that another begins with, and callback before callback-var', async () => {
    const lines = ['x-oss-meta-a:1', 'x-oss-meta-a-b:2'];
    const stored = await strict.request('put', '/known/meta', {
      headers: signed('PUT', '/known/meta', { lines, type: 'a/b' }),
      body: 'x',
    });
    expect(stored.status).toBe(200);
    const callback = Buffer.from('{"callbackUrl":"http://127.0.0.1:1/","callbackBody":"x"}').toString('base64');
    const variables = Buffer.from('{"x:a":"1"}').toString('base64');
    const headers = signed('PUT', `/known/told?callback=${callback}&callback-var=${variables}`, { type: 'a/b' });
    const query = `callback=${encodeURIComponent(callback)}&callback-var=${encodeURIComponent(variables)}`;
    // The signature is right: what fails is the call.
    expect((await strict.request('put', `/known/told?${query}`, { headers, body: 'x' })).status).toBe(203);
  });
});

describe('a bucket that is not there, with a key that nobody knows', () => {
  const by = { id: 'nobody' };
  it.each([
    ['get', '/missing/?acl'],
    ['get', '/missing/'],
    ['put', '/missing/?versioning'],
    ['delete', '/missing/'],
    ['get', '/missing/k'],
  ] as const)('%s %s tells of the bucket', async (method, path) => {
    const answer = await strict.request(method, path, { headers: signed(method.toUpperCase(), path, by) });
    expect(ossError(answer)).toMatchObject({ status: 404, code: 'NoSuchBucket', ec: '0015-00000101' });
  });

  it('HEAD does so in x-oss-err', async () => {
    const answer = await strict.request('head', '/missing/k', { headers: signed('HEAD', '/missing/k', by) });
    expect(answer.status).toBe(404);
    expect(Buffer.from(answer.headers['x-oss-err'] ?? '', 'base64').toString()).toContain('<Code>NoSuchBucket</Code>');
  });

  it.each([
    ['put', '/missing/'],
    ['put', '/missing/?acl'],
    ['get', '/known/?acl'],
    ['get', '/'],
  ] as const)('%s %s tells of the key', async (method, path) => {
    const answer = await strict.request(method, path, { headers: signed(method.toUpperCase(), path, by) });
    expect(ossError(answer)).toMatchObject({ status: 403, code: 'InvalidAccessKeyId', ec: '0002-00000902' });
  });
});

it('the Python SDK signs a Content-Length with a GET that has no body: the connection ends with the answer', async () => {
  const bucket = await freshBucket();
  await put(bucket, 'k', Buffer.from('Hello OSS'));
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /${bucket}/k HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nContent-Length: 9\r\n\r\n`);
  let text = '';
  for await (const chunk of socket.setEncoding('latin1') as AsyncIterable<string>) text += chunk;
  expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*\r\n\r\nHello OSS$/);
});

describe('uploads', () => {
  const at = (bucket: string, query: string) => `${pathOf(bucket, 'k')}?${query}`;
  const begin = async (bucket: string, query = 'uploads', headers = {}) =>
    elements(await request('post', at(bucket, query), { headers }), 'UploadId')[0] ?? '';

  it('what is not there has an EC for each operation', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'src', Buffer.from('x'));
    const id = 'F'.repeat(32);
    const ecOf = async (method: 'get' | 'put' | 'delete', query: string, headers = {}) =>
      ossError(await request(method, at(bucket, query), { headers, ...(method === 'put' ? { body: '' } : {}) })).ec;
    const source = { 'x-oss-copy-source': `/${bucket}/src` };
    expect(await ecOf('put', `partNumber=1&uploadId=${id}`)).toBe('0042-00000104');
    expect(await ecOf('put', `partNumber=1&uploadId=${id}`, source)).toBe('0042-00000311');
    expect(await ecOf('get', `uploadId=${id}`)).toBe('0042-00000002');
    expect(await ecOf('delete', `uploadId=${id}`)).toBe('0042-00000002');
    // The PHP SDK completes what is not there with a body that lists nothing.
    expect(ossError(await request('post', at(bucket, `uploadId=${id}`), { body: '' })).code).toBe('NoSuchUpload');
  });

  it('the Go SDK v2 completes one without parts: an empty object', async () => {
    const bucket = await freshBucket();
    const id = await begin(bucket);
    const body = '<CompleteMultipartUpload></CompleteMultipartUpload>';
    expect((await request('post', at(bucket, `uploadId=${id}`), { body })).status).toBe(200);
    const { headers } = await head(bucket, 'k');
    expect([headers['content-length'], headers['x-oss-hash-crc64ecma']]).toEqual(['0', '0']);
  });

  it('one that was sequential has an MD5', async () => {
    const bucket = await freshBucket();
    const id = await begin(bucket, 'uploads&sequential');
    const parts = [Buffer.alloc(100 * 1024, 'a'), Buffer.from('end')];
    for (const [i, body] of parts.entries())
      await request('put', at(bucket, `partNumber=${i + 1}&uploadId=${id}`), { body });
    const all = { 'x-oss-complete-all': 'yes' };
    await request('post', at(bucket, `uploadId=${id}`), { headers: all });
    const md5 = createHash('md5').update(Buffer.concat(parts)).digest('base64');
    expect((await head(bucket, 'k')).headers['content-md5']).toBe(md5);
  });

  it('what a client encrypts is told by ListParts', async () => {
    const bucket = await freshBucket();
    const said = {
      key: 'K',
      start: 'S',
      'cek-alg': 'AES/CTR/NoPadding',
      'wrap-alg': 'W',
      'data-size': '9',
      'part-size': '3',
    };
    const headers = Object.entries(said).map(([name, value]) => [`x-oss-meta-client-side-encryption-${name}`, value]);
    const id = await begin(bucket, 'uploads', Object.fromEntries(headers));
    const listed = await get(bucket, 'k', { uploadId: id });
    const names = ['Key', 'Start', 'CekAlg', 'WrapAlg', 'DataSize', 'PartSize'];
    expect(names.map((name) => elements(listed, `ClientEncryption${name}`)[0])).toEqual(Object.values(said));
  });

  it('how parts are encrypted is said once, and told with each of them', async () => {
    const bucket = await freshBucket();
    const headers = { 'x-oss-server-side-encryption': 'KMS', 'x-oss-server-side-data-encryption': 'SM4' };
    const id = await begin(bucket, 'uploads', headers);
    const part = at(bucket, `partNumber=1&uploadId=${id}`);
    expect(ossError(await request('put', part, { headers, body: 'x' }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
    expect((await request('put', part, { body: 'x' })).headers).toMatchObject(headers);
    await put(bucket, 'source', Buffer.from('y'));
    const copied = await request('put', part, {
      headers: { 'x-oss-copy-source': `/${bucket}/source` },
    });
    expect(copied.headers).toMatchObject(headers);
    const end = at(bucket, `uploadId=${id}`);
    const all = { 'x-oss-complete-all': 'yes' };
    expect(ossError(await request('post', end, { headers: { ...headers, ...all } })).code).toBe('InvalidArgument');
    expect((await request('post', end, { headers: all })).headers).toMatchObject(headers);
  });

  it('the SDKs for Python and Go leave the version of the source in the query of a copied part and its upload', async () => {
    const bucket = await freshBucket();
    const state = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    await configure({ request }, bucket, 'versioning', state);
    await put(bucket, 'source', Buffer.from('old'));
    const version = (await head(bucket, 'source')).headers['x-oss-version-id'];
    await put(bucket, 'source', Buffer.from('new'));
    const id = await begin(bucket, `uploads&versionId=${version}`);
    const part = await request('put', at(bucket, `partNumber=1&uploadId=${id}&versionId=${version}`), {
      headers: { 'x-oss-copy-source': `/${bucket}/source?versionId=${version}` },
    });
    expect(part.headers['x-oss-copy-source-version-id']).toBe(version);
    const end = at(bucket, `uploadId=${id}&versionId=${version}`);
    expect((await request('post', end, { headers: { 'x-oss-complete-all': 'yes' } })).status).toBe(200);
    expect((await get(bucket, 'k')).text).toBe('old');
  });
});

describe('objects', () => {
  it('REPLACE keeps the type when it names none, and what decrypts the object', async () => {
    const bucket = await freshBucket();
    const secret = { 'x-oss-meta-client-side-encryption-key': 'K' };
    await put(bucket, 'src', Buffer.from('x'), { 'content-type': 'text/plain', 'x-oss-meta-a': '1', ...secret });
    const headers = {
      'x-oss-copy-source': `/${bucket}/src`,
      'x-oss-metadata-directive': 'replace',
      'x-oss-meta-b': '2',
    };
    for (const key of ['dst', 'src']) {
      expect((await request('put', pathOf(bucket, key), { headers })).status).toBe(200);
      const told = (await head(bucket, key)).headers;
      expect(told).toMatchObject({ 'content-type': 'text/plain', 'x-oss-meta-b': '2', ...secret });
      expect(told['x-oss-meta-a']).toBeUndefined();
    }
  });

  it('removing the null version of a bucket without versions tells of none', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('x'));
    const answer = await request('delete', `${pathOf(bucket, 'k')}?versionId=null`);
    expect([answer.status, answer.headers['x-oss-version-id']]).toEqual([204, undefined]);
    expect((await head(bucket, 'k')).status).toBe(404);
  });

  it('what is no version id at all is refused, in lists of what to remove as well', async () => {
    const bucket = await freshBucket();
    const body = '<Delete><Object><Key>k</Key><VersionId>234</VersionId></Object></Delete>';
    expect(ossError(await request('post', `${pathOf(bucket)}?delete`, { body }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message: 'Invalid version id specified.',
    });
  });

  it('DELETE passes over what the Python SDK leaves in the query', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('x'));
    expect((await request('delete', `${pathOf(bucket, 'k')}?symlink=`)).status).toBe(204);
    expect((await head(bucket, 'k')).status).toBe(404);
  });

  it('an append behind the first does not read tags', async () => {
    const bucket = await freshBucket();
    const at = (position: number) => `${pathOf(bucket, 'k')}?append&position=${position}`;
    const tags = Array.from({ length: 11 }, (_, i) => `k${i}=v`).join('&');
    await request('post', at(0), { body: 'a' });
    expect((await request('post', at(1), { body: 'b', headers: { 'x-oss-tagging': tags } })).status).toBe(200);
    expect(elements(await get(bucket, 'k', { tagging: '' }), 'Key')).toEqual([]);
    expect((await get(bucket, 'k')).text).toBe('ab');
  });

  it('an append behind the first sets the ACL, and nothing else', async () => {
    const bucket = await freshBucket();
    const at = (position: number) => `${pathOf(bucket, 'k')}?append&position=${position}`;
    await request('post', at(0), { body: 'a', headers: { 'x-oss-object-acl': 'private', 'x-oss-meta-a': '1' } });
    await request('post', at(1), { body: 'b', headers: { 'x-oss-object-acl': 'public-read', 'x-oss-meta-a': '2' } });
    expect(elements(await get(bucket, 'k', { acl: '' }), 'Grant')).toEqual(['public-read']);
    expect((await head(bucket, 'k')).headers['x-oss-meta-a']).toBe('1');
  });

  it('tags are in any script', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('x'), {
      'x-oss-tagging': `${encodeURIComponent('中文')}=%2B%2B${encodeURIComponent('中文')}`,
    });
    const told = await get(bucket, 'k', { tagging: '' });
    expect([elements(told, 'Key'), elements(told, 'Value')]).toEqual([['中文'], ['++中文']]);
  });
});
