/** ListObjectVersions and GetBucketStat (rest-core.md §1.1, §1.6). */
import { beforeEach, describe, expect, it } from 'vitest';
import { blocks, textOf, texts } from '../helpers/oss-xml.ts';
import { type Answer, freshBucket, get, ossError, pathOf, request } from '../helpers/ossite.ts';

type Headers = Readonly<Record<string, string>>;
let bucket: string;
beforeEach(async () => {
  bucket = await freshBucket();
  await request('put', `/${bucket}?versioning`, {
    body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  });
});
const version = ({ headers }: Answer) => headers['x-oss-version-id'] ?? '';
const write = async (key: string, body: string, headers: Headers = {}) =>
  version(await request('put', pathOf(bucket, key), { body, headers }));
const remove = (key: string) => request('delete', pathOf(bucket, key));
const list = async (query: Headers = {}) => (await get(bucket, '', { versions: '', ...query })).text;

describe('ListObjectVersions', () => {
  it('interleaves versions and markers by key, the newest first, with what SDKs read', async () => {
    const ids = [await write('a', '1'), await write('b/1', '2'), await write('a', '33')];
    const marker = version(await remove('a'));
    const text = await list();
    expect(texts(text, 'VersionId')).toEqual([marker, ids[2], ids[0], ids[1]]);
    expect(texts(text, 'IsLatest')).toEqual(['true', 'false', 'false', 'true']);
    expect(blocks(text, 'DeleteMarker')).toHaveLength(1);
    const [version1 = ''] = blocks(text, 'Version');
    const members = ['Key', 'VersionId', 'IsLatest', 'LastModified', 'ETag', 'Type', 'Size', 'StorageClass', 'ID'];
    for (const name of members) expect(texts(version1, name)).toHaveLength(1);
    expect(text).not.toContain('NextKeyMarker');
    const grouped = await list({ delimiter: '/' });
    expect([texts(grouped, 'VersionId').length, blocks(grouped, 'CommonPrefixes').length]).toEqual([3, 1]);
    expect(texts(await list({ prefix: 'b' }), 'VersionId')).toEqual([ids[1]]);
  });

  it('pages go on in the middle of a key', async () => {
    for (let i = 0; i < 5; i += 1) await write('k ', String(i));
    const seen: string[] = [];
    let query: Headers = { 'max-keys': '2', 'encoding-type': 'url' };
    for (let pages = 0; pages < 10; pages += 1) {
      const text = await list(query);
      seen.push(...texts(text, 'VersionId'));
      if (textOf(text, 'IsTruncated') === 'false') break;
      expect(textOf(text, 'NextKeyMarker')).toBe('k%20');
      query = { ...query, 'key-marker': 'k ', 'version-id-marker': textOf(text, 'NextVersionIdMarker') };
    }
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
  });

  it.each(['0', '1001', 'x'])('max-keys=%s is refused with an EC of its own', async (count) =>
    expect(ossError(await get(bucket, '', { versions: '', 'max-keys': count }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      ec: '0012-00000102',
    }),
  );
});

describe('GetBucketStat', () => {
  it('counts what is there now', async () => {
    await write('a', '1234');
    await write('a', '56789');
    await write('ia', 'x', { 'x-oss-storage-class': 'IA' });
    await remove('a');
    await request('post', `${pathOf(bucket, 'm')}?uploads`);
    const { text } = await get(bucket, '', { stat: '' });
    const names = ['Storage', 'ObjectCount', 'StandardStorage', 'StandardObjectCount', 'InfrequentAccessStorage'];
    const more = ['InfrequentAccessRealStorage', 'InfrequentAccessObjectCount', 'DeleteMarkerCount', 'ArchiveStorage'];
    const uploads = ['MultipartUploadCount', 'MultipartPartCount', 'LiveChannelCount'];
    expect([...names, ...more, ...uploads].map((name) => Number(textOf(text, name)))).toEqual([
      ...[10, 3, 9, 2, 65536],
      ...[1, 1, 1, 0],
      ...[1, 0, 0],
    ]);
    expect(Math.abs(Number(textOf(text, 'LastModifiedTime')) - Date.now() / 1000)).toBeLessThan(60);
  });
});
