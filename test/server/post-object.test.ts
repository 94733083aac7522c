/** PostObject: a browser's form becomes an object, or nothing at all (rest-core.md §1.4). */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOUNDARY, type Field, fieldPart, filePart, formBody, formType } from '../helpers/form.ts';
import { type Answer, endpoint, freshBucket, get, head, ossError, put, request } from '../helpers/ossite.ts';
import { raw } from '../helpers/raw.ts';

const post = (bucket: string, body: Buffer, headers: Record<string, string> = formType) =>
  request('post', `/${bucket}`, { body, headers });

const code = (answer: Answer) => {
  const { status, code: Code, message, ec } = ossError(answer);
  return { status, Code, message, ec };
};

describe('a form becomes an object', () => {
  it('with what its fields say of it', async () => {
    const bucket = await freshBucket();
    const answer = await post(
      bucket,
      formBody(
        [
          ['Key', `dir/\${filename}`],
          ['x-oss-content-type', 'text/markdown'],
          ['Content-Type', 'text/html'],
          ['Cache-Control', 'no-cache'],
          ['Content-Disposition', 'attachment; filename="名.txt"'],
          ['x-oss-meta-Tag', '值'],
          ['x-oss-object-acl', 'public-read'],
          ['x-oss-storage-class', 'IA'],
          ['x-oss-tagging', 'a=1&b=2'],
          ['x-oss-server-side-encryption', 'AES256'],
        ],
        { filename: '图 1.txt', bytes: 'hello world' },
      ),
    );
    expect(answer.status).toBe(204);
    expect(answer.bytes).toHaveLength(0);
    expect(answer.headers).toMatchObject({
      etag: '"5EB63BBBE01EEED093CB22BB8F5ACDC3"',
      'x-oss-hash-crc64ecma': '5981764153023615706',
      'x-oss-server-side-encryption': 'AES256',
      'x-ossite-auth': 'anonymous',
    });
    const stored = await get(bucket, 'dir/图 1.txt');
    expect(stored.text).toBe('hello world');
    expect(stored.headers).toMatchObject({
      'content-type': 'text/markdown',
      'cache-control': 'no-cache',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging-count': '2',
    });
    expect(Buffer.from(stored.headers['x-oss-meta-tag'] ?? '', 'latin1').toString()).toBe('值');
  });

  it.each<[readonly Field[], string]>([
    [[['Content-Type', 'text/html']], 'text/html'],
    [[], 'image/png'],
  ])('its type: x-oss-content-type, Content-Type, the file’s own: %j', async (fields, type) => {
    const bucket = await freshBucket();
    await post(bucket, formBody([['key', 'k'], ...fields], { type: 'image/png' }));
    expect((await head(bucket, 'k')).headers['content-type']).toBe(type);
  });

  it.each<[string, number]>([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['302', 204],
  ])('success_action_status %s answers %d', async (asked, status) => {
    const bucket = await freshBucket();
    const answer = await post(
      bucket,
      formBody([
        ['key', 'a b/中'],
        ['success_action_status', asked],
      ]),
    );
    expect(answer.status).toBe(status);
    if (status !== 201) return expect(answer.text).toBe('');
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(answer.text).toContain(`<Bucket>${bucket}</Bucket>`);
    expect(answer.text).toContain('<Key>a b/中</Key>');
    expect(answer.text).toContain(`<Location>${endpoint}/${bucket}/a%20b/%E4%B8%AD</Location>`);
  });

  it.each([
    ['http://app.example/done', 'http://app.example/done?'],
    ['http://app.example/done?x=1', 'http://app.example/done?x=1&'],
  ])('success_action_redirect %s', async (url, start) => {
    const bucket = await freshBucket();
    const answer = await post(
      bucket,
      formBody([
        ['key', 'a&b'],
        ['success_action_status', '201'],
        ['success_action_redirect', url],
      ]),
    );
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(
      `${start}bucket=${bucket}&key=a%26b&etag=%225D41402ABC4B2A76B9719D911017C592%22`,
    );
  });

  it('Content-MD5 is that of the whole form', async () => {
    const bucket = await freshBucket();
    const body = formBody([['key', 'k']]);
    const md5 = createHash('md5').update(body).digest('base64');
    expect((await post(bucket, body, { ...formType, 'content-md5': md5 })).status).toBe(204);
    expect((await get(bucket, 'k')).text).toBe('hello');
  });

  it('what follows its end is ignored, and so is a part that says not what it is', async () => {
    const bucket = await freshBucket();
    const stray = Buffer.from(`--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nstray\r\n`);
    const body = Buffer.concat([stray, formBody([['key', 'k']]), Buffer.alloc(500_000, 'more')]);
    expect((await post(bucket, body)).status).toBe(204);
    expect((await get(bucket, 'k')).text).toBe('hello');
  });

  it('fields behind the file are ignored; an empty file is an object; the host may name the bucket', async () => {
    const bucket = await freshBucket();
    const body = formBody([['key', 'first']], { bytes: '' }, [fieldPart(['key', 'second']), fieldPart(['x', 'y'])]);
    const headers = { ...formType, host: `${bucket}.localhost` };
    expect((await request('post', '/', { body, headers })).status).toBe(204);
    expect((await head(bucket, 'first')).headers['content-length']).toBe('0');
    expect((await head(bucket, 'second')).status).toBe(404);
  });

  it('a large file streams through in pieces of any size', async () => {
    const bucket = await freshBucket();
    const bytes = Buffer.alloc(6 * 1024 * 1024, `\r\n--${BOUNDARY.slice(0, -1)}`);
    const body = formBody([['key', 'big']], { bytes });
    const req = httpRequest(`${endpoint}/${bucket}`, { method: 'POST', headers: formType });
    for (let at = 0; at < body.length; at += 77_777) {
      if (!req.write(body.subarray(at, at + 77_777))) await once(req, 'drain');
    }
    req.end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    expect([res.statusCode, await text(res)]).toEqual([204, '']);
    expect((await get(bucket, 'big')).bytes.equals(bytes)).toBe(true);
  });

  it('x-oss-forbid-overwrite keeps what is there', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'k', Buffer.from('old'));
    const fields: Field[] = [
      ['key', 'k'],
      ['x-oss-forbid-overwrite', 'true'],
    ];
    expect(code(await post(bucket, formBody(fields)))).toMatchObject({ status: 409, Code: 'FileAlreadyExists' });
    expect((await get(bucket, 'k')).text).toBe('old');
  });
});

describe('what is no form becomes no object', () => {
  const whole = formBody([['key', 'k']]);
  const closing = Buffer.from(`--${BOUNDARY}--\r\n`);
  const incomplete = '0006-00000104';
  it.each<[string, Buffer, Record<string, string>, string, string?]>([
    ['another content type', whole, { 'content-type': 'text/plain' }, 'RequestIsNotMultiPartContent'],
    ['no boundary', whole, { 'content-type': 'multipart/form-data' }, 'MalformedPOSTRequest'],
    [
      'an empty boundary',
      whole,
      { 'content-type': 'multipart/form-data; boundary=' },
      'MalformedPOSTRequest',
      incomplete,
    ],
    [
      'another boundary',
      whole,
      { 'content-type': 'multipart/form-data; boundary=x' },
      'MalformedPOSTRequest',
      incomplete,
    ],
    ['no closing boundary', whole.subarray(0, -BOUNDARY.length - 6), formType, 'MalformedPOSTRequest', incomplete],
    ['an end within a field', whole.subarray(0, 60), formType, 'MalformedPOSTRequest', incomplete],
    [
      'an end within the file',
      whole.subarray(0, whole.indexOf('hello') + 2),
      formType,
      'MalformedPOSTRequest',
      incomplete,
    ],
    ['nothing', Buffer.alloc(0), formType, 'MalformedPOSTRequest', incomplete],
    ['nothing but an end', closing, formType, 'MalformedPOSTRequest', incomplete],
    ['an end before all else', Buffer.concat([closing, whole]), formType, 'MalformedPOSTRequest', incomplete],
    ['no file', formBody([['key', 'k']], 'none'), formType, 'MalformedPOSTRequest', incomplete],
    ['two files', formBody([['key', 'k']], {}, [filePart({})]), formType, 'IncorrectNumberOfFilesInPOSTRequest'],
    ['no key', formBody([]), formType, 'InvalidArgument'],
    ['an empty key', formBody([['key', '']]), formType, 'InvalidObjectName', '0016-00000001'],
    ['a key with a leading slash', formBody([['key', '/k']]), formType, 'InvalidObjectName', '0016-00000005'],
    ['a key behind the file', formBody([], {}, [fieldPart(['key', 'k'])]), formType, 'InvalidArgument'],
    [
      'a long name of a field',
      formBody([
        ['key', 'k'],
        ['x'.repeat(9000), 'v'],
      ]),
      formType,
      'FieldItemTooLong',
      '0006-00000110',
    ],
    [
      'a long value',
      formBody([
        ['key', 'k'],
        ['v', 'x'.repeat(2_100_000)],
      ]),
      formType,
      'FieldItemTooLong',
      '0006-00000111',
    ],
    [
      'too many fields',
      formBody([['key', 'k'], ...Array.from({ length: 1200 }, (_, i): Field => [`f${i}`, ''])]),
      formType,
      'MaxPOSTPreDataLengthExceededError',
      '0006-00000112',
    ],
    [
      'too much before the file',
      formBody([['key', 'k'], ...[1, 2, 3, 4, 5].map((i): Field => [`f${i}`, 'x'.repeat(1_900_000)])]),
      formType,
      'MaxPOSTPreDataLengthExceededError',
      '0006-00000112',
    ],
    [
      'a Content-MD5 of something else',
      whole,
      { ...formType, 'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==' },
      'InvalidDigest',
    ],
    [
      'a key that is not UTF-8',
      Buffer.from(whole.toString().replace('\r\nk\r\n', '\r\n\xd6\xd0\r\n'), 'latin1'),
      formType,
      'InvalidArgument',
    ],
    [
      'a limit of traffic that is none',
      formBody([
        ['key', 'k'],
        ['x-oss-traffic-limit', '1'],
      ]),
      formType,
      'InvalidArgument',
    ],
    [
      'an ACL that is none',
      formBody([
        ['key', 'k'],
        ['x-oss-object-acl', 'open'],
      ]),
      formType,
      'InvalidArgument',
    ],
  ])('%s', async (_, body, headers, expected, ec) => {
    const bucket = await freshBucket();
    const answer = await post(bucket, body, headers);
    expect(code(answer)).toMatchObject({ status: 400, Code: expected, ...(ec === undefined ? {} : { ec }) });
    expect((await get(bucket, '')).text).not.toContain('<Contents>');
  });

  it('a body that says it is too large, before it is sent', async () => {
    const bucket = await freshBucket();
    const type = `Content-Type: ${formType['content-type']}`;
    const headers = ['Host: localhost', type, `Content-Length: ${6 * 1024 ** 3}`];
    const { status, body } = await raw(endpoint, { line: `POST /${bucket} HTTP/1.1`, headers });
    expect(ossError({ status, text: body })).toMatchObject({
      status: 400,
      code: 'EntityTooLarge',
      ec: '0006-00000003',
    });
  });

  it('a large file that nobody wants is read to its end, so that the answer arrives', async () => {
    const bucket = await freshBucket();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = async (key: string) => {
      const body = formBody([['key', key]], { bytes: Buffer.alloc(8 * 1024 * 1024) });
      const req = httpRequest(`${endpoint}/${bucket}`, {
        method: 'POST',
        agent,
        headers: { ...formType, 'content-length': body.length },
      });
      req.end(body);
      const [res] = (await once(req, 'response')) as [IncomingMessage];
      await text(res);
      return res.statusCode;
    };
    try {
      expect(await send('/refused')).toBe(400);
      expect(await send('k')).toBe(204);
    } finally {
      agent.destroy();
    }
  });

  it('an upload that breaks off', async () => {
    const bucket = await freshBucket();
    const body = formBody([['key', 'k']], { bytes: Buffer.alloc(300_000) });
    const req = httpRequest(`${endpoint}/${bucket}`, {
      method: 'POST',
      headers: { ...formType, 'content-length': body.length },
    });
    req.on('error', () => {});
    await new Promise((sent) => req.write(body.subarray(0, 200_000), sent));
    req.destroy();
    expect((await head(bucket, 'k')).status).toBe(404);
  });

  it('whatever it is, the answer is one of OSS’s', async () => {
    const bucket = await freshBucket();
    const whole = formBody(
      [
        ['key', 'k'],
        ['policy', 'e30='],
      ],
      { bytes: `x\r\n--${BOUNDARY}y` },
    );
    const damage = fc.record({ at: fc.nat(whole.length - 1), cut: fc.nat(60), put: fc.uint8Array({ maxLength: 20 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, cut, put: bytes }) => {
        const body = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + cut)]);
        const { status } = await post(bucket, body);
        expect([204, 400, 403]).toContain(status);
      }),
      { numRuns: 150 },
    );
  });
});
