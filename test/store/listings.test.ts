/** Listings of versions and uploads against straightforward ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { facts, freshBucket, freshStores, putText } from './open.ts';

const on = freshStores('listings');
const keyOf = fc.stringMatching(/^[ab/]{1,4}$/);
const delimiterOf = fc.constantFrom('', '/', 'b', 'a/');
const prefixOf = fc.constantFrom('', 'a', 'a/', 'b/');

/** What a listing shows: entries by key in the order in which they are given, groups in their place. */
function expected(entries: readonly (readonly [key: string, id: string])[], prefix: string, delimiter: string) {
  const byKey = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const shown = byKey
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, id]) => {
      const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? `${key} ${id}` : `group ${key.slice(0, at + delimiter.length)}`;
    });
  return [...new Set(shown)];
}

interface Entry {
  readonly key: string;
  readonly text: string;
}

/** Entries of a page as one sequence: groups stand where their keys would. */
const merged = (items: readonly Entry[], prefixes: readonly string[]) =>
  [...items, ...prefixes.map((name) => ({ key: name, text: `group ${name}` }))]
    .map((entry, i) => ({ ...entry, i }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.i - b.i)
    .map(({ text }) => text);

let run = 0;

describe('versions', () => {
  it('page by page are what a straightforward listing gives', async () => {
    const step = fc.tuple(keyOf, fc.constantFrom('put', 'put', 'delete'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        delimiterOf,
        prefixOf,
        fc.integer({ min: 1, max: 5 }),
        async (steps, delimiter, prefix, limit) => {
          const { store } = on;
          const bucket = freshBucket(store, `v-${run++}`);
          store.buckets.setVersioning(bucket, 'Enabled');
          const entries: [string, string][] = [];
          for (const [key, what] of steps) {
            const version =
              what === 'put'
                ? (await putText(store, bucket, key, '')).version
                : (await store.objects.remove(bucket, key)).version;
            entries.unshift([key, version ?? '']);
          }
          const found: string[] = [];
          let [keyMarker, versionMarker] = ['', ''];
          for (let pages = 0; pages < 100; pages += 1) {
            const page = store.listVersions(bucket.id, { prefix, delimiter, keyMarker, versionMarker, limit });
            const items = page.versions.map(({ object: { key, version } }) => ({ key, text: `${key} ${version}` }));
            expect(items.length + page.prefixes.length).toBeLessThanOrEqual(limit);
            found.push(...merged(items, page.prefixes));
            for (const { object, latest } of page.versions) {
              expect(latest).toBe(entries.find(([key]) => key === object.key)?.[1] === object.version);
            }
            if (page.next === undefined) break;
            keyMarker = page.next.key;
            versionMarker = page.next.version;
          }
          expect(found).toEqual(expected(entries, prefix, delimiter));
        },
      ),
      { numRuns: 80 },
    );
  });

  it('go on behind a version that was removed meanwhile', async () => {
    const { store, bucket } = on;
    store.buckets.setVersioning(bucket, 'Enabled');
    for (let i = 0; i < 5; i += 1) await putText(store, bucket, 'k', String(i));
    const range = { prefix: '', delimiter: '', keyMarker: '', versionMarker: '', limit: 2 };
    let seen = 0;
    for (let next: { key: string; version: string } | undefined = { key: '', version: '' }; next !== undefined; ) {
      const page = store.listVersions(bucket.id, { ...range, keyMarker: next.key, versionMarker: next.version });
      for (const { object } of page.versions) await store.objects.remove(bucket, 'k', object.version);
      seen += page.versions.length;
      next = page.next;
    }
    expect(seen).toBe(5);
  });
});

describe('uploads', () => {
  it('page by page are what a straightforward listing gives, in the order in which they began', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(keyOf, { maxLength: 25 }),
        delimiterOf,
        prefixOf,
        fc.integer({ min: 1, max: 5 }),
        async (keys, delimiter, prefix, limit) => {
          const { store } = on;
          const bucket = freshBucket(store, `u-${run++}`);
          const entries = keys.map((key) => [key, store.uploads.begin(bucket, key, facts).id] as const);
          const found: string[] = [];
          let [keyMarker, idMarker] = ['', ''];
          for (let pages = 0; pages < 100; pages += 1) {
            const page = store.uploads.list(bucket, { prefix, delimiter, keyMarker, idMarker, limit });
            const items = page.uploads.map(({ key, id }) => ({ key, text: `${key} ${id}` }));
            expect(items.length + page.prefixes.length).toBeLessThanOrEqual(limit);
            found.push(...merged(items, page.prefixes));
            if (!page.truncated) break;
            keyMarker = page.last?.key ?? '';
            idMarker = page.last?.id ?? '';
          }
          expect(found).toEqual(expected(entries, prefix, delimiter));
        },
      ),
      { numRuns: 80 },
    );
  });

  it('a clean-up that aborts page by page meets all', async () => {
    const { store, bucket } = on;
    for (let i = 0; i < 5; i += 1) store.uploads.begin(bucket, 'k', facts);
    let marker = { key: '', id: '' };
    for (let page = 0; page < 3; page += 1) {
      const range = { prefix: '', delimiter: '', keyMarker: marker.key, idMarker: marker.id, limit: 2 };
      const { uploads, last } = store.uploads.list(bucket, range);
      for (const upload of uploads) await store.uploads.abort(upload);
      marker = last ?? marker;
    }
    expect(store.stat(bucket.id).uploads).toBe(0);
  });

  it('a key that is the prefix itself goes on as any other', () => {
    const { store, bucket } = on;
    const ids = ['a', 'a', 'a'].map((key) => store.uploads.begin(bucket, key, facts).id);
    const range = { prefix: 'a', delimiter: '', keyMarker: 'a', idMarker: ids[0] ?? '', limit: 10 };
    expect(store.uploads.list(bucket, range).uploads.map(({ id }) => id)).toEqual(ids.slice(1));
  });

  it('a marker without an id stands for all uploads of its key', () => {
    const { store, bucket } = on;
    for (const key of ['a', 'a', 'b']) store.uploads.begin(bucket, key, facts);
    const range = { prefix: '', delimiter: '', keyMarker: 'a', idMarker: '', limit: 10 };
    expect(store.uploads.list(bucket, range).uploads.map(({ key }) => key)).toEqual(['b']);
  });
});
