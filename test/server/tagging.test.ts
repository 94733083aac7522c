/** Tags of objects (rest-core.md §1.2). */
import { beforeAll, describe, expect, it } from 'vitest';
import { texts } from '../helpers/oss-xml.ts';
import { freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'k', Buffer.from('x'));
});
type Pair = readonly [string, string];
const xml = (...pairs: Pair[]) =>
  `<Tagging><TagSet>${pairs.map(([k, v]) => `<Tag><Key>${k}</Key><Value>${v}</Value></Tag>`).join('')}</TagSet></Tagging>`;
const set = (key: string, body: string) => request('put', `${pathOf(bucket, key)}?tagging`, { body });
async function tags(key: string): Promise<Readonly<Record<string, string | undefined>>> {
  const { status, text } = await get(bucket, key, { tagging: '' });
  expect(status).toBe(200);
  const values = texts(text, 'Value');
  return Object.fromEntries(texts(text, 'Key').map((name, i) => [name, values[i]]));
}
const ten = Array.from({ length: 10 }, (_, i): Pair => [`k${i}`, String(i)]);
const CHARS = 'aZ09 +-=._:/';

describe('the sub-resource', () => {
  it('sets, tells, counts and removes', async () => {
    expect((await get(bucket, 'k', { tagging: '' })).text).toMatch(/<Tagging>\s*<TagSet\/>\s*<\/Tagging>/);
    expect((await head(bucket, 'k')).headers['x-oss-tagging-count']).toBeUndefined();
    const before = (await head(bucket, 'k')).headers;
    const answer = await set('k', xml(['a', '1'], [CHARS, CHARS], ['empty', '']));
    expect([answer.status, answer.bytes.length]).toEqual([200, 0]);
    expect(await tags('k')).toEqual({ a: '1', [CHARS]: CHARS, empty: '' });
    expect((await get(bucket, 'k')).headers['x-oss-tagging-count']).toBe('3');
    // Nothing else about the object changes.
    const after = (await head(bucket, 'k')).headers;
    expect([after.etag, after['last-modified']]).toEqual([before.etag, before['last-modified']]);
    await set('k', xml(['b', '2']));
    expect(await tags('k')).toEqual({ b: '2' });
    expect((await request('delete', `${pathOf(bucket, 'k')}?tagging`)).status).toBe(204);
    expect(await tags('k')).toEqual({});
  });

  it('an object that is not there has none', async () => {
    for (const method of ['get', 'put', 'delete'] as const) {
      const answer = await request(
        method,
        `${pathOf(bucket, 'missing')}?tagging`,
        method === 'put' ? { body: xml() } : {},
      );
      expect(ossError(answer)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    }
  });

  it.each<[string, string, string, string?]>([
    ['no XML', 'x', 'MalformedXML'],
    ['another root', '<Tags/>', 'MalformedXML'],
    ['no TagSet', '<Tagging/>', 'MalformedXML'],
    ['a key twice', xml(['a', '1'], ['a', '2']), 'InvalidTag', 'Cannot provide multiple Tags with the same key'],
    ['no key', xml(['', '1']), 'InvalidTag', 'The TagKey you have provided is invalid'],
    ['a key of 129', xml(['k'.repeat(129), '1']), 'InvalidTag', 'The TagKey you have provided is invalid'],
    ['a key with a star', xml(['a*', '1']), 'InvalidTag', 'The TagKey you have provided is invalid'],
    ['a value of 257', xml(['k', 'v'.repeat(257)]), 'InvalidTag', 'The TagValue you have provided is invalid'],
    ['a value with a dollar', xml(['k', '$']), 'InvalidTag', 'The TagValue you have provided is invalid'],
    ['eleven', xml(...ten, ['k10', 'x']), 'InvalidTag', 'Object tags cannot be greater than 10'],
  ])('%s is refused, and nothing changes', async (_, body, code, message) => {
    await set('k', xml(['kept', '1']));
    const error = ossError(await set('k', body));
    expect([error.status, error.code]).toEqual([400, code]);
    if (message !== undefined) expect(error.message).toBe(message);
    expect(await tags('k')).toEqual({ kept: '1' });
  });

  it('the longest names, and ten of them, are taken', async () => {
    expect((await set('k', xml(...ten.slice(1), ['k'.repeat(128), 'v'.repeat(256)]))).status).toBe(200);
    expect(Object.keys(await tags('k'))).toHaveLength(10);
  });
});

describe('x-oss-tagging of a write', () => {
  const write = (header: string) =>
    request('put', pathOf(bucket, 'new'), { body: 'x', headers: { 'x-oss-tagging': header } });

  it('is url-encoded; a plus is a space; a key may have no value', async () => {
    expect((await write('a=1&b%2Bc=x%20y&d=x+y&e')).status).toBe(200);
    expect(await tags('new')).toEqual({ a: '1', 'b+c': 'x y', d: 'x y', e: '' });
    // The next write says nothing of tags: there are none.
    await put(bucket, 'new', Buffer.from('x'));
    expect(await tags('new')).toEqual({});
  });

  it.each([
    [
      ten
        .map(([k]) => `${k}=1`)
        .join('&')
        .concat('&more=1'),
      'BadRequest',
      /^Object tags cannot be greater than 10$/,
    ],
    ['a=1&a=2', 'InvalidArgument', /query parameters without tag name duplicates/],
    ['a=*', 'InvalidTag', /^The TagValue/],
    ['%26=1', 'InvalidTag', /^The TagKey/],
    ['=1', 'InvalidTag', /^The TagKey/],
  ])('%s is %s, and nothing is stored', async (header, code, message) => {
    await request('delete', pathOf(bucket, 'new'));
    const error = ossError(await write(header));
    expect([error.status, error.code]).toEqual([400, code]);
    expect(error.message).toMatch(message);
    expect((await head(bucket, 'new')).status).toBe(404);
  });

  it('is taken by PutSymlink, too; the tags of a link are its own', async () => {
    const headers = { 'x-oss-symlink-target': 'k', 'x-oss-tagging': 'of=link' };
    await request('put', `${pathOf(bucket, 'link')}?symlink`, { headers });
    expect(await tags('link')).toEqual({ of: 'link' });
    await set('link', xml(['other', '1']));
    expect(await tags('k')).not.toEqual({ other: '1' });
  });
});

describe('x-oss-tagging-directive of a copy', () => {
  const copy = (headers: Readonly<Record<string, string>>, to = 'copied') =>
    request('put', pathOf(bucket, to), { headers: { 'x-oss-copy-source': `/${bucket}/tagged`, ...headers } });
  beforeAll(() => put(bucket, 'tagged', Buffer.from('x'), { 'x-oss-tagging': 'of=source' }));

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['Copy is the default', { 'x-oss-tagging': 'of=request' }, { of: 'source' }],
    ['Copy', { 'x-oss-tagging-directive': 'Copy', 'x-oss-tagging': 'of=request' }, { of: 'source' }],
    ['Replace', { 'x-oss-tagging-directive': 'Replace', 'x-oss-tagging': 'of=request' }, { of: 'request' }],
    ['Replace with nothing', { 'x-oss-tagging-directive': 'REPLACE' }, {}],
    ['not by the metadata directive', { 'x-oss-metadata-directive': 'REPLACE' }, { of: 'source' }],
  ])('%s', async (_, headers, expected) => {
    expect((await copy(headers)).status).toBe(200);
    expect(await tags('copied')).toEqual(expected);
  });

  it('a copy onto itself keeps the tags', async () => {
    await copy({ 'x-oss-meta-new': '1' }, 'tagged');
    expect(await tags('tagged')).toEqual({ of: 'source' });
  });

  it('anything else is refused', async () =>
    expect(ossError(await copy({ 'x-oss-tagging-directive': 'Merge' }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      elements: { ArgumentName: 'x-oss-tagging-directive' },
    }));
});
