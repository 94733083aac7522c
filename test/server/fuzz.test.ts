/** Nothing a client sends is answered with a 5xx: random requests over everything the server reads. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { selects } from '../../src/server/subresources.ts';
import { fixture, freshBucket, put, request } from '../helpers/ossite.ts';

const RUNS = Number(process.env.OSSITE_FUZZ ?? 400);

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'photo.jpg', fixture('photo.jpg'));
  await put(bucket, 'a/b', Buffer.from('x'));
});

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '99999999999999999999',
    'true',
    '%',
    '%zz',
    '{key}',
    '../..',
    '\\',
    'nul\u0000',
    'é中😀',
    'url',
    '*',
    '?',
    '<a>',
  ),
);
const escaped = text.map((value) => encodeURIComponent(value.toWellFormed()));
const raw = fc.stringMatching(/^[!-~]{0,20}$/).map((value) => value.replace(/[#\s]/g, ''));
const path = fc.oneof(
  fc.constantFrom(
    '/',
    '/BUCKET',
    '/BUCKET/',
    '/BUCKET/photo.jpg',
    '/BUCKET/a/b',
    '/BUCKET//x',
    '/no-such-bucket/x',
    '/_ossite/tasks',
  ),
  escaped.map((key) => `/BUCKET/${key}`),
  raw.map((key) => `/${key}`),
);
const name = fc.oneof(
  fc.constantFrom(...selects),
  fc.constantFrom(
    'prefix',
    'marker',
    'delimiter',
    'max-keys',
    'encoding-type',
    'list-type',
    'continuation-token',
    'start-after',
    'styleName',
    'category',
    'response-content-type',
    'OSSAccessKeyId',
    'Signature',
    'Expires',
    'x-oss-signature-version',
    'wait',
    'limit',
  ),
);
const value = fc.oneof(
  escaped,
  raw,
  fc.constantFrom(
    '2',
    'OSS4-HMAC-SHA256',
    'image/resize,w_50',
    'image/info',
    'style/x',
    'image/resize,w_10|sys/saveas,o_eA',
  ),
);
const query = fc
  .array(fc.tuple(name, value), { maxLength: 3 })
  .map((pairs) => pairs.map(([key, v]) => `${key}=${v}`).join('&'));
const header = fc.tuple(
  fc.constantFrom(
    'range',
    'if-match',
    'if-modified-since',
    'content-md5',
    'x-oss-acl',
    'x-oss-object-acl',
    'x-oss-copy-source',
    'x-oss-meta-a',
    'x-oss-storage-class',
    'x-oss-forbid-overwrite',
    'authorization',
    'x-oss-date',
    'host',
    'x-oss-hash-crc64ecma',
    'x-oss-range-behavior',
    'expires',
  ),
  fc.oneof(
    fc.stringMatching(/^[ -~]{0,30}$/),
    fc.constantFrom(
      'bytes=0-',
      'bytes=-5',
      'bytes=9-1',
      'OSS a:b',
      'OSS4-HMAC-SHA256 Credential=a/b/c/d/e,Signature=f',
      '/BUCKET/photo.jpg',
      'localhost',
      'x.localhost',
      'standard',
    ),
  ),
);
const body = fc.oneof(
  fc.constant(undefined),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    'x-oss-process=image/resize,w_1',
    'x-oss-async-process=',
    '<Delete><Object><Key>a</Key></Object></Delete>',
    '<Style><Content>image/x</Content></Style>',
    '<a',
    '<Delete>&#0;</Delete>',
  ),
);

it(`${RUNS} random requests`, { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('get', 'head', 'put', 'post', 'delete', 'options'),
      path,
      query,
      fc.array(header, { maxLength: 3 }),
      body,
      async (method, where, asked, headers, sent) => {
        const target = `${where}${asked === '' ? '' : `?${asked}`}`.replaceAll('BUCKET', bucket);
        const given = Object.fromEntries(headers.map(([key, v]) => [key, v.replaceAll('BUCKET', bucket)]));
        const answer = await request(method as 'get', target, {
          headers: given,
          ...(sent === undefined || method === 'get' || method === 'head' ? {} : { body: sent }),
        });
        expect(answer.status, `${method} ${target} ${JSON.stringify(given)}: ${answer.text}`).toBeLessThan(500);
        expect(answer.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
      },
    ),
    { numRuns: RUNS },
  );
  // And it is still there.
  expect((await request('get', '/_ossite/live')).status).toBe(200);
});
