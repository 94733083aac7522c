/** Lists of uploads and of their parts (rest-core.md §1.3). */
import { beforeAll, describe, expect, it } from 'vitest';
import { blocks, textOf, texts } from '../helpers/oss-xml.ts';
import { type Answer, freshBucket, get, ossError, pathOf, request } from '../helpers/ossite.ts';

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

const sendPart = (key: string, id: string, number: number, body: Buffer) =>
  request('put', at(key, `partNumber=${number}&uploadId=${id}`), { body });

describe('lists', () => {
  it('of parts: all of OSS’s elements, page by page', async () => {
    const id = await begin('listed');
    for (const number of [5, 1, 3]) await sendPart('listed', id, number, Buffer.alloc(number));
    const list = (query: Headers = {}) => get(bucket, 'listed', { uploadId: id, ...query });
    const { text } = await list();
    expect(texts(text, 'PartNumber')).toEqual(['1', '3', '5']);
    expect(texts(text, 'Size')).toEqual(['1', '3', '5']);
    for (const name of ['LastModified', 'ETag', 'HashCrc64ecma']) expect(texts(text, name)).toHaveLength(3);
    const facts = ['MaxParts', 'IsTruncated', 'NextPartNumberMarker', 'PartNumberMarker', 'StorageClass'];
    expect(facts.map((name) => textOf(text, name))).toEqual(['1000', 'false', '5', '0', 'Standard']);
    const first = (await list({ 'max-parts': '2' })).text;
    expect([textOf(first, 'IsTruncated'), textOf(first, 'NextPartNumberMarker')]).toEqual(['true', '3']);
    const rest = (await list({ 'max-parts': '2', 'part-number-marker': '3' })).text;
    expect([texts(rest, 'PartNumber'), textOf(rest, 'IsTruncated')]).toEqual([['5'], 'false']);
    const none = (await list({ 'part-number-marker': '5' })).text;
    expect(textOf(none, 'NextPartNumberMarker')).toBe('');
    for (const query of [{ 'max-parts': '0' }, { 'max-parts': '1001' }, { 'part-number-marker': 'x' }])
      expect(told(await list(query as unknown as Headers))).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('of uploads: by key, then by beginning; groups; pages', async () => {
    const own = await freshBucket();
    const ids: string[] = [];
    for (const key of ['b/2', 'a', 'a', 'b/1', 'c'])
      ids.push(textOf((await request('post', `${pathOf(own, key)}?uploads`)).text, 'UploadId'));
    const list = async (query: Headers = {}) => (await get(own, '', { uploads: '', ...query })).text;
    const all = await list();
    expect(texts(all, 'UploadId')).toEqual([ids[1], ids[2], ids[3], ids[0], ids[4]]);
    const facts = ['KeyMarker', 'UploadIdMarker', 'NextKeyMarker', 'NextUploadIdMarker', 'MaxUploads', 'IsTruncated'];
    expect(facts.map((name) => textOf(all, name))).toEqual(['', '', 'c', ids[4], '1000', 'false']);
    const grouped = await list({ delimiter: '/', 'max-uploads': '3' });
    expect(blocks(grouped, 'Upload').map((upload) => textOf(upload, 'Key'))).toEqual(['a', 'a']);
    expect(blocks(grouped, 'CommonPrefixes').map((group) => textOf(group, 'Prefix'))).toEqual(['b/']);
    expect([textOf(grouped, 'IsTruncated'), textOf(grouped, 'NextKeyMarker')]).toEqual(['true', 'b/']);
    const behind = await list({ 'key-marker': 'a', 'upload-id-marker': ids[1] ?? '', 'max-uploads': '1' });
    expect(texts(behind, 'UploadId')).toEqual([ids[2]]);
    expect(texts(await list({ prefix: 'b/' }), 'UploadId')).toEqual([ids[3], ids[0]]);
    expect(textOf(await list({ 'key-marker': 'z' }), 'NextKeyMarker')).toBe('');
    // Unfinished uploads keep a bucket from being empty.
    const refused = ossError(await request('delete', pathOf(own)));
    expect(refused).toMatchObject({ status: 409, code: 'BucketNotEmpty' });
    expect(refused.message).toMatch(/^The bucket has Multipart Uploads\./);
    for (const [i, key] of ['b/2', 'a', 'a', 'b/1', 'c'].entries())
      expect((await request('delete', `${pathOf(own, key)}?uploadId=${ids[i]}`)).status).toBe(204);
    expect((await request('delete', pathOf(own))).status).toBe(204);
  });

  it('an abort is 204 once, then 404', async () => {
    const id = await begin('aborted');
    await sendPart('aborted', id, 1, Buffer.from('x'));
    expect((await request('delete', at('aborted', `uploadId=${id}`))).status).toBe(204);
    for (const method of ['delete', 'get'] as const)
      expect(told(await request(method, at('aborted', `uploadId=${id}`)))).toMatchObject({ code: 'NoSuchUpload' });
  });
});
