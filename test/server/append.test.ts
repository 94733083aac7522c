/** AppendObject over the wire (rest-core.md §1.2). */
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, freshBucket, get, head, ossError, pathOf, processed, put, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});
type Headers = Readonly<Record<string, string>>;
const append = (key: string, position: number | string, body: string | Buffer, headers: Headers = {}) =>
  request('post', `${pathOf(bucket, key)}?append&position=${position}`, { body, headers });

// The vectors of rest-core.md §0.1.
const HELLO_WORLD = '5981764153023615706';

describe('AppendObject', () => {
  it('grows an object; the CRC is that of the whole, facts are those of the beginning', async () => {
    const first = await append('log', 0, 'hello ', {
      'content-type': 'text/plain',
      'x-oss-meta-a': '1',
      'x-oss-tagging': 'k=v',
      'x-oss-object-acl': 'private',
    });
    expect([first.status, first.bytes.length]).toEqual([200, 0]);
    expect(first.headers['x-oss-next-append-position']).toBe('6');
    const second = await append('log', 6, 'world', { 'content-type': 'text/html', 'x-oss-meta-a': '2' });
    expect(second.headers).toMatchObject({ 'x-oss-next-append-position': '11', 'x-oss-hash-crc64ecma': HELLO_WORLD });
    expect(second.headers.etag).toMatch(/^"[0-9A-F]{32}"$/);
    expect(second.headers['x-oss-version-id']).toBeUndefined();
    for (const answer of [await get(bucket, 'log'), await head(bucket, 'log')]) {
      expect(answer.headers).toMatchObject({
        'x-oss-object-type': 'Appendable',
        'x-oss-next-append-position': '11',
        'x-oss-hash-crc64ecma': HELLO_WORLD,
        'content-type': 'text/plain',
        'x-oss-meta-a': '1',
        'x-oss-tagging-count': '1',
        etag: second.headers.etag,
      });
      expect(answer.headers['content-md5']).toBeUndefined();
    }
    expect((await get(bucket, 'log')).text).toBe('hello world');
    expect((await get(bucket, '', { prefix: 'log' })).text).toContain('<Type>Appendable</Type>');
  });

  it('a wrong position is 409 and tells the right one', async () => {
    await append('positions', 0, 'abc');
    for (const position of [0, 2, 4]) {
      const answer = await append('positions', position, 'x');
      expect(answer.headers['x-oss-next-append-position']).toBe('3');
      expect(ossError(answer)).toMatchObject({
        status: 409,
        code: 'PositionNotEqualToLength',
        message: 'Position is not equal to file length',
        ec: '0026-00000016',
      });
    }
    const missing = await append('not there', 5, 'x');
    expect([missing.status, missing.headers['x-oss-next-append-position']]).toEqual([409, '0']);
    expect((await head(bucket, 'not there')).status).toBe(404);
  });

  it('a zero-byte append changes nothing; position 0 begins what is empty', async () => {
    const empty = await append('empty', 0, '');
    expect(empty.headers).toMatchObject({ 'x-oss-next-append-position': '0', 'x-oss-hash-crc64ecma': '0' });
    await append('empty', 0, 'x');
    const before = (await head(bucket, 'empty')).headers;
    const nothing = await append('empty', 1, '');
    expect([nothing.status, nothing.headers.etag]).toEqual([200, before.etag]);
    expect((await head(bucket, 'empty')).headers['last-modified']).toBe(before['last-modified']);
  });

  it('what was put, copied or linked does not grow', async () => {
    await put(bucket, 'put', Buffer.from('x'));
    await request('put', `${pathOf(bucket, 'link')}?symlink`, { headers: { 'x-oss-symlink-target': 'put' } });
    await append('source', 0, 'abc');
    const copied = await request('put', pathOf(bucket, 'copy'), {
      headers: { 'x-oss-copy-source': `/${bucket}/source` },
    });
    expect(copied.status).toBe(200);
    expect((await head(bucket, 'copy')).headers['x-oss-object-type']).toBe('Normal');
    for (const [key, position] of [
      ['put', 1],
      ['link', 0],
      ['copy', 3],
    ] as const)
      expect(ossError(await append(key, position, 'x'))).toMatchObject({ status: 409, code: 'ObjectNotAppendable' });
  });

  it.each<[string, Headers, number, string, string?]>([
    ['?append', {}, 400, 'MissingArgument', '0016-00000502'],
    ['?append&position=', {}, 400, 'InvalidArgument'],
    ['?append&position=-1', {}, 400, 'InvalidArgument'],
    ['?append&position=1.5', {}, 400, 'InvalidArgument'],
    ['?append&position=5368709121', {}, 400, 'EntityTooLarge'],
    ['?append&position=0', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400, 'InvalidDigest', '0017-00000503'],
    ['?append&position=0', { 'x-oss-hash-crc64ecma': '1' }, 400, 'InvalidCRC64'],
    ['?append&position=0', { 'x-oss-storage-class': 'Archive' }, 400, 'OperationNotSupported'],
    ['?append&position=0', { 'x-oss-object-acl': 'all' }, 400, 'InvalidArgument'],
    ['?append&position=0', { 'x-oss-tagging': 'a=*' }, 400, 'InvalidTag'],
  ])('%s %j is refused, and nothing is there', async (query, headers, status, code, ec) => {
    const answer = await request('post', pathOf(bucket, 'refused') + query, { body: 'x', headers });
    const error = ossError(answer);
    expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
    expect((await head(bucket, 'refused')).status).toBe(404);
  });

  it('the digests a client sends are those of what it appends', async () => {
    await append('digests', 0, 'hello ');
    const wrong = await append('digests', 6, 'world', { 'x-oss-hash-crc64ecma': HELLO_WORLD });
    expect(ossError(wrong).code).toBe('InvalidCRC64');
    // MD5 of `world` alone.
    const right = await append('digests', 6, 'world', { 'content-md5': 'fXkwN6B2AYZXSwKC8vQ15w==' });
    expect(right.headers['x-oss-hash-crc64ecma']).toBe(HELLO_WORLD);
  });

  it('racing appends: each byte once, in the order of the positions', async () => {
    const sizes = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        // Each goes on where the server says, until it has its turn.
        for (let position = '0'; ; ) {
          const answer = await append('race', position, String(i));
          position = answer.headers['x-oss-next-append-position'] ?? '';
          if (answer.status === 200) return Number(position);
          expect(ossError(answer).code).toBe('PositionNotEqualToLength');
        }
      }),
    );
    expect(sizes.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await get(bucket, 'race')).text].sort().join('')).toBe('012345');
  });

  it('what grew can be processed as it is now', async () => {
    const photo = fixture('photo.jpg');
    await append('growing.jpg', 0, photo.subarray(0, 1000));
    await append('growing.jpg', 1000, photo.subarray(1000));
    const { status, text } = await processed(bucket, 'growing.jpg', 'image/info');
    expect([status, JSON.parse(text)]).toMatchObject([200, { FileSize: { value: String(photo.length) } }]);
  });
});

describe('SealAppendObject', () => {
  const seal = (key: string, query: string) => request('post', `${pathOf(bucket, key)}?seal${query}`);

  it('closes an object for good, and says since when', async () => {
    await append('closed', 0, 'hello');
    const before = (await head(bucket, 'closed')).headers;
    expect(before['x-oss-sealed-time']).toBeUndefined();
    const first = await seal('closed', '&position=5');
    const time = first.headers['x-oss-sealed-time'] ?? '';
    expect([first.status, first.bytes.length, first.headers.etag]).toEqual([200, 0, before.etag]);
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
    for (const answer of [
      await append('closed', 5, 'more'),
      await append('closed', 0, 'more'),
      await append('closed', 5, ''),
    ])
      expect(ossError(answer)).toMatchObject({ status: 400, code: 'AppendSealedObjectNotAllowed' });
    const again = await seal('closed', '&position=5');
    expect([again.status, again.headers['x-oss-sealed-time']]).toEqual([200, time]);
    for (const { headers } of [await get(bucket, 'closed'), await head(bucket, 'closed')])
      expect(headers).toMatchObject({
        'x-oss-sealed-time': time,
        'x-oss-object-type': 'Appendable',
        'last-modified': before['last-modified'],
      });
    expect((await get(bucket, 'closed')).text).toBe('hello');
  });

  it('a new object in its place is open', async () => {
    await append('reopened', 0, 'a');
    await seal('reopened', '&position=1');
    await request('delete', pathOf(bucket, 'reopened'));
    expect((await append('reopened', 0, 'b')).status).toBe(200);
    expect((await append('reopened', 1, 'c')).status).toBe(200);
    expect((await head(bucket, 'reopened')).headers['x-oss-sealed-time']).toBeUndefined();
  });

  it.each<[string, string, number, string, string?]>([
    ['grown', '&position=2', 409, 'PositionNotEqualToLength', '0026-00000016'],
    ['grown', '', 400, 'MissingArgument', '0016-00000502'],
    ['grown', '&position=x', 400, 'InvalidArgument'],
    ['uploaded', '&position=1', 409, 'AppendSealedObjectNotAllowed'],
    ['absent', '&position=0', 404, 'NoSuchKey', '0026-00000001'],
  ])('%s%s is refused', async (key, query, status, code, ec) => {
    await append('grown', 0, 'abc');
    await put(bucket, 'uploaded', Buffer.from('x'));
    const answer = await seal(key, query);
    const error = ossError(answer);
    expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
    if (code === 'PositionNotEqualToLength') expect(answer.headers['x-oss-next-append-position']).toBe('3');
    expect((await head(bucket, 'grown')).headers['x-oss-sealed-time']).toBeUndefined();
  });
});

describe('in a bucket with versions', () => {
  it('an append makes no version; copies are refused; it is kept beside what was put over it', async () => {
    const own = await freshBucket();
    const enable = { body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' };
    await request('put', `/${own}?versioning`, enable);
    const grow = (position: number) => request('post', `/${own}/log?append&position=${position}`, { body: 'abc' });
    const version = (await grow(0)).headers['x-oss-version-id'] ?? '';
    expect(version).toMatch(/^CAE/);
    expect((await grow(3)).headers['x-oss-version-id']).toBe(version);
    const copied = await request('put', `/${own}/copy`, { headers: { 'x-oss-copy-source': `/${own}/log` } });
    expect(ossError(copied)).toMatchObject({ status: 400, code: 'OperationNotSupported' });
    const elsewhere = await request('put', pathOf(bucket, 'x'), { headers: { 'x-oss-copy-source': `/${own}/log` } });
    expect(ossError(elsewhere).code).toBe('OperationNotSupported');
    await put(own, 'log', Buffer.from('put'));
    expect((await get(own, 'log', { versionId: version })).text).toBe('abcabc');
    expect(ossError(await grow(6)).code).toBe('ObjectNotAppendable');
  });

  it('behind a delete marker an object begins anew, and goes on when the marker is gone', async () => {
    const own = await freshBucket();
    const state = (status: string) =>
      request('put', `/${own}?versioning`, {
        body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      });
    await state('Enabled');
    const grow = (position: number, body: string) =>
      request('post', `/${own}/log?append&position=${position}`, { body });
    const old = (await grow(0, 'old')).headers['x-oss-version-id'];
    const marker = (await request('delete', `/${own}/log`)).headers['x-oss-version-id'];
    const early = await grow(3, 'x');
    expect([ossError(early).code, early.headers['x-oss-next-append-position']]).toEqual([
      'PositionNotEqualToLength',
      '0',
    ]);
    const anew = (await grow(0, 'new')).headers['x-oss-version-id'];
    expect(new Set([old, marker, anew]).size).toBe(3);
    await request('delete', `/${own}/log?versionId=${marker}`);
    expect((await grow(3, 'er')).headers['x-oss-next-append-position']).toBe('5');
    expect([(await get(own, 'log')).text, (await get(own, 'log', { versionId: old ?? '' })).text]).toEqual([
      'newer',
      'old',
    ]);
    await state('Suspended');
    const suspended = (position: number) => request('post', `/${own}/late?append&position=${position}`, { body: 'x' });
    expect((await suspended(0)).headers['x-oss-version-id']).toBe('null');
  });
});
