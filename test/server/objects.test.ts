import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { endpoint, freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

/** Sends bytes as they are and returns the whole answer; for what no client library would send. */
async function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

/** As raw, by a client that has said all it will say and still listens. */
async function rawAndDone(text: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('PutObject and what reads give back', () => {
  it('echoes digests, stores and replays headers and metadata', async () => {
    const body = Buffer.from('hello world');
    const written = await request('put', pathOf(bucket, 'dir/hello.txt'), {
      body,
      headers: {
        'content-type': 'text/plain',
        'cache-control': 'no-cache',
        'content-disposition': 'attachment; filename="a.txt"',
        expires: '2022-10-12T00:00:00.000Z',
        'x-oss-meta-Author': ' alice ',
        'x-oss-object-acl': 'public-read',
        'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==',
        'x-oss-hash-crc64ecma': '5981764153023615706',
      },
    });
    expect(written.status).toBe(200);
    expect(written.bytes).toHaveLength(0);
    expect(written.headers).toMatchObject({
      etag: '"5EB63BBBE01EEED093CB22BB8F5ACDC3"',
      'x-oss-hash-crc64ecma': '5981764153023615706',
      'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==',
      'content-length': '0',
    });
    expect(written.headers['content-type']).toBeUndefined();

    const expected = {
      etag: '"5EB63BBBE01EEED093CB22BB8F5ACDC3"',
      'content-type': 'text/plain',
      'content-length': '11',
      'cache-control': 'no-cache',
      'content-disposition': 'attachment; filename="a.txt"',
      expires: '2022-10-12T00:00:00.000Z',
      'x-oss-meta-author': 'alice',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
      'x-oss-hash-crc64ecma': '5981764153023615706',
      'accept-ranges': 'bytes',
    };
    const read = await get(bucket, 'dir/hello.txt');
    expect(read.headers).toMatchObject(expected);
    expect(read.text).toBe('hello world');
    expect(read.headers['last-modified']).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    const headed = await head(bucket, 'dir/hello.txt');
    expect(headed.headers).toMatchObject(expected);

    const meta = await request('head', `${pathOf(bucket, 'dir/hello.txt')}?objectMeta`);
    expect(meta.headers).toMatchObject({ etag: expected.etag, 'content-length': '11' });
    expect(meta.headers['x-oss-meta-author']).toBeUndefined();
    expect(meta.headers['x-oss-object-type']).toBeUndefined();
  });

  it('every answer has the headers OSS has', async () => {
    const { headers } = await get(bucket, 'dir/hello.txt');
    expect(headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
    const seconds = Number.parseInt((headers['x-oss-request-id'] as string).slice(0, 8), 16);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(5);
    expect(headers.server).toBe('AliyunOSS');
    expect(Date.parse(headers.date as string)).toBeGreaterThan(0);
    expect(headers['x-oss-server-time']).toMatch(/^\d+$/);
  });

  it('Chinese in metadata and Content-Disposition survives as bytes', async () => {
    // Written by hand: Node's own client mangles a Content-Disposition that is not ASCII.
    const head1 = `PUT /${bucket}/meta HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 1\r\n`;
    await raw(`${head1}x-oss-meta-name: 图片\r\nContent-Disposition: attachment; filename=图\r\n\r\nx`);
    const { headers } = await head(bucket, 'meta');
    expect(Buffer.from(headers['x-oss-meta-name'] as string, 'latin1').toString()).toBe('图片');
    expect(Buffer.from(headers['content-disposition'] as string, 'latin1').toString()).toBe('attachment; filename=图');
  });

  it('type is application/octet-stream when none is given', async () => {
    const answer = await raw(
      `PUT /${bucket}/typeless HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect((await head(bucket, 'typeless')).headers['content-type']).toBe('application/octet-stream');
  });

  it.each([
    ['content-md5', 'AAAAAAAAAAAAAAAAAAAAAA==', 'InvalidDigest'],
    ['content-md5', '???', 'InvalidDigest'],
    ['x-oss-hash-crc64ecma', '1', 'InvalidCRC64'],
    ['x-oss-object-acl', 'world', 'InvalidArgument'],
    ['x-oss-storage-class', 'Cold', 'InvalidArgument'],
    ['if-none-match', '*', 'NotImplemented'],
    ['x-oss-tagging', 'a=*', 'InvalidTag'],
    ['x-oss-server-side-encryption', 'DES', 'InvalidEncryptionAlgorithmError'],
    ['x-oss-callback', 'W10=', 'InvalidArgument'],
    ['x-oss-traffic-limit', '819199', 'InvalidArgument'],
    ['x-oss-persistent-headers', 'a:b', 'NotImplemented'],
    ['x-oss-meta-big', 'x'.repeat(9000), 'InvalidArgument'],
  ])('%s: %s is refused with %s, and nothing is stored', async (name, value, code) => {
    const answer = await request('put', pathOf(bucket, 'refused'), {
      body: Buffer.from('body'),
      headers: { [name]: value },
    });
    expect([answer.status, ossError(answer).code]).toEqual([400, code]);
    expect((await head(bucket, 'refused')).status).toBe(404);
  });

  it('without a length it is 411', async () => {
    const answer = await raw(`PUT /${bucket}/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 411 /);
    expect(answer).toContain('<Code>MissingContentLength</Code>');
  });

  it('chunked bodies are stored, an upload that breaks off is not', async () => {
    const chunked = await raw(
      `PUT /${bucket}/chunked HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 200/);
    expect((await get(bucket, 'chunked')).text).toBe('hello');
    const { hostname, port } = new URL(endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT /${bucket}/broken HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nonly this`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await head(bucket, 'broken')).status).toBe(404);
  });

  it('x-oss-forbid-overwrite protects what is there', async () => {
    await put(bucket, 'once', Buffer.from('1'));
    const answer = await request('put', pathOf(bucket, 'once'), {
      body: Buffer.from('2'),
      headers: { 'x-oss-forbid-overwrite': 'true' },
    });
    expect([answer.status, ossError(answer).code]).toEqual([409, 'FileAlreadyExists']);
    expect((await get(bucket, 'once')).text).toBe('1');
  });

  it('empty objects and folder markers are objects', async () => {
    await put(bucket, 'folder/', Buffer.alloc(0));
    const read = await get(bucket, 'folder/');
    expect([read.status, read.headers['content-length'], read.headers['x-oss-hash-crc64ecma']]).toEqual([
      200,
      '0',
      '0',
    ]);
  });
});

describe('an answer before the body is read', () => {
  const big = Buffer.alloc(24 * 1024 * 1024);
  it.each([
    ['a bucket that is not there', '/no-such-bucket/x', 404, 'NoSuchBucket'],
    ['something that is not here', '/BUCKET/x?live', 400, 'NotImplemented'],
    ['a process string without end', '/BUCKET/x?x-oss-process', 400, 'EntityTooLarge'],
  ])('%s: the client can read it though it is still sending', async (_, path, status, code) => {
    const chunked = new ReadableStream({
      start(controller) {
        for (let at = 0; at < big.length; at += 1024 * 1024) controller.enqueue(big.subarray(at, at + 1024 * 1024));
        controller.close();
      },
    });
    for (const body of [big, chunked]) {
      const init = { method: path.includes('process') ? 'POST' : 'PUT', body, duplex: 'half' };
      const answer = await fetch(endpoint + path.replace('BUCKET', bucket), init as RequestInit);
      expect(ossError({ status: answer.status, text: await answer.text() })).toMatchObject({ status, code });
    }
  });
});

describe('keys', () => {
  const keys = [
    'a b',
    'a+b',
    '100%',
    'q?a=1&b=2',
    '#x',
    'a//b',
    'a/../b',
    './c',
    'back\\slash',
    '中文/文件.txt',
    '😀',
    'ctl\u0001\u0007\u000c',
    'nul\u0000inside',
    'quote\'"<>&',
    'k'.repeat(1023),
    'trailing/',
    '~*!()',
  ];
  it.each(keys)('%j is kept byte for byte', async (key) => {
    await put(bucket, key, Buffer.from(key));
    expect((await get(bucket, key)).text).toBe(key);
  });

  it('list in byte order, raw and url-encoded alike', async () => {
    const own = await freshBucket();
    for (const key of keys) await put(own, key, Buffer.alloc(0));
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const encoded = await get(own, '', { 'encoding-type': 'url', 'max-keys': '1000' });
    const found = [...encoded.text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => decodeURIComponent(key as string));
    expect(found).toEqual(sorted);
    expect(encoded.text).toContain('<EncodingType>url</EncodingType>');
    expect(encoded.text).toContain('a%2Bb');
    expect((await get(own, '', { 'max-keys': '1000' })).text).toContain('ctl&#1;&#7;&#12;');
  });

  it('a literal plus in the path is a space, %2F is a slash', async () => {
    await put(bucket, 'x y/z', Buffer.from('found'));
    expect((await request('get', `/${bucket}/x+y%2Fz`)).text).toBe('found');
  });

  it.each([
    [`/${'k'.repeat(1024)}`, 'InvalidObjectName', '0016-00000002'],
    ['//lead', 'InvalidObjectName', '0016-00000005'],
    ['/%5Clead', 'InvalidObjectName', '0016-00000005'],
    ['/%C4%E3', 'InvalidArgument', undefined],
  ])('%s is refused', async (path, code, ec) => {
    const answer = await request('put', `/${bucket}${path}`, { body: 'x' });
    const { code: found, ec: foundEc } = ossError(answer);
    expect([answer.status, found, foundEc]).toEqual([400, code, ec]);
  });
});

describe('errors', () => {
  it('have OSS’s document, on HEAD in a header', async () => {
    const answer = await get(bucket, 'nothing here');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(answer.headers['x-oss-ec']).toBe('0026-00000001');
    expect(answer.text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error>\n {2}<Code>NoSuchKey<\/Code>/);
    expect(answer.text.endsWith('\n')).toBe(true);
    expect(answer.text).not.toContain('xmlns');
    const error = ossError(answer);
    expect(error.elements).toMatchObject({
      Message: 'The specified key does not exist.',
      RequestId: answer.headers['x-oss-request-id'],
      HostId: new URL(endpoint).host,
      Key: 'nothing here',
      RecommendDoc: 'https://api.aliyun.com/troubleshoot?q=0026-00000001',
    });
    const headed = await head(bucket, 'nothing here');
    expect([headed.status, headed.bytes.length, headed.headers['x-oss-ec']]).toEqual([404, 0, '0026-00000001']);
    const told = Buffer.from(headed.headers['x-oss-err'] as string, 'base64').toString();
    expect(ossError({ status: 404, text: told }).code).toBe('NoSuchKey');
  });

  it('a bucket that is not there', async () => {
    for (const answer of [
      await get('no-such-bucket', 'x'),
      await get('no-such-bucket', ''),
      await request('put', '/no-such-bucket/x', { body: 'x' }),
    ]) {
      expect(ossError(answer)).toMatchObject({
        status: 404,
        code: 'NoSuchBucket',
        ec: '0015-00000101',
        elements: { BucketName: 'no-such-bucket' },
      });
    }
  });

  it.each([
    ['post', '?asyncFetch'],
    ['put', '?live'],
    ['get', '?vod'],
    ['put', '?versionId=abc'],
  ] as const)('%s %s is refused, never taken for something else', async (method, query) => {
    await put(bucket, 'guarded', Buffer.from('kept'));
    const answer = await request(method, pathOf(bucket, 'guarded') + query, method === 'get' ? {} : { body: 'x' });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'NotImplemented' });
    expect((await get(bucket, 'guarded')).text).toBe('kept');
  });

  it.each([
    ['put', '/k', { 'x-oss-object-acl': 'nonsense', 'if-match': 'x' }, 'x'],
    ['put', `/${'k'.repeat(1100)}`, {}, 'x'],
    ['put', '/k?tagging', {}, '<junk'],
    ['put', '/k?partNumber=0&uploadId=x', {}, 'x'],
    ['put', '/k', { 'x-oss-copy-source': 'junk' }, undefined],
    ['post', '/k?append&position=junk', {}, 'x'],
    ['post', '/k?uploadId=x', {}, '<junk'],
    ['post', '/k?restore', {}, '<junk'],
    ['post', '/?delete', {}, '<junk'],
    ['put', '/?policy', {}, 'junk'],
    ['get', '/?max-keys=0', {}, undefined],
    ['get', '/?uploads&max-uploads=junk', {}, undefined],
    ['get', '/k?versionId=', {}, undefined],
    ['get', '/k?x-oss-process=junk', {}, undefined],
  ] as const)(
    'that its bucket is missing is told before what else is wrong: %s %s',
    async (method, path, headers, body) => {
      const sent = body === undefined ? { headers } : { headers, body };
      const answer = await request(method, `/no-such-bucket${path}`, sent);
      expect(ossError(answer)).toMatchObject({ status: 404, code: 'NoSuchBucket', ec: '0015-00000101' });
    },
  );

  it('configurations that are not here do not make or list buckets', async () => {
    const answer = await request('put', '/brand-new-bucket?metaQuery', { body: '<MetaQuery/>' });
    expect(ossError(answer).code).toBe('NotImplemented');
    expect((await get('brand-new-bucket', '')).status).toBe(404);
  });

  it('a method that is not OSS’s is 405; what is no HTTP, or too much of it, is 400', async () => {
    expect(await raw(`PATCH /${bucket}/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 405 [\s\S]*<Code>MethodNotAllowed<\/Code>/,
    );
    expect(await raw('this is no HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*<Code>BadRequest<\/Code>/);
    const long = `GET /${bucket}/x HTTP/1.1\r\nHost: 127.0.0.1\r\nx-long: ${'x'.repeat(200_000)}\r\n\r\n`;
    expect(await raw(long)).toContain('<Message>The request header is too large.</Message>');
  });

  it('a body that ends early is 400 IncompleteBody, and nothing is there', async () => {
    for (const length of ['Content-Length: 5', 'Transfer-Encoding: chunked']) {
      const body = length.startsWith('Content') ? 'abc' : '3\r\nabc\r\n';
      const answer = await rawAndDone(`PUT /${bucket}/cut HTTP/1.1\r\nHost: 127.0.0.1\r\n${length}\r\n\r\n${body}`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*<Code>IncompleteBody<\/Code>/);
      const [, id = ''] = /x-oss-request-id: ([0-9A-F]{24})\r\n/.exec(answer) ?? [];
      expect(answer).toContain(`<RequestId>${id}</RequestId>`);
      expect((await head(bucket, 'cut')).status).toBe(404);
    }
  });

  it('unknown query keys are ignored', async () => {
    await put(bucket, 'plain', Buffer.from('x'));
    expect((await get(bucket, 'plain', { nonsense: '1' })).status).toBe(200);
  });
});
