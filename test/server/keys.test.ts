/** Random keys through everything a client does with them every day (rest-core.md §6). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocks, textOf, texts } from '../helpers/oss-xml.ts';
import { freshBucket, get, pathOf, put, request } from '../helpers/ossite.ts';

/** Characters that some server, shell, URL or file system trips over. */
const pieces = [
  ...['a', 'A', 'b', '/', '//', '..', '.', '\\', ' ', '+', '%', '%2F', '%20', '#', '?', '&', '=', ';', ':', '"', "'"],
  ...['<', '>', '|', '*', '~', '中', '😀', '\uE000', 'é', 'e\u0301', '\u0001', '\u001f', '\t', '\r\n', '\u007f', 'CON'],
  ...['&amp;', ']]>', '$', '{', '`', '\u202e'],
];
const keyOf = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((key) => !key.startsWith('/') && !key.startsWith('\\'));

const bytes = (key: string) => Buffer.from(key);
const inOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));

/** Every page of a listing, names decoded as an SDK does. */
async function listed(bucket: string, version: 1 | 2, prefix: string, delimiter: string, max: number) {
  const [keys, prefixes]: [string[], string[]] = [[], []];
  let marker = '';
  for (let pages = 0; pages < 100; pages += 1) {
    const query = {
      ...{ prefix, delimiter, 'max-keys': String(max), 'encoding-type': 'url' },
      ...(version === 1 ? { marker } : { 'list-type': '2', ...(marker && { 'continuation-token': marker }) }),
    };
    const { status, text } = await get(bucket, '', query);
    expect(status).toBe(200);
    const page = blocks(text, 'Contents').map((entry) => decodeURIComponent(textOf(entry, 'Key')));
    const groups = blocks(text, 'CommonPrefixes').map((entry) => decodeURIComponent(textOf(entry, 'Prefix')));
    expect(page.length + groups.length).toBeLessThanOrEqual(max);
    keys.push(...page);
    prefixes.push(...groups);
    if (textOf(text, 'IsTruncated') === 'false') return { keys, prefixes };
    marker = decodeURIComponent(textOf(text, version === 1 ? 'NextMarker' : 'NextContinuationToken'));
  }
  throw new Error('pages without end');
}

function expected(keys: readonly string[], prefix: string, delimiter: string) {
  const groups = new Set<string>();
  const plain = keys.filter((key) => {
    if (!key.startsWith(prefix)) return false;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (at >= 0) groups.add(key.slice(0, at + delimiter.length));
    return at < 0;
  });
  return { keys: inOrder(plain), prefixes: inOrder(groups) };
}

it('any keys are put, listed, read, copied and deleted as what they are', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(keyOf, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('', ...pieces),
      fc.constantFrom('', '', 'a', '中', '..'),
      fc.integer({ min: 1, max: 4 }),
      async (keys, delimiter, prefix, max) => {
        const bucket = await freshBucket();
        for (const key of keys) await put(bucket, key, bytes(key));
        for (const version of [1, 2] as const)
          expect(await listed(bucket, version, prefix, delimiter, max)).toEqual(expected(keys, prefix, delimiter));
        for (const key of keys) expect((await get(bucket, key)).bytes).toEqual(bytes(key));
        // As they are, too: control characters are references then.
        const raw = (await get(bucket, '', {})).text;
        expect(texts(raw, 'Key')).toHaveLength(keys.length);
        const [first = ''] = keys;
        const source = `/${bucket}/${encodeURIComponent(first)}`;
        const copied = await request('put', pathOf(bucket, `copied/${first}`), {
          headers: { 'x-oss-copy-source': source },
        });
        expect(copied.status).toBe(200);
        expect((await get(bucket, `copied/${first}`)).bytes).toEqual(bytes(first));
        for (const key of [...keys, `copied/${first}`])
          expect((await request('delete', pathOf(bucket, key))).status).toBe(204);
        expect((await request('delete', pathOf(bucket))).status).toBe(204);
      },
    ),
    { numRuns: 40 },
  );
});

it('the longest key has 1023 bytes', async () => {
  const bucket = await freshBucket();
  const key = `${'中'.repeat(340)}abc`;
  expect(bytes(key)).toHaveLength(1023);
  await put(bucket, key, Buffer.from('x'));
  expect((await get(bucket, key)).text).toBe('x');
  const { text } = await get(bucket, '', { 'max-keys': '1', marker: 'a'.repeat(1023) });
  expect(texts(text, 'Key')).toEqual([key]);
});
