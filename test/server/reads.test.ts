/** Ranges, conditions and overrides of reads. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshBucket, get, head, ossError, put } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

describe('ranges', () => {
  const body = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
  beforeAll(() => put(bucket, 'thousand', body));
  const whole = [200, 1000, undefined] as const;
  it.each<[string, readonly [number, number, string | undefined], readonly [number, number, string | undefined]]>([
    ['bytes=0-499', [206, 500, 'bytes 0-499/1000'], [206, 500, 'bytes 0-499/1000']],
    ['bytes=500-', [206, 500, 'bytes 500-999/1000'], [206, 500, 'bytes 500-999/1000']],
    ['bytes=-500', [206, 500, 'bytes 500-999/1000'], [206, 500, 'bytes 500-999/1000']],
    ['bytes=500-2000', whole, [206, 500, 'bytes 500-999/1000']],
    ['bytes=1000-', whole, [416, 0, 'bytes */1000']],
    ['bytes=1000-2000', whole, [416, 0, 'bytes */1000']],
    ['bytes=-2000', whole, [206, 1000, 'bytes 0-999/1000']],
    ['bytes=-0', [416, 0, 'bytes */1000'], [416, 0, 'bytes */1000']],
    ['bytes=5-1', whole, whole],
    ['byte=0-499', whole, whole],
    ['bytes=0-1,5-6', [206, 2, 'bytes 0-1/1000'], [206, 2, 'bytes 0-1/1000']],
  ])('%s', async (range, usual, standard) => {
    for (const [headers, expected] of [
      [{}, usual],
      [{ 'x-oss-range-behavior': 'standard' }, standard],
    ] as const) {
      const answer = await get(bucket, 'thousand', {}, { range, ...headers });
      const [status, length, contentRange] = expected;
      expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
      if (status === 416) expect(ossError(answer).code).toBe('InvalidRange');
      else {
        expect(answer.bytes).toHaveLength(length);
        const start = Number(/bytes (\d+)-/.exec(contentRange ?? 'bytes 0-')?.[1]);
        expect(answer.bytes.equals(body.subarray(start, start + length))).toBe(true);
        expect(answer.headers['x-oss-hash-crc64ecma']).toBe(
          (await head(bucket, 'thousand')).headers['x-oss-hash-crc64ecma'],
        );
        expect(answer.headers['content-md5']).toBe(
          status === 200 ? createHash('md5').update(body).digest('base64') : undefined,
        );
      }
    }
  });
});

describe('conditions', () => {
  const ETAG = '"5EB63BBBE01EEED093CB22BB8F5ACDC3"';
  const past = 'Fri, 24 Feb 2012 06:07:48 GMT';
  const future = 'Fri, 24 Feb 2040 06:07:48 GMT';
  beforeAll(() => put(bucket, 'conditional', Buffer.from('hello world')));
  it.each<[Record<string, string>, number, string?]>([
    [{ 'if-match': ETAG }, 200],
    [{ 'if-match': ETAG.toLowerCase() }, 200],
    [{ 'if-match': '"other"' }, 412, 'If-Match'],
    [{ 'if-none-match': ETAG }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': past }, 200],
    [{ 'if-modified-since': future }, 304],
    [{ 'if-unmodified-since': past }, 412, 'If-Unmodified-Since'],
    [{ 'if-unmodified-since': future }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-match': '"other"', 'if-none-match': ETAG }, 412, 'If-Match'],
  ])('%j gives %i', async (headers, status, condition) => {
    const read = await get(bucket, 'conditional', {}, headers);
    const headed = await head(bucket, 'conditional', headers);
    expect([read.status, headed.status]).toEqual([status, status]);
    if (status === 304) {
      expect(read.bytes).toHaveLength(0);
      expect(read.headers).toMatchObject({ etag: ETAG });
      expect(read.headers['content-type']).toBeUndefined();
    }
    if (status === 412) {
      expect(ossError(read)).toMatchObject({ code: 'PreconditionFailed', elements: { Condition: condition } });
      const told = Buffer.from(headed.headers['x-oss-err'] as string, 'base64').toString();
      expect(ossError({ status, text: told }).code).toBe('PreconditionFailed');
    }
  });
});

describe('response-* overrides', () => {
  it('replace what is stored, for signed requests only', async () => {
    await put(bucket, 'override', Buffer.from('x'));
    const query = {
      'response-content-type': 'text/csv',
      'response-content-disposition': 'inline',
      'response-cache-control': 'max-age=5',
    };
    const signed = await get(bucket, 'override', query, { authorization: 'OSS nobody:x' });
    expect(signed.headers).toMatchObject({
      'content-type': 'text/csv',
      'content-disposition': 'inline',
      'cache-control': 'max-age=5',
    });
    const anonymous = await get(bucket, 'override', query);
    expect([anonymous.status, ossError(anonymous).code]).toEqual([400, 'InvalidRequest']);
  });
});
