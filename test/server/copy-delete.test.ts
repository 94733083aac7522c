import { beforeAll, describe, expect, it } from 'vitest';
import { freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

describe('deleting', () => {
  it('is 204 whether or not there was something', async () => {
    await put(bucket, 'gone', Buffer.from('x'));
    for (let i = 0; i < 2; i += 1) {
      const answer = await request('delete', pathOf(bucket, 'gone'));
      expect([answer.status, answer.bytes.length, answer.headers['content-type']]).toEqual([204, 0, undefined]);
    }
  });

  const remove = (xml: string, query = '?delete') => request('post', `/${bucket}${query}`, { body: xml });

  it('many at once, in the order of the request, quiet on request', async () => {
    await put(bucket, 'm/<1>', Buffer.from('x'));
    const answer = await remove(
      '<?xml version="1.0"?><Delete xmlns="urn:x"><Object><Key>m/&lt;1&gt;</Key></Object><Object><Key>never there</Key></Object></Delete>',
    );
    expect(answer.status).toBe(200);
    expect([...answer.text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key)).toEqual([
      'm/&lt;1&gt;',
      'never there',
    ]);
    expect((await head(bucket, 'm/<1>')).status).toBe(404);
    const quiet = await remove('<Delete><Quiet>true</Quiet><Object><Key>x</Key></Object></Delete>');
    expect([quiet.status, quiet.bytes.length, quiet.headers['content-length']]).toEqual([200, 0, '0']);
  });

  it.each([
    ['not xml', '<Delete><Object>'],
    ['no object', '<Delete></Delete>'],
    ['another root', '<Remove><Object><Key>a</Key></Object></Remove>'],
    ['too many', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
    ['entities', '<!DOCTYPE x [<!ENTITY e "boom">]><Delete><Object><Key>&e;</Key></Object></Delete>'],
  ])('%s is MalformedXML', async (_, xml) =>
    expect(ossError(await remove(xml))).toMatchObject({ status: 400, code: 'MalformedXML' }),
  );
});

describe('CopyObject', () => {
  const copy = (to: string, source: string, headers: Record<string, string> = {}) =>
    request('put', pathOf(bucket, to), { headers: { 'x-oss-copy-source': source, ...headers } });
  beforeAll(() =>
    put(bucket, 'src/图 1.txt', Buffer.from('copied'), {
      'content-type': 'text/plain',
      'x-oss-meta-a': '1',
      'cache-control': 'no-cache',
    }),
  );
  const source = () => `/${bucket}/${encodeURIComponent('src/图 1.txt')}`;

  it('keeps bytes and metadata', async () => {
    const answer = await copy('dst', source(), { 'x-oss-meta-b': 'ignored' });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(
      /<CopyObjectResult>\n {2}<ETag>&quot;[0-9A-F]{32}&quot;<\/ETag>\n {2}<LastModified>\S+\.000Z<\/LastModified>/,
    );
    const read = await get(bucket, 'dst');
    expect(read.text).toBe('copied');
    expect(read.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-oss-meta-a': '1',
      'cache-control': 'no-cache',
      etag: answer.headers.etag,
    });
    expect(read.headers['x-oss-meta-b']).toBeUndefined();
  });

  it('REPLACE and a copy onto itself take the request’s metadata', async () => {
    await copy('dst2', source().slice(1), {
      'x-oss-metadata-directive': 'REPLACE',
      'x-oss-meta-b': '2',
      'content-type': 'text/html',
    });
    expect((await head(bucket, 'dst2')).headers).toMatchObject({ 'content-type': 'text/html', 'x-oss-meta-b': '2' });
    await copy('dst2', `/${bucket}/dst2`, { 'x-oss-meta-c': '3', 'content-type': 'text/css' });
    const { headers } = await head(bucket, 'dst2');
    expect(headers).toMatchObject({ 'content-type': 'text/css', 'x-oss-meta-c': '3' });
    expect(headers['x-oss-meta-b']).toBeUndefined();
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['/no-such-bucket/x', {}, 404, 'NoSuchBucket'],
    ['SRC/missing', {}, 404, 'NoSuchKey'],
    ['nonsense', {}, 400, 'InvalidArgument'],
    ['SRC/src/%E5%9B%BE%201.txt', { 'x-oss-copy-source-if-match': '"no"' }, 412, 'PreconditionFailed'],
    ['SRC/src/%E5%9B%BE%201.txt', { 'x-oss-metadata-directive': 'MERGE' }, 400, 'InvalidArgument'],
  ])('%s %j', async (from, headers, status, code) => {
    const answer = await copy('never', from.replace('SRC', `/${bucket}`), headers);
    expect(ossError(answer)).toMatchObject({ status, code });
    expect((await head(bucket, 'never')).status).toBe(404);
  });
});
