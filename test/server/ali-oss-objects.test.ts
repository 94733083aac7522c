/** Multipart uploads, appends, links, tags and versions through the real SDK, in both signature versions. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { forms, type Sdk, sdk } from '../helpers/sdk.ts';

const signatures = { V1: {}, V4: { authorizationV4: true } };
const path = forms['path style (sldEnable)'] as object;

describe.each(Object.entries(signatures))('%s', (_, signature) => {
  const bucket = `sdk-${randomBytes(5).toString('hex')}`;
  let client: Sdk;
  const ok = ({ res }: { res: { status: number; headers: Readonly<Record<string, string>> } }) => {
    // The signature is not only accepted: it is right.
    expect(res.headers['x-ossite-auth']).toBe('ok');
    return res.status;
  };

  beforeAll(async () => {
    client = sdk(path, signature);
    await client.putBucket(bucket);
    client.useBucket(bucket);
  });

  it('multipartUpload, in parts and as a copy', async () => {
    const body = randomBytes(350 * 1024);
    const done = await client.multipartUpload('dir/大 file', body, {
      partSize: 100 * 1024,
      meta: { a: '1' },
      mime: 'text/x',
    });
    expect(ok(done)).toBe(200);
    expect(done.etag).toMatch(/^"[0-9A-F]{32}-4"$/);
    const read = await client.get('dir/大 file');
    expect(read.content.equals(body)).toBe(true);
    expect(read.res.headers).toMatchObject({ 'content-type': 'text/x', 'x-oss-meta-a': '1' });
    const source = { sourceKey: 'dir/大 file', sourceBucketName: bucket };
    await client.multipartUploadCopy('copied', source, { partSize: 100 * 1024 });
    expect((await client.get('copied')).content.equals(body)).toBe(true);
  });

  it('an upload that is given up', async () => {
    const { uploadId } = await client.initMultipartUpload('given up');
    const listed = await client.listUploads({ prefix: 'given' });
    expect(listed.uploads).toMatchObject([{ name: 'given up', uploadId }]);
    expect(ok(await client.listParts('given up', uploadId))).toBe(200);
    expect(ok(await client.abortMultipartUpload('given up', uploadId))).toBe(204);
    await expect(client.listParts('given up', uploadId)).rejects.toMatchObject({ code: 'NoSuchUpload', status: 404 });
  });

  it('append', async () => {
    const first = await client.append('log', Buffer.from('foo'));
    expect([ok(first), first.nextAppendPosition]).toEqual([200, '3']);
    await client.append('log', Buffer.from('bar'), { position: first.nextAppendPosition });
    expect((await client.get('log')).content.toString()).toBe('foobar');
    await expect(client.append('log', Buffer.from('x'))).rejects.toMatchObject({ code: 'PositionNotEqualToLength' });
  });

  it('putSymlink and getSymlink', async () => {
    await client.put('目标', Buffer.from('target'));
    expect(ok(await client.putSymlink('link', '目标', { storageClass: 'IA', meta: { uid: '1' } }))).toBe(200);
    expect((await client.getSymlink('link')).targetName).toBe('目标');
    const read = await client.get('link');
    expect([read.content.toString(), read.res.headers['x-oss-object-type']]).toEqual(['target', 'Symlink']);
  });

  it('tags and ACL', async () => {
    await client.put('tagged', Buffer.from('x'), { headers: { 'x-oss-tagging': 'a=1' } });
    expect((await client.getObjectTagging('tagged')).tag).toEqual({ a: '1' });
    expect(ok(await client.putObjectTagging('tagged', { b: '2', c: '3' }))).toBe(200);
    expect((await client.getObjectTagging('tagged')).tag).toEqual({ b: '2', c: '3' });
    await client.deleteObjectTagging('tagged');
    expect((await client.getObjectTagging('tagged')).tag).toEqual({});
    await client.putACL('tagged', 'public-read');
    expect((await client.getACL('tagged')).acl).toBe('public-read');
  });

  it('restore', async () => {
    await client.put('ice', Buffer.from('x'), { headers: { 'x-oss-storage-class': 'Archive' } });
    await expect(client.get('ice')).rejects.toMatchObject({ code: 'InvalidObjectState', status: 403 });
    expect(ok(await client.restore('ice'))).toBe(202);
    await expect(client.restore('ice')).rejects.toMatchObject({ code: 'RestoreAlreadyInProgress' });
    await client.put('cold', Buffer.from('x'), { headers: { 'x-oss-storage-class': 'ColdArchive' } });
    expect(ok(await client.restore('cold', { type: 'ColdArchive', Days: 2, JobParameters: 'Bulk' }))).toBe(202);
  });

  it('versions', async () => {
    const own = `${bucket}-v`;
    await client.putBucket(own);
    const versioned = sdk(path, { ...signature, bucket: own });
    expect((await versioned.getBucketVersioning(own)).versionStatus).toBeUndefined();
    await versioned.putBucketVersioning(own, 'Enabled');
    expect((await versioned.getBucketVersioning(own)).versionStatus).toBe('Enabled');
    const [a, b] = [await versioned.put('k', Buffer.from('a')), await versioned.put('k', Buffer.from('b'))].map(
      ({ res }) => res.headers['x-oss-version-id'] ?? '',
    );
    expect((await versioned.get('k', { versionId: a })).content.toString()).toBe('a');
    const marker = await versioned.delete('k');
    expect(marker.res.headers['x-oss-delete-marker']).toBe('true');
    const listed = await versioned.listObjectVersions({ 'max-keys': 100 });
    expect(listed.objects?.map(({ versionId }) => versionId)).toEqual([b, a]);
    expect(listed.deleteMarker).toHaveLength(1);
    await versioned.copy('restored', 'k', { versionId: a });
    expect((await versioned.get('restored')).content.toString()).toBe('a');
    const gone = await versioned.deleteMulti([{ key: 'k', versionId: a ?? '' }]);
    expect(gone.deleted).toHaveLength(1);
    await expect(versioned.get('k', { versionId: a })).rejects.toMatchObject({ code: 'NoSuchVersion', status: 404 });
    const { stat } = await versioned.getBucketStat(own);
    expect(stat).toMatchObject({ ObjectCount: '2', DeleteMarkerCount: '1' });
  });
});
