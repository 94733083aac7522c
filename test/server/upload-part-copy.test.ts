/** Parts that are copied from objects (rest-core.md §1.3). */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../helpers/oss-xml.ts';
import { type Answer, freshBucket, get, ossError, pathOf, put, request } from '../helpers/ossite.ts';

const MIN = 100 * 1024;
const BIG = randomBytes(MIN);
let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

type Headers = Readonly<Record<string, string>>;
const at = (key: string, query: string) => `${pathOf(bucket, key)}?${query}`;
const begin = async (key: string) => textOf((await request('post', at(key, 'uploads'))).text, 'UploadId');
const told = ({ status, text }: Answer) => {
  const { code, ec } = ossError({ status, text });
  return { status, code, ec };
};

describe('UploadPartCopy', () => {
  const copyPart = (key: string, id: string, number: number, headers: Headers) =>
    request('put', at(key, `partNumber=${number}&uploadId=${id}`), { headers });
  const source = () => ({ 'x-oss-copy-source': `/${bucket}/${encodeURIComponent('s/源')}` });
  beforeAll(() => put(bucket, 's/源', BIG));

  it('takes the whole source, or a range of it', async () => {
    const id = await begin('copied');
    const whole = await copyPart('copied', id, 1, source());
    expect(whole.status).toBe(200);
    expect(textOf(whole.text, 'ETag')).toBe(whole.headers.etag);
    expect(textOf(whole.text, 'LastModified')).toMatch(/\.000Z$/);
    const range = await copyPart('copied', id, 2, { ...source(), 'x-oss-copy-source-range': 'bytes=10-19' });
    expect(range.headers['content-range']).toBe(`bytes 10-19/${MIN}`);
    await request('post', at('copied', `uploadId=${id}`), { headers: { 'x-oss-complete-all': 'yes' } });
    const expected = Buffer.concat([BIG, BIG.subarray(10, 20)]);
    expect((await get(bucket, 'copied')).bytes.equals(expected)).toBe(true);
  });

  it.each(['bytes=200000-', 'bytes=5-1', 'bytes=0-999999', 'bytes=-0', 'nonsense'])(
    'the range %s does not fit: the whole source',
    async (range) => {
      const id = await begin('whole');
      const answer = await copyPart('whole', id, 1, { ...source(), 'x-oss-copy-source-range': range });
      expect([answer.status, answer.headers['content-range']]).toEqual([200, `bytes 0-${MIN - 1}/${MIN}`]);
    },
  );

  it('an empty source is an empty part', async () => {
    await put(bucket, 'nothing', Buffer.alloc(0));
    const id = await begin('from-nothing');
    const answer = await copyPart('from-nothing', id, 1, { 'x-oss-copy-source': `/${bucket}/nothing` });
    expect([answer.status, answer.headers.etag]).toEqual([200, '"D41D8CD98F00B204E9800998ECF8427E"']);
  });

  it.each<[string, Headers, number, string, string?]>([
    ['/BUCKET/missing', {}, 404, 'NoSuchKey', '0026-00000001'],
    ['/no-such-bucket/x', {}, 404, 'NoSuchBucket', '0015-00000101'],
    ['nonsense', {}, 400, 'InvalidArgument'],
    ['/BUCKET/link', {}, 400, 'InvalidArgument', '0042-00000308'],
    ['/BUCKET/nothing', { 'x-oss-copy-source-if-match': '"no"' }, 412, 'PreconditionFailed'],
  ])('%s %j is refused', async (from, headers, status, code, ec) => {
    await request('put', at('link', 'symlink'), { headers: { 'x-oss-symlink-target': 'nothing' } });
    const id = await begin('never');
    const copySource = { 'x-oss-copy-source': from.replace('BUCKET', bucket) };
    const answer = await copyPart('never', id, 1, { ...copySource, ...headers });
    expect(told(answer)).toMatchObject({ status, code, ec });
  });
});
