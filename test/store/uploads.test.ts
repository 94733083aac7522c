/** Multipart uploads at rest (rest-core.md §1.3). */
import { describe, expect, it } from 'vitest';
import { type ListedPart, MIN_PART } from '../../src/store/uploads.ts';
import { blobFiles, codeOf, facts, freshStores, putText, readText, writeText } from './open.ts';

const on = freshStores('uploads');
const BIG = 'x'.repeat(MIN_PART);
const begin = (key = 'k') => on.store.uploads.begin(on.bucket, key, facts);
type Upload = ReturnType<typeof begin>;
const part = async (upload: Upload, number: number, text: string) =>
  on.store.uploads.put(upload, number, await writeText(on.store, on.bucket, text));
const complete = (upload: Upload, parts: readonly ListedPart[] | 'all', forbidOverwrite = false) =>
  on.store.uploads.complete(on.bucket, upload, parts, { forbidOverwrite });
const read = (key = 'k') => readText(on.store, on.bucket, key);

describe('an upload', () => {
  it('becomes an object only at its end, of the parts that were listed', async () => {
    const upload = begin();
    expect(upload.id).toMatch(/^[0-9A-F]{32}$/);
    const [one, two] = [await part(upload, 1, BIG), await part(upload, 7, 'last')];
    await part(upload, 3, 'dropped');
    expect(on.store.objects.get(on.bucket, 'k')).toBeUndefined();
    const object = await complete(upload, [one, { ...two, etag: two.etag.toLowerCase() }]);
    expect(object).toMatchObject({ type: 'Multipart', size: MIN_PART + 4, md5: undefined });
    expect(object.etag).toMatch(/^[0-9A-F]{32}-2$/);
    expect(object.crc64).toBe((await writeText(on.store, on.bucket, `${BIG}last`)).crc64);
    expect(await read()).toBe(`${BIG}last`);
    expect(await codeOf(() => complete(upload, 'all'))).toBe('NoSuchUpload');
    expect(await codeOf(() => part(upload, 1, 'late'))).toBe('NoSuchUpload');
    // The object, and the blob written for its CRC.
    expect(blobFiles(on.store)).toBe(2);
  });

  // The vector of rest-core.md §0.1: MD5 over the text of the ETags.
  it('has an ETag made of the text of its parts’ ETags', async () => {
    const upload = begin();
    const [first, second] = ['4DE8075FB607DF4D13FBC480EA488EFA', 'AF947EC157726CEA88ED83B3C989063B'];
    for (const [number, etag] of [first, second].entries()) {
      const written = await writeText(on.store, on.bucket, BIG);
      await on.store.uploads.put(upload, number + 1, { ...written, md5: Buffer.from(etag ?? '', 'hex') });
    }
    expect((await complete(upload, 'all')).etag).toBe('1C787C506EABFB9B45EAAA8DB039F4B2-2');
  });

  it.each<[string, (parts: readonly ListedPart[]) => readonly ListedPart[] | 'all', string]>([
    ['out of order', ([a, b]) => [b, a] as ListedPart[], 'InvalidPartOrder'],
    ['out of order, and unknown', ([a]) => [{ number: 9, etag: 'X' }, a] as ListedPart[], 'InvalidPartOrder'],
    ['twice the same', ([a]) => [a, a] as ListedPart[], 'InvalidPartOrder'],
    ['another ETag', ([a]) => [{ number: a?.number ?? 0, etag: 'NO' }], 'InvalidPart'],
    ['one that was never sent', ([a]) => [a, { number: 9, etag: 'X' }] as ListedPart[], 'InvalidPart'],
    ['all, with a small one before the last', () => 'all', 'EntityTooSmall'],
  ])('is refused when its parts are %s; it goes on', async (_, choose, code) => {
    const upload = begin();
    const parts = [await part(upload, 1, BIG), await part(upload, 2, 'small'), await part(upload, 3, BIG)];
    expect(await codeOf(() => complete(upload, choose(parts)))).toBe(code);
    expect(on.store.objects.get(on.bucket, 'k')).toBeUndefined();
    await complete(upload, [parts[0], parts[1]] as ListedPart[]);
    expect((await read()).length).toBe(MIN_PART + 5);
    expect(blobFiles(on.store)).toBe(1);
  });

  it('without parts is nothing to complete; with one small one it is', async () => {
    const upload = begin();
    expect(await codeOf(() => complete(upload, 'all'))).toBe('InvalidPart');
    await part(upload, 5, '');
    expect((await complete(upload, 'all')).size).toBe(0);
  });

  it('a part that is sent again replaces the one before', async () => {
    const upload = begin();
    await part(upload, 1, 'old');
    const fresh = await part(upload, 1, 'new');
    expect(on.store.uploads.parts(upload, { after: 0, limit: 10 })).toEqual([fresh]);
    expect(blobFiles(on.store)).toBe(1);
  });

  it('an abort frees everything', async () => {
    const upload = begin();
    await Promise.all([1, 2, 3].map((n) => part(upload, n, BIG)));
    await on.store.uploads.abort(upload);
    expect(blobFiles(on.store)).toBe(0);
    expect(await codeOf(() => on.store.uploads.abort(upload))).toBe('NoSuchUpload');
    expect(await codeOf(() => on.store.uploads.need(on.bucket, 'k', upload.id))).toBe('NoSuchUpload');
  });

  it('is found under its own key only', async () => {
    const upload = begin();
    expect(await codeOf(() => on.store.uploads.need(on.bucket, 'other', upload.id))).toBe('NoSuchUpload');
  });

  it('forbidOverwrite is looked at when the object comes to be; the upload stays', async () => {
    const upload = begin();
    await part(upload, 1, 'multi');
    await putText(on.store, on.bucket, 'k', 'put');
    expect(await codeOf(() => complete(upload, 'all', true))).toBe('FileAlreadyExists');
    expect([await read(), blobFiles(on.store)]).toEqual(['put', 2]);
    await complete(upload, 'all');
    expect([await read(), blobFiles(on.store)]).toEqual(['multi', 1]);
  });
});

describe('racing', () => {
  it('completes: one makes the object, the others come too late', async () => {
    const upload = begin();
    await part(upload, 1, 'x');
    const codes = await Promise.all(Array.from({ length: 5 }, () => codeOf(() => complete(upload, 'all'))));
    expect(codes.sort()).toEqual(['NoSuchUpload', 'NoSuchUpload', 'NoSuchUpload', 'NoSuchUpload', 'no error']);
    expect(blobFiles(on.store)).toBe(1);
  });

  it('complete, abort and parts in any order leave no bytes that nobody names', async () => {
    for (let round = 0; round < 20; round += 1) {
      const upload = begin(`race-${round}`);
      await part(upload, 1, BIG);
      const calls = [
        () => complete(upload, 'all'),
        () => on.store.uploads.abort(upload),
        () => part(upload, 1, `${BIG}again`),
        () => part(upload, 2, 'more'),
      ];
      const first = round % calls.length;
      await Promise.all([...calls.slice(first), ...calls.slice(0, first)].map(codeOf));
      const object = on.store.objects.get(on.bucket, `race-${round}`);
      if (object !== undefined) expect((await read(`race-${round}`)).length).toBe(object.size);
    }
    const range = { prefix: '', delimiter: '', after: '', skipGroup: false, limit: 1000 };
    expect(blobFiles(on.store)).toBe(on.store.list(on.bucket.id, range).objects.length);
    expect(on.store.stat(on.bucket.id)).toMatchObject({ uploads: 0, parts: 0 });
  });
});

describe('GetBucketStat counts', () => {
  it('by class, older versions too, markers and parts on their own', async () => {
    const { store, bucket } = on;
    store.buckets.setVersioning(bucket, 'Enabled');
    await putText(store, bucket, 'a', 'four');
    await putText(store, bucket, 'a', 'five5');
    await store.objects.remove(bucket, 'a');
    await store.objects.put(bucket, 'ia', await writeText(store, bucket, 'x'), { ...facts, storageClass: 'IA' });
    await part(begin(), 1, 'part');
    const { classes, ...others } = store.stat(bucket.id);
    expect(Object.fromEntries(classes)).toEqual({
      Standard: { count: 2, size: 9, billed: 2 * 65536 },
      IA: { count: 1, size: 1, billed: 65536 },
    });
    expect(others).toEqual({ markers: 1, uploads: 1, parts: 1 });
  });
});
