/** Several ranges in one answer (rest-core.md §1.2). */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, freshBucket, get, ossError, put } from '../helpers/ossite.ts';

const body = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'thousand', body, { 'content-type': 'text/plain' });
  await put(bucket, 'empty', Buffer.alloc(0));
  await put(bucket, 'big', Buffer.alloc(3_000_000, 7));
});
const ask = (range: string, headers: Readonly<Record<string, string>> = {}, key = 'thousand') =>
  get(bucket, key, {}, { range, 'x-oss-multi-range-behavior': 'multi-range', ...headers });

interface Part {
  readonly range: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Takes a multipart/byteranges body apart. */
function partsOf({ headers, bytes }: Answer): readonly Part[] {
  const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(headers['content-type'] ?? '')?.[1];
  const pieces = bytes.toString('latin1').split(`\r\n--${boundary}`);
  expect([pieces.shift(), pieces.pop()]).toEqual(['', '--\r\n']);
  return pieces.map((piece) => {
    const [head = '', ...rest] = piece.split('\r\n\r\n');
    const field = (name: string) => new RegExp(`\r\n${name}: ([^\r]*)`).exec(head)?.[1];
    return {
      range: field('Content-Range'),
      type: field('Content-Type'),
      bytes: Buffer.from(rest.join('\r\n\r\n'), 'latin1'),
    };
  });
}

describe('ranges', () => {
  it.each<[string, readonly (readonly [number, number])[]]>([
    [
      'bytes=0-1,5-6',
      [
        [0, 1],
        [5, 6],
      ],
    ],
    [
      'bytes=0-0, 999-999',
      [
        [0, 0],
        [999, 999],
      ],
    ],
    [
      'bytes=990-,-5,0-9',
      [
        [990, 999],
        [995, 999],
        [0, 9],
      ],
    ],
    [
      'bytes=0-4,2000-3000,900-5000',
      [
        [0, 4],
        [900, 999],
      ],
    ],
    [
      'bytes=0-3,-9999',
      [
        [0, 3],
        [0, 999],
      ],
    ],
  ])('%s', async (range, expected) => {
    const answer = await ask(range);
    expect(answer.status).toBe(206);
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(answer.headers['content-range']).toBeUndefined();
    expect(answer.headers['content-md5']).toBeUndefined();
    expect(partsOf(answer)).toEqual(
      expected.map(([start, end]) => ({
        range: `bytes ${start}-${end}/1000`,
        type: 'text/plain',
        bytes: body.subarray(start, end + 1),
      })),
    );
  });

  it('of which one fits are answered as one', async () => {
    const answer = await ask('bytes=2-4,5000-');
    expect([answer.status, answer.headers['content-range'], answer.bytes]).toEqual([
      206,
      'bytes 2-4/1000',
      body.subarray(2, 5),
    ]);
  });

  it('large ones are streamed', async () => {
    const parts = partsOf(await ask('bytes=0-1499999,1500000-2999999', {}, 'big'));
    expect(parts.map(({ bytes }) => bytes.equals(Buffer.alloc(1_500_000, 7)))).toEqual([true, true]);
  });

  it.each(['bytes=5-1,0-1', 'bytes=-,0-1', 'bytes=a-b,0-1', 'bytes=,', 'lines=0-1,2-3'])(
    '%s is no list of ranges: the whole object',
    async (range) => {
      const answer = await ask(range);
      expect([answer.status, answer.bytes.length]).toEqual([200, 1000]);
    },
  );

  it('50 are taken, 51 are not', async () => {
    const many = (n: number) => `bytes=${Array.from({ length: n }, (_, i) => `${i}-${i}`).join(',')}`;
    expect(partsOf(await ask(many(50)))).toHaveLength(50);
    expect(ossError(await ask(many(51)))).toMatchObject({ status: 400, code: 'MultiRangeFailed', ec: '0016-00000110' });
  });

  it('of which none fits are 416', async () => {
    const answer = await ask('bytes=1000-,2000-3000');
    expect([answer.status, ossError(answer).code, answer.headers['content-range']]).toEqual([
      416,
      'InvalidRange',
      'bytes */1000',
    ]);
    expect((await ask('bytes=0-1,2-3', {}, 'empty')).status).toBe(416);
  });

  it('without the header the first one counts', async () => {
    const answer = await get(bucket, 'thousand', {}, { range: 'bytes=0-1,5-6' });
    expect([answer.status, answer.headers['content-range']]).toEqual([206, 'bytes 0-1/1000']);
  });

  it('conditions come first', async () => {
    const { etag = '' } = (await get(bucket, 'thousand')).headers;
    expect((await ask('bytes=0-1,5-6', { 'if-none-match': etag })).status).toBe(304);
  });
});
