/** Versioning over the wire (rest-core.md §1.6). */
import { beforeEach, describe, expect, it } from 'vitest';
import { blocks, textOf, texts } from '../helpers/oss-xml.ts';
import {
  type Answer,
  fixture,
  freshBucket,
  get,
  head,
  ossError,
  pathOf,
  processed,
  put,
  request,
} from '../helpers/ossite.ts';

let bucket: string;
beforeEach(async () => {
  bucket = await freshBucket();
});
type Headers = Readonly<Record<string, string>>;
const turn = (status: string) =>
  request('put', `/${bucket}?versioning`, {
    body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
  });
const version = ({ headers }: Answer) => headers['x-oss-version-id'] ?? '';
const write = async (key: string, body: string, headers: Headers = {}) => {
  const answer = await request('put', pathOf(bucket, key), { body, headers });
  expect(answer.status).toBe(200);
  return version(answer);
};
const remove = (key: string, versionId?: string) =>
  request('delete', `${pathOf(bucket, key)}${versionId === undefined ? '' : `?versionId=${versionId}`}`);
const read = async (key: string, versionId?: string) => (await get(bucket, key, versionId ? { versionId } : {})).text;
const list = async (query: Headers = {}) => (await get(bucket, '', { versions: '', ...query })).text;

describe('the state of a bucket', () => {
  it('is empty at first, then what was put', async () => {
    const state = async () => (await get(bucket, '', { versioning: '' })).text;
    expect(await state()).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<VersioningConfiguration/>\n');
    for (const status of ['Enabled', 'Suspended']) {
      expect((await turn(status)).status).toBe(200);
      expect(textOf(await state(), 'Status')).toBe(status);
    }
  });

  it.each([
    ['<VersioningConfiguration><Status>On</Status></VersioningConfiguration>', 'MalformedXML'],
    ['<VersioningConfiguration/>', 'InvalidArgument'],
    ['<Status>Enabled</Status>', 'MalformedXML'],
    ['', 'MalformedXML'],
  ])('%s is refused', async (body, code) => {
    expect(ossError(await request('put', `/${bucket}?versioning`, { body }))).toMatchObject({ status: 400, code });
    expect(texts((await get(bucket, '', { versioning: '' })).text, 'Status')).toEqual([]);
  });
});

describe('a bucket that never had versions', () => {
  it('does not speak of them; null names what is there', async () => {
    expect(await write('k', 'x')).toBe('');
    expect((await head(bucket, 'k')).headers['x-oss-version-id']).toBeUndefined();
    expect(await read('k', 'null')).toBe('x');
    const listed = await list();
    expect([texts(listed, 'VersionId'), texts(listed, 'IsLatest')]).toEqual([['null'], ['true']]);
    const gone = await remove('k');
    expect([gone.status, gone.headers['x-oss-delete-marker'], version(gone)]).toEqual([204, undefined, '']);
  });
});

describe('versions', () => {
  beforeEach(() => turn('Enabled'));

  it('each write makes one; GET, HEAD and meta tell and take its id', async () => {
    const [a, b] = [await write('k', 'one'), await write('k', 'three')];
    expect(new Set([a, b, '', 'null']).size).toBe(4);
    expect([await read('k'), await read('k', a), await read('k', b)]).toEqual(['three', 'one', 'three']);
    const headed = await request('head', `${pathOf(bucket, 'k')}?versionId=${a}`);
    expect([version(headed), headed.headers['content-length']]).toEqual([a, '3']);
    const meta = await request('head', `${pathOf(bucket, 'k')}?objectMeta&versionId=${a}`);
    expect([version(meta), meta.headers['content-length']]).toEqual([a, '3']);
    expect(version(await get(bucket, 'k'))).toBe(b);
  });

  it('a delete sets a marker; what it hides stays readable by its id', async () => {
    const a = await write('k', 'a');
    const marker = await remove('k');
    expect([marker.status, marker.headers['x-oss-delete-marker']]).toEqual([204, 'true']);
    const id = version(marker);
    for (const answer of [await get(bucket, 'k'), await head(bucket, 'k')]) {
      expect(answer.status).toBe(404);
      expect(answer.headers).toMatchObject({ 'x-oss-delete-marker': 'true', 'x-oss-version-id': id });
    }
    expect(ossError(await get(bucket, 'k'))).toMatchObject({ code: 'NoSuchKey', ec: '0026-00000001' });
    for (const method of ['get', 'head'] as const) {
      const answer = await request(method, `${pathOf(bucket, 'k')}?versionId=${id}`);
      expect(answer.status).toBe(405);
      expect(answer.headers).toMatchObject({
        allow: 'DELETE',
        'x-oss-delete-marker': 'true',
        'x-oss-version-id': id,
      });
    }
    expect(ossError(await get(bucket, 'k', { versionId: id })).elements).toMatchObject({
      Code: 'MethodNotAllowed',
      Method: 'GET',
      ResourceType: 'DeleteMarker',
    });
    expect(await read('k', a)).toBe('a');
    const removed = await remove('k', id);
    expect([removed.status, removed.headers['x-oss-delete-marker'], version(removed)]).toEqual([204, 'true', id]);
    expect(await read('k')).toBe('a');
    const last = await remove('k', a);
    expect([last.headers['x-oss-delete-marker'], version(last)]).toEqual([undefined, a]);
    expect(ossError(await get(bucket, 'k')).code).toBe('NoSuchKey');
    expect((await remove('k', a)).status).toBe(204);
  });

  it.each([
    ['NoSuchVersion', 404, 'CAE0000000000000000000000000'],
    ['NoSuchVersion', 404, 'null'],
    ['InvalidArgument', 400, ''],
    ['InvalidArgument', 400, 'a/b'],
  ])('%s, %i for the id %j', async (code, status, versionId) => {
    await write('k', 'x');
    for (const query of [{ versionId }, { versionId, tagging: '' }, { versionId, acl: '' }, { versionId, symlink: '' }])
      expect(ossError(await get(bucket, 'k', query))).toMatchObject({ status, code });
    const copy = await request('put', pathOf(bucket, 'copy'), {
      headers: { 'x-oss-copy-source': `/${bucket}/k?versionId=${versionId}` },
    });
    expect(ossError(copy)).toMatchObject({ status, code });
  });

  it('tags, ACL and links are those of a version', async () => {
    const a = await write('k', 'a', { 'x-oss-tagging': 'of=a' });
    const b = await write('k', 'b', { 'x-oss-tagging': 'of=b' });
    const answer = await get(bucket, 'k', { tagging: '', versionId: a });
    expect([textOf(answer.text, 'Value'), version(answer)]).toEqual(['a', a]);
    const acl = await request('put', `${pathOf(bucket, 'k')}?acl&versionId=${a}`, {
      headers: { 'x-oss-object-acl': 'public-read' },
    });
    expect(version(acl)).toBe(a);
    const grant = async (query: Headers) => textOf((await get(bucket, 'k', { acl: '', ...query })).text, 'Grant');
    expect([await grant({}), await grant({ versionId: a })]).toEqual(['default', 'public-read']);
    await request('delete', `${pathOf(bucket, 'k')}?tagging&versionId=${b}`);
    expect((await head(bucket, 'k')).headers['x-oss-tagging-count']).toBeUndefined();
    const linked = await request('put', `${pathOf(bucket, 'k')}?symlink`, { headers: { 'x-oss-symlink-target': 'x' } });
    const query = { symlink: '', versionId: version(linked) };
    expect((await get(bucket, 'k', query)).headers['x-oss-symlink-target']).toBe('x');
    expect(ossError(await get(bucket, 'k', { symlink: '', versionId: a })).code).toBe('NotSymlink');
  });

  it('a copy takes a version of its source; a marker is nothing to copy', async () => {
    const a = await write('k', 'a', { 'x-oss-meta-of': 'a' });
    const b = await write('k', 'b');
    const copy = (to: string, from: string) =>
      request('put', pathOf(bucket, to), { headers: { 'x-oss-copy-source': `/${bucket}/${from}` } });
    const old = await copy('copy', `k?versionId=${a}`);
    expect(old.headers).toMatchObject({ 'x-oss-copy-source-version-id': a, 'x-oss-version-id': expect.any(String) });
    expect(await read('copy')).toBe('a');
    expect((await copy('copy', 'k')).headers['x-oss-copy-source-version-id']).toBe(b);
    // An old version onto its own key: it comes back as a new one, with its metadata.
    await copy('k', `k?versionId=${a}`);
    const back = await get(bucket, 'k');
    expect([back.text, back.headers['x-oss-meta-of'], version(back) === a]).toEqual(['a', 'a', false]);
    const marker = version(await remove('k'));
    for (const from of ['k', `k?versionId=${marker}`])
      expect(ossError(await copy('copy', from))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  it('a part is copied from a version; Complete makes a version', async () => {
    const a = await write('k', 'a');
    await write('k', 'bb');
    const id = textOf((await request('post', `${pathOf(bucket, 'm')}?uploads`)).text, 'UploadId');
    const part = await request('put', `${pathOf(bucket, 'm')}?partNumber=1&uploadId=${id}`, {
      headers: { 'x-oss-copy-source': `/${bucket}/k?versionId=${a}` },
    });
    expect(part.headers['x-oss-copy-source-version-id']).toBe(a);
    const done = await request('post', `${pathOf(bucket, 'm')}?uploadId=${id}`, {
      headers: { 'x-oss-complete-all': 'yes' },
    });
    expect(version(done)).not.toBe('');
    expect(await read('m', version(done))).toBe('a');
  });

  it('DeleteMultipleObjects sets markers and removes versions, and tells which', async () => {
    const a = await write('k', 'a');
    const marked = version(await remove('gone'));
    const objects = [
      '<Object><Key>k</Key></Object>',
      `<Object><Key>k</Key><VersionId>${a}</VersionId></Object>`,
      `<Object><Key>gone</Key><VersionId>${marked}</VersionId></Object>`,
    ];
    const { status, text } = await request('post', `/${bucket}?delete`, {
      body: `<Delete>${objects.join('')}</Delete>`,
    });
    expect(status).toBe(200);
    const [first = '', second = '', third = ''] = blocks(text, 'Deleted');
    expect([textOf(first, 'DeleteMarker'), texts(first, 'VersionId')]).toEqual(['true', []]);
    expect([textOf(second, 'VersionId'), texts(second, 'DeleteMarker')]).toEqual([a, []]);
    expect([textOf(third, 'VersionId'), textOf(third, 'DeleteMarkerVersionId')]).toEqual([marked, marked]);
    expect(texts(await list(), 'VersionId')).toEqual([textOf(first, 'DeleteMarkerVersionId')]);
  });

  it('forbid-overwrite does not count here', async () => {
    await write('k', 'a');
    await write('k', 'b', { 'x-oss-forbid-overwrite': 'true' });
    expect(await read('k')).toBe('b');
  });

  it('a listing of objects shows what is current', async () => {
    await write('a', 'old');
    await write('a', 'newer');
    await write('b', 'x');
    await remove('b');
    const { text } = await get(bucket, '', { 'list-type': '2' });
    expect([texts(text, 'Key'), texts(text, 'Size')]).toEqual([['a'], ['5']]);
  });

  it('the current version is what is processed, and a marker is nothing', async () => {
    await write('photo.jpg', 'no picture');
    await put(bucket, 'photo.jpg', fixture('photo.jpg'));
    expect((await processed(bucket, 'photo.jpg', 'image/info')).status).toBe(200);
    await remove('photo.jpg');
    expect(ossError(await processed(bucket, 'photo.jpg', 'image/info'))).toMatchObject({ status: 404 });
  });

  it('a bucket with nothing but old versions is not empty', async () => {
    const a = await write('k', 'x');
    const marker = version(await remove('k'));
    expect((await request('delete', `/${bucket}`)).status).toBe(409);
    await remove('k', a);
    expect((await request('delete', `/${bucket}`)).status).toBe(409);
    await remove('k', marker);
    expect((await request('delete', `/${bucket}`)).status).toBe(204);
  });
});

describe('Suspended', () => {
  it('writes and deletes replace the null version', async () => {
    await write('k', 'before');
    await turn('Enabled');
    const a = await write('k', 'a');
    await turn('Suspended');
    expect(await write('k', 'null 1')).toBe('null');
    expect(await write('k', 'null 2')).toBe('null');
    expect(texts(await list(), 'VersionId')).toEqual(['null', a]);
    const marker = await remove('k');
    expect([marker.headers['x-oss-delete-marker'], version(marker)]).toEqual(['true', 'null']);
    expect(texts(await list(), 'VersionId')).toEqual(['null', a]);
    await remove('k', 'null');
    expect(await read('k')).toBe('a');
  });
});
