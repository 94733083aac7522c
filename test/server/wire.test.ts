/**
 * The rules of the wire that hold for every answer (rest-core.md §0, W1 to W18). Proven elsewhere: W11 and W15 in
 * addressing.test.ts, W12's plus and W13's metadata in objects.test.ts.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, endpoint, fixture, freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { raw } from '../helpers/raw.ts';

let bucket: string;
const ODD = 'dir/a b+c&<\u0001>/图~*.txt';

beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, ODD, Buffer.from('hello world'), { 'content-type': 'text/plain' });
  await put(bucket, 'photo.jpg', fixture('photo.jpg'));
  await request('put', `/${bucket}?cors`, {
    body: '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
  });
  await request('put', `${pathOf(bucket, 'photo.jpg')}?tagging`, {
    body: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  });
});

/** Answers of every kind that has a document. BUCKET stands for the bucket. */
const documents = [
  ['get', '/'],
  ['get', '/BUCKET'],
  ['get', '/BUCKET?list-type=2&fetch-owner=true'],
  ['get', '/BUCKET?versions'],
  ['get', '/BUCKET?uploads'],
  ['get', '/BUCKET?acl'],
  ['get', '/BUCKET?bucketInfo'],
  ['get', '/BUCKET?location'],
  ['get', '/BUCKET?stat'],
  ['get', '/BUCKET?cors'],
  ['get', '/BUCKET?versioning'],
  ['get', '/BUCKET?style'],
  ['get', '/BUCKET/photo.jpg?acl'],
  ['get', '/BUCKET/photo.jpg?tagging'],
  ['post', '/BUCKET/parts?uploads'],
  ['get', '/BUCKET/missing'],
  ['get', '/no-such-bucket'],
  ['get', '/BUCKET/photo.jpg?x-oss-process=image/resize,w_0'],
  ['put', '/BUCKET?acl'],
  ['post', '/BUCKET'],
] as const;

describe.each(documents)('%s %s', (method, path) => {
  it('is answered as every document is', async () => {
    const { text, headers, bytes } = await request(method, path.replace('BUCKET', bucket), {
      ...(path.endsWith('?acl') && method === 'put' ? { headers: { 'x-oss-acl': 'no-such-acl' } } : {}),
    });
    // W1, W2, W3, W18
    expect(text).not.toContain('xmlns');
    expect(headers['content-type']).toBe('application/xml');
    expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<')).toBe(true);
    expect(text).toMatch(/>\n$/);
    expect(headers['content-length']).toBe(String(bytes.length));
    for (const line of text.split('\n').slice(1)) expect(line).toMatch(/^( {2})*(<|$)|^[^<]*$/);
    // W4: the milliseconds of every time are 000.
    for (const [time] of text.matchAll(/\d{4}-\d\d-\d\dT[^<]*/g)) expect(time).toMatch(/T\d\d:\d\d:\d\d\.000Z$/);
    // W5
    for (const [, etag = ''] of text.matchAll(/<ETag>([^<]*)</g))
      expect(etag).toMatch(/^&quot;[0-9A-F]{32}(-\d+)?&quot;$/);
  });
});

describe('headers of every answer', () => {
  it.each([
    ['get', '/'],
    ['get', '/BUCKET/photo.jpg'],
    ['head', '/BUCKET/photo.jpg'],
    ['head', '/BUCKET/missing'],
    ['get', '/BUCKET/missing'],
    ['get', '/BUCKET/photo.jpg?x-oss-process=image/info'],
    ['delete', '/BUCKET/missing'],
    ['options', '/BUCKET/missing'],
    ['put', '/BUCKET/empty'],
  ] as const)('W6, W7: %s %s', async (method, path) => {
    const before = Math.floor(Date.now() / 1000);
    const { headers } = await request(method, path.replace('BUCKET', bucket), method === 'put' ? { body: 'x' } : {});
    const id = headers['x-oss-request-id'] ?? '';
    expect(id).toMatch(/^[0-9A-F]{24}$/);
    expect(Number.parseInt(id.slice(0, 8), 16)).toBeGreaterThanOrEqual(before);
    expect(headers.server).toBe('AliyunOSS');
    expect(headers.date).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(headers['x-oss-server-time']).toMatch(/^\d+$/);
  });

  it('W7, W16: connections are kept, for more than a minute', async () => {
    const { headers } = await fetch(endpoint);
    expect(headers.get('connection')).toBe('keep-alive');
    expect(headers.get('keep-alive')).toBe('timeout=75');
  });

  it('W4, W5: times and ETags', async () => {
    const { headers } = await head(bucket, ODD);
    expect(headers['last-modified']).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(headers.etag).toBe('"5EB63BBBE01EEED093CB22BB8F5ACDC3"');
    // Last-Modified is whole seconds: asked for at exactly that second, nothing has changed.
    const since = { 'if-modified-since': headers['last-modified'] ?? '' };
    expect((await get(bucket, ODD, {}, since)).status).toBe(304);
  });
});

describe('W2: JSON', () => {
  it.each([
    ['get', 'x-oss-process=image/info', undefined],
    ['post', 'x-oss-process', `x-oss-process=image/resize,w_9|sys/saveas,o_${b64('small.jpg')}`],
    ['post', 'x-oss-async-process', `x-oss-async-process=image/resize,w_9|sys/saveas,o_${b64('small.jpg')}`],
  ] as const)('%s ?%s', async (method, query, body) => {
    const path = `${pathOf(bucket, 'photo.jpg')}?${query}`;
    const { status, headers, text } = await request(method, path, body === undefined ? {} : { body });
    if (status !== 200) return expect(headers['content-type']).toBe('application/xml');
    expect(headers['content-type']).toMatch(/^application\/json(;charset=utf-8)?$/);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe('W8: no body', () => {
  it.each<[string, 'get' | 'head' | 'delete', string, Record<string, string>, number]>([
    ['204', 'delete', 'missing', {}, 204],
    ['304', 'get', 'photo.jpg', { 'if-none-match': '*' }, 304],
    ['304 of HEAD', 'head', 'photo.jpg', { 'if-none-match': '*' }, 304],
  ])('%s', async (_, method, key, headers, status) => {
    const answer = await request(method, pathOf(bucket, key), { headers });
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([status, '', undefined]);
    if (status === 304) expect(answer.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
  });

  it('an error of HEAD is in x-oss-err, whole', async () => {
    const { status, headers, text } = await head(bucket, 'missing');
    expect([status, text]).toEqual([404, '']);
    const error = ossError({ status, text: Buffer.from(headers['x-oss-err'] ?? '', 'base64').toString() });
    expect(error).toMatchObject({ code: 'NoSuchKey', ec: '0026-00000001' });
    expect(error.elements).toMatchObject({ Key: 'missing', RequestId: headers['x-oss-request-id'] });
    expect(headers['x-oss-ec']).toBe('0026-00000001');
  });
});

describe('names in documents', () => {
  const encoded = 'dir%2Fa%20b%2Bc%26%3C%01%3E%2F%E5%9B%BE~%2A.txt';

  it.each(['url', 'URL'])('W9: encoding-type=%s encodes every name', async (type) => {
    const { text } = await get(bucket, '', {
      'encoding-type': type,
      prefix: 'dir/a b',
      marker: 'dir/a +',
      delimiter: '~*',
      'max-keys': '1',
    });
    expect(text).toContain('<EncodingType>url</EncodingType>');
    expect(text).toContain('<Prefix>dir%2Fa%20b</Prefix>');
    expect(text).toContain('<Marker>dir%2Fa%20%2B</Marker>');
    expect(text).toContain('<Delimiter>~%2A</Delimiter>');
    expect(text).toContain(`<Prefix>${encoded.replace('.txt', '')}</Prefix>`);
    const v2 = await get(bucket, '', {
      'list-type': '2',
      'encoding-type': type,
      prefix: 'dir/',
      'start-after': 'dir/!',
    });
    expect(v2.text).toContain(`<Key>${encoded}</Key>`);
    expect(v2.text).toContain('<StartAfter>dir%2F%21</StartAfter>');
  });

  it('W9: tokens need no encoding', async () => {
    const { text } = await get(bucket, '', { 'list-type': '2', 'max-keys': '1' });
    expect(/<NextContinuationToken>([^<]*)</.exec(text)?.[1]).toMatch(/^[A-Za-z0-9._~-]+$/);
  });

  it('W10: without it they are escaped, control characters as references, going out and coming in', async () => {
    const own = await freshBucket();
    const key = 'a&<\u0001\u0007\n\f>';
    await put(own, key, Buffer.from('x'));
    const { text } = await get(own, '');
    expect(text).toContain('<Key>a&amp;&lt;&#1;&#7;\n&#12;&gt;</Key>');
    for (const sent of ['a&amp;&lt;&#x1;&#7;&#10;&#xC;&gt;', 'a&amp;&lt;\u0001\u0007\n\f&gt;']) {
      const body = `<Delete><Object><Key>${sent}</Key></Object><Object><Key>\u2028\u0085</Key></Object></Delete>`;
      const deleted = await request('post', `/${own}?delete`, { body });
      expect(deleted.text).toContain('<Key>a&amp;&lt;&#1;&#7;\n&#12;&gt;</Key>');
      expect(deleted.text).toContain('<Key>\u2028\u0085</Key>');
      expect((await get(own, '')).text).not.toContain('<Contents>');
      await put(own, key, Buffer.from('x'));
    }
  });
});

describe('what comes in', () => {
  it('W12: a key that is no UTF-8 is refused before its signature is looked at', async () => {
    const { status, body } = await raw(endpoint, {
      line: `GET /${bucket}/%C4%E3%BA%C3 HTTP/1.1`,
      headers: ['Host: localhost', 'Authorization: OSS nobody:x'],
    });
    expect(status).toBe(400);
    expect(body).toContain('<Code>InvalidArgument</Code>');
    expect(body).toContain('The characters encoding must be utf-8.');
  });

  it('W13, W14: metadata comes back with names in lower case, values trimmed, bytes as they were', async () => {
    const sent = await raw(endpoint, {
      line: `PUT /${bucket}/meta HTTP/1.1`,
      headers: [
        'Host: localhost',
        'X-Oss-Meta-Author:   alice  ',
        `x-oss-meta-city: ${Buffer.from('杭州', 'utf8').toString('utf8')}`,
        `Content-Disposition: attachment; filename="图.txt"`,
        'Content-Length: 1',
      ],
      body: 'x',
    });
    expect(sent.status).toBe(200);
    const { headers } = await raw(endpoint, { line: `HEAD /${bucket}/meta HTTP/1.1`, headers: ['Host: localhost'] });
    expect(headers['x-oss-meta-author']).toBe('alice');
    const bytes = (name: string) => Buffer.from(headers[name] ?? '', 'latin1').toString('utf8');
    expect(bytes('x-oss-meta-city')).toBe('杭州');
    expect(bytes('content-disposition')).toBe('attachment; filename="图.txt"');
  });

  it('W15: a PUT with neither length nor chunks', async () => {
    const { status, body } = await raw(endpoint, { line: `PUT /${bucket}/k HTTP/1.1`, headers: ['Host: localhost'] });
    expect(status).toBe(411);
    expect(body).toContain('<Code>MissingContentLength</Code>');
  });

  it('W16: long headers and URLs', async () => {
    const { status } = await raw(endpoint, {
      line: `GET /${bucket}?x-unknown=${'x'.repeat(40_000)} HTTP/1.1`,
      headers: ['Host: localhost', `x-oss-callback: ${'x'.repeat(40_000)}`],
    });
    expect(status).toBe(200);
  });

  it.each(['acl', 'acl=', 'acl&unknown', 'unknown=1&acl='])('W17: ?%s', async (query) => {
    const { status, text } = await request('get', `/${bucket}?${query}`);
    expect([status, text.includes('<AccessControlPolicy>')]).toEqual([200, true]);
  });
});
