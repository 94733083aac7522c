/** Cross-origin requests: preflights, and what real answers then say (rest-core.md §1.1). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { configure } from '../helpers/configure.ts';
import * as door from '../helpers/ossite.ts';
import { freshBucket, frontDoor, ossError, pathOf, put, request } from '../helpers/ossite.ts';

const rules = `<CORSConfiguration>
  <CORSRule>
    <AllowedOrigin>http://*.a.com</AllowedOrigin><AllowedOrigin>https://b.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>x-oss-*</AllowedHeader><AllowedHeader>Content-Type</AllowedHeader>
    <ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader>
    <MaxAgeSeconds>100</MaxAgeSeconds>
  </CORSRule>
  <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule>
</CORSConfiguration>`;

let bucket = '';
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'there', Buffer.from('x'));
  await configure(door, bucket, 'cors', rules);
});

const ask = (origin: string, method: string, headers?: string, query = '') =>
  request('options', `${pathOf(bucket, 'dir/key')}${query}`, {
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
    },
  });

describe('a bucket with rules', () => {
  it.each([
    ['http://www.a.com', 'GET', undefined, 'http://www.a.com', 'GET, PUT', 'x-oss-*, content-type', '100'],
    [
      'https://b.com',
      'PUT',
      'X-OSS-Meta-A, content-type',
      'https://b.com',
      'GET, PUT',
      'x-oss-meta-a, content-type',
      '100',
    ],
    ['http://anything', 'HEAD', undefined, '*', 'HEAD', undefined, undefined],
  ])('%s may %s with %s', async (origin, method, headers, allowed, methods, allowedHeaders, age) => {
    const answer = await ask(origin, method, headers);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': allowed,
      'access-control-allow-methods': methods,
      ...(age === undefined
        ? {}
        : { 'access-control-max-age': age, 'access-control-expose-headers': 'ETag, x-oss-request-id' }),
    });
    expect(answer.headers['access-control-allow-headers']).toBe(allowedHeaders);
    expect(answer.headers.vary).toBeUndefined();
  });

  it.each([
    ['http://a.com', 'GET', undefined],
    ['http://b.com', 'GET', undefined],
    ['http://www.a.com.evil.com', 'GET', undefined],
    ['http://www.a.com', 'DELETE', undefined],
    ['http://www.a.com', 'get', undefined],
    ['http://www.a.com', 'GET', 'authorization'],
    ['http://www.a.com', 'GET', 'x-oss-a, authorization'],
    ['http://anything', 'HEAD', 'x-a'],
  ])('%s may not %s with %s', async (origin, method, headers) => {
    const answer = await ask(origin, method, headers);
    expect(ossError(answer)).toMatchObject({ status: 403, code: 'AccessForbidden' });
    expect(ossError(answer).message).toMatch(/^CORSResponse: This CORS request is not allowed\./);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    [{}, 'Insufficient information. Origin request header needed.'],
    [{ origin: 'http://www.a.com' }, 'Request Access-Control-Request-Method header needed.'],
  ])('a preflight with %j is no preflight', async (headers, message) => {
    const answer = await request('options', pathOf(bucket, 'there'), { headers });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'BadRequest', message });
  });

  it('asking about a sub-resource or a signed URL is asking', async () => {
    for (const query of ['?acl', '?uploads', '?partNumber=1&uploadId=x', '?OSSAccessKeyId=a&Expires=1&Signature=b'])
      expect([query, (await ask('https://b.com', 'PUT', undefined, query)).status]).toEqual([query, 200]);
  });

  it.each([
    ['get', 'there', 'https://b.com', 200, 'https://b.com'],
    ['get', 'missing', 'https://b.com', 404, 'https://b.com'],
    ['get', 'there', 'https://c.com', 200, undefined],
    ['head', 'there', 'https://c.com', 200, '*'],
    ['head', 'missing', 'https://c.com', 404, '*'],
    ['delete', 'missing', 'https://b.com', 204, undefined],
  ] as const)('%s %s from %s is %i and allows %s', async (method, key, origin, status, allowed) => {
    const answer = await request(method, pathOf(bucket, key), { headers: { origin } });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe(allowed);
  });

  it('an origin that is no name is only a text', async () => {
    const origin = Buffer.from('http://中文.a.com').toString('latin1');
    const { status, headers } = await request('get', pathOf(bucket, 'there'), { headers: { origin } });
    expect([status, headers['access-control-allow-origin']]).toEqual([200, origin]);
    expect((await ask(origin, 'GET', Buffer.from('x-oss-中').toString('latin1'))).status).toBe(200);
  });

  it('without an origin nothing is said', async () => {
    const { headers } = await request('get', pathOf(bucket, 'there'));
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('ResponseVary says so on every answer', async () => {
    const own = await freshBucket();
    await configure(
      door,
      own,
      'cors',
      rules.replace('</CORSConfiguration>', '<ResponseVary>true</ResponseVary></CORSConfiguration>'),
    );
    for (const headers of [{}, { origin: 'https://b.com' }, { origin: 'https://c.com' }] as Record<string, string>[])
      expect((await request('get', pathOf(own, 'missing'), { headers })).headers.vary).toBe('Origin');
    const preflight = { origin: 'https://c.com', 'access-control-request-method': 'GET' };
    const refused = await request('options', pathOf(own, 'missing'), { headers: preflight });
    expect([refused.status, refused.headers.vary]).toEqual([403, 'Origin']);
  });
});

describe('a bucket without rules', () => {
  const origin = 'http://localhost:5173';
  const preflight = {
    origin,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'X-A,authorization',
  };

  it('lets every page in', async () => {
    const own = await freshBucket();
    for (const path of [pathOf(own, 'key'), pathOf(own), '/', '/no-such-bucket/key']) {
      const answer = await request('options', path, { headers: preflight });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, PUT, DELETE, POST, HEAD',
        'access-control-allow-headers': 'x-a, authorization',
      });
    }
    const { headers } = await request('get', pathOf(own, 'key'), { headers: { origin } });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toMatch(/ETag.*x-oss-request-id.*x-oss-next-append-position/);
  });

  describe.each([
    ['--cors rules', { cors: 'rules' }],
    ['--auth strict', { auth: 'strict' }],
  ] as const)('with %s', (_, options) => {
    let ossite: Ossite;
    beforeAll(async () => {
      ossite = await startOssite({
        port: 0,
        storage: 'memory',
        log: 'error',
        buckets: ['open:public-read'],
        ...options,
      });
    });
    afterAll(() => ossite.close());

    it('lets none in', async () => {
      const own = frontDoor(ossite.endpoint);
      const refused = await own.request('options', '/open/key', { headers: preflight });
      expect(ossError(refused)).toMatchObject({ status: 403, code: 'AccessForbidden' });
      const missing = await own.request('options', '/no-such-bucket/key', { headers: preflight });
      expect(ossError(missing)).toMatchObject({ status: 404, code: 'NoSuchBucket' });
      const { headers } = await own.request('get', '/open/key', { headers: { origin } });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    });
  });
});
