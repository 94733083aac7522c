/** Multipart uploads over the wire (rest-core.md §1.3). */
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf, texts } from '../helpers/oss-xml.ts';
import { type Answer, endpoint, freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

const MIN = 100 * 1024;
const BIG = randomBytes(MIN);
let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

type Headers = Readonly<Record<string, string>>;
const at = (key: string, query: string) => `${pathOf(bucket, key)}?${query}`;
async function begin(key: string, headers: Headers = {}, query = ''): Promise<string> {
  const answer = await request('post', at(key, `uploads${query}`), { headers });
  expect(answer.status).toBe(200);
  expect([textOf(answer.text, 'Bucket'), textOf(answer.text, 'Key')]).toEqual([bucket, key]);
  return textOf(answer.text, 'UploadId');
}
const sendPart = (key: string, id: string, number: number | string, body: Buffer, headers: Headers = {}) =>
  request('put', at(key, `partNumber=${number}&uploadId=${id}`), { body, headers });
const listXml = (parts: readonly (readonly [number | string, string])[]) =>
  `<CompleteMultipartUpload>${parts
    .map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join('')}</CompleteMultipartUpload>`;
const finish = (key: string, id: string, body: string, headers: Headers = {}) =>
  request('post', at(key, `uploadId=${id}`), { body, headers });
/** Uploads parts and tells their ETags, quoted as they come. */
async function parts(key: string, id: string, bodies: readonly Buffer[]): Promise<[number, string][]> {
  const sent: [number, string][] = [];
  for (const [i, body] of bodies.entries()) {
    const { headers } = await sendPart(key, id, i + 1, body);
    sent.push([i + 1, headers.etag ?? '']);
  }
  return sent;
}
const told = ({ status, text }: Answer) => {
  const { code, ec, message } = ossError({ status, text });
  return { status, code, ec, message };
};

describe('from beginning to end', () => {
  it('an object appears at the end, with the metadata of the beginning', async () => {
    const key = '目录/big file.bin';
    const id = await begin(key, {
      'content-type': 'application/x-big',
      'x-oss-meta-a': '1',
      'x-oss-tagging': 'k=v',
      'x-oss-storage-class': 'IA',
      'cache-control': 'no-cache',
    });
    expect(id).toMatch(/^[0-9A-F]{32}$/);
    const first = await sendPart(key, id, 1, BIG);
    expect([first.status, first.bytes.length]).toEqual([200, 0]);
    expect(first.headers).toMatchObject({
      etag: `"${createHash('md5').update(BIG).digest('hex').toUpperCase()}"`,
      'content-md5': createHash('md5').update(BIG).digest('base64'),
      'x-oss-hash-crc64ecma': expect.stringMatching(/^\d+$/),
    });
    const second = await sendPart(key, id, 3, Buffer.from('tail'));
    expect((await head(bucket, key)).status).toBe(404);
    // Bare and in lower case, as some SDKs list them.
    const done = await finish(
      key,
      id,
      listXml([
        [1, first.headers.etag ?? ''],
        [3, (second.headers.etag ?? '').replaceAll('"', '').toLowerCase()],
      ]),
    );
    expect(done.status).toBe(200);
    const etag = createHash('md5')
      .update(`${first.headers.etag}${second.headers.etag}`.replaceAll('"', ''))
      .digest('hex')
      .toUpperCase();
    expect([textOf(done.text, 'ETag'), done.headers.etag]).toEqual([`"${etag}-2"`, `"${etag}-2"`]);
    expect(textOf(done.text, 'Location')).toBe(`${endpoint}${pathOf(bucket, key)}`);
    const whole = Buffer.concat([BIG, Buffer.from('tail')]);
    await put(bucket, 'same', whole);
    const read = await get(bucket, key);
    expect(read.bytes.equals(whole)).toBe(true);
    expect(read.headers).toMatchObject({
      'content-type': 'application/x-big',
      'x-oss-meta-a': '1',
      'x-oss-tagging-count': '1',
      'x-oss-storage-class': 'IA',
      'x-oss-object-type': 'Multipart',
      'cache-control': 'no-cache',
      'x-oss-hash-crc64ecma': (await head(bucket, 'same')).headers['x-oss-hash-crc64ecma'],
    });
    expect(read.headers['content-md5']).toBeUndefined();
    expect(done.headers['x-oss-hash-crc64ecma']).toBe(read.headers['x-oss-hash-crc64ecma']);
    expect(told(await finish(key, id, listXml([[1, 'x']])))).toMatchObject({ status: 404, code: 'NoSuchUpload' });
  });

  it('Location mirrors how the request named the bucket', async () => {
    const id = await begin('where');
    await sendPart('where', id, 1, Buffer.from('x'));
    const host = `${bucket}.oss-cn-hangzhou.aliyuncs.com`;
    const done = await request('post', `/where?uploadId=${id}`, { headers: { host, 'x-oss-complete-all': 'yes' } });
    expect(textOf(done.text, 'Location')).toBe(`http://${host}/where`);
  });

  it('with encoding-type=url keys are encoded and the encoding is named', async () => {
    const key = 'a b+c';
    const begun = await request('post', at(key, 'uploads&encoding-type=url'));
    expect([textOf(begun.text, 'EncodingType'), textOf(begun.text, 'Key')]).toEqual(['url', 'a%20b%2Bc']);
    const id = textOf(begun.text, 'UploadId');
    await sendPart(key, id, 1, Buffer.from('x'));
    const listed = await get(bucket, key, { uploadId: id, 'encoding-type': 'url' });
    expect(textOf(listed.text, 'Key')).toBe('a%20b%2Bc');
    const done = await request('post', at(key, `uploadId=${id}&encoding-type=url`), {
      headers: { 'x-oss-complete-all': 'yes' },
    });
    expect([textOf(done.text, 'EncodingType'), textOf(done.text, 'Key')]).toEqual(['url', 'a%20b%2Bc']);
  });

  it('x-oss-complete-all takes every part; an empty object is one, too', async () => {
    const id = await begin('all');
    await sendPart('all', id, 9, Buffer.from('end'));
    await sendPart('all', id, 2, BIG);
    const done = await request('post', at('all', `uploadId=${id}`), { headers: { 'x-oss-complete-all': 'yes' } });
    expect(done.status).toBe(200);
    expect((await get(bucket, 'all')).bytes.subarray(MIN).toString()).toBe('end');
    const empty = await begin('empty');
    await sendPart('empty', empty, 1, Buffer.alloc(0));
    await request('post', at('empty', `uploadId=${empty}`), { headers: { 'x-oss-complete-all': 'yes' } });
    expect((await head(bucket, 'empty')).headers['content-length']).toBe('0');
  });

  it('the ACL of the end wins over that of the beginning', async () => {
    const id = await begin('acl', { 'x-oss-object-acl': 'private' });
    const listed = listXml(await parts('acl', id, [Buffer.from('x')]));
    await finish('acl', id, listed, { 'x-oss-object-acl': 'public-read' });
    expect(textOf((await get(bucket, 'acl', { acl: '' })).text, 'Grant')).toBe('public-read');
  });

  it('x-oss-forbid-overwrite is looked at in the beginning and at the end', async () => {
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    const id = await begin('taken', forbid);
    const listed = listXml(await parts('taken', id, [Buffer.from('x')]));
    await put(bucket, 'taken', Buffer.from('kept'));
    expect(told(await finish('taken', id, listed, forbid))).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
    const again = await request('post', at('taken', 'uploads'), { headers: forbid });
    expect(told(again)).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
    expect((await get(bucket, 'taken')).text).toBe('kept');
  });
});

describe('CompleteMultipartUpload refuses', () => {
  let id: string;
  let sent: [number, string][];
  beforeAll(async () => {
    id = await begin('refused');
    sent = await parts('refused', id, [BIG, Buffer.from('small'), BIG]);
  });
  const listed = (...numbers: number[]) => listXml(numbers.map((n) => sent[n - 1] ?? [n, 'X']));

  it.each<[string, () => string, string, string | undefined]>([
    ['parts out of order', () => listed(3, 1), 'InvalidPartOrder', '0042-00000209'],
    ['a part twice', () => listed(1, 1), 'InvalidPartOrder', '0042-00000209'],
    ['a part that was never sent', () => listed(1, 7), 'InvalidPart', undefined],
    ['another ETag', () => listXml([[1, '"00"']]), 'InvalidPart', undefined],
    ['a small part before the last', () => listed(1, 2, 3), 'EntityTooSmall', '0042-00000213'],
    ['no body', () => '', 'MalformedXML', '0042-00000205'],
    ['no XML', () => 'parts', 'MalformedXML', '0042-00000205'],
    [
      'a part without an ETag',
      () => '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>',
      'MalformedXML',
      '0042-00000205',
    ],
    ['part 0', () => listXml([[0, 'x']]), 'MalformedXML', '0042-00000205'],
    ['part 1.5', () => listXml([['1.5', 'x']]), 'MalformedXML', '0042-00000205'],
  ])('%s', async (_, body, code, ec) => {
    expect(told(await finish('refused', id, body()))).toMatchObject({ status: 400, code, ec });
    expect((await head(bucket, 'refused')).status).toBe(404);
  });

  it('a list beside x-oss-complete-all, and all parts when one is too small', async () => {
    const all = { 'x-oss-complete-all': 'yes' };
    expect(told(await finish('refused', id, listed(1), all))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      ec: '0042-00000216',
    });
    const answer = await request('post', at('refused', `uploadId=${id}`), { headers: all });
    expect(ossError(answer)).toMatchObject({
      code: 'EntityTooSmall',
      elements: { MinSizeAllowed: '102400', ProposedSize: '5', PartNumber: '2' },
    });
  });

  it('what was refused can be completed rightly', async () => {
    expect((await finish('refused', id, listed(1, 2))).status).toBe(200);
    expect((await head(bucket, 'refused')).headers['content-length']).toBe(String(MIN + 5));
  });
});

describe('UploadPart', () => {
  const message = 'Part number must be an integer between 1 and 10000, inclusive.';
  it.each([
    ['', '0017-00000219'],
    ['0', '0017-00000220'],
    ['10001', '0017-00000220'],
    ['-1', '0017-00000220'],
    ['x', '0017-00000220'],
  ])('part number %j is refused', async (number, ec) => {
    const id = await begin('numbers');
    const answer = await sendPart('numbers', id, number, Buffer.from('x'));
    expect(told(answer)).toEqual({ status: 400, code: 'InvalidArgument', ec, message });
  });

  it('without a part number at all it is no plain PUT', async () => {
    const id = await begin('numberless');
    const answer = await request('put', at('numberless', `uploadId=${id}`), { body: 'x' });
    expect(told(answer)).toMatchObject({ status: 400, code: 'InvalidArgument', ec: '0017-00000219' });
    expect((await head(bucket, 'numberless')).status).toBe(404);
  });

  it('an upload that is not there, another key’s, a wrong digest', async () => {
    const id = await begin('mine');
    const missing = await sendPart('mine', 'F'.repeat(32), 1, Buffer.from('x'));
    expect(ossError(missing)).toMatchObject({
      status: 404,
      code: 'NoSuchUpload',
      ec: '0042-00000104',
      elements: { UploadId: 'F'.repeat(32) },
    });
    expect(ossError(await sendPart('other', id, 1, Buffer.from('x'))).code).toBe('NoSuchUpload');
    const wrong = await sendPart('mine', id, 1, Buffer.from('x'), { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' });
    expect(ossError(wrong).code).toBe('InvalidDigest');
    const crc = await sendPart('mine', id, 1, Buffer.from('x'), { 'x-oss-hash-crc64ecma': '1' });
    expect(ossError(crc).code).toBe('InvalidCRC64');
    expect(texts((await get(bucket, 'mine', { uploadId: id })).text, 'PartNumber')).toEqual([]);
  });

  it('of a sequential upload they come one after the other', async () => {
    const id = await begin('sequential', {}, '&sequential');
    const codes: string[] = [];
    for (const number of [2, 1, 3, 2, 2, 1, 3]) {
      const answer = await sendPart('sequential', id, number, Buffer.from('x'));
      codes.push(answer.status === 200 ? 'ok' : `${answer.status} ${ossError(answer).code}`);
    }
    const refused = '400 PartNotSequential';
    expect(codes).toEqual([refused, 'ok', refused, 'ok', 'ok', refused, 'ok']);
  });
});

describe.runIf(process.env.OSSITE_LONG)('10,000 parts', () => {
  it('can be listed and become one object', { timeout: 600_000 }, async () => {
    const id = await begin('ten-thousand');
    const body = (n: number) => Buffer.alloc(MIN, n % 251);
    for (let n = 1; n <= 10_000; n += 10)
      await Promise.all(Array.from({ length: 10 }, (_, i) => sendPart('ten-thousand', id, n + i, body(n + i))));
    let after = '';
    let seen = 0;
    for (;;) {
      const { text } = await get(bucket, 'ten-thousand', { uploadId: id, 'part-number-marker': after });
      seen += texts(text, 'PartNumber').length;
      if (textOf(text, 'IsTruncated') === 'false') break;
      after = textOf(text, 'NextPartNumberMarker');
    }
    expect(seen).toBe(10_000);
    const done = await request('post', at('ten-thousand', `uploadId=${id}`), {
      headers: { 'x-oss-complete-all': 'yes' },
    });
    expect(textOf(done.text, 'ETag')).toMatch(/^"[0-9A-F]{32}-10000"$/);
    const range = `bytes=${MIN * 9_999 - 1}-${MIN * 9_999}`;
    const read = await get(bucket, 'ten-thousand', {}, { range });
    expect([...read.bytes]).toEqual([9_999 % 251, 10_000 % 251]);
  });
});
