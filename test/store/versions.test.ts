/** What writes and deletes do to the versions of a key (rest-core.md §1.6). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/store/buckets.ts';
import type { ClassStat } from '../../src/store/stat.ts';
import type { Store } from '../../src/store/store.ts';
import { blobFiles, codeOf, facts, freshBucket, freshStores, putText, readText, writeText } from './open.ts';

const on = freshStores('versions');
const put = (text: string, key = 'k') => putText(on.store, on.bucket, key, text);
const read = (version?: string, key = 'k') => readText(on.store, on.bucket, key, version);
const remove = (version?: string) => on.store.objects.remove(on.bucket, 'k', version);
const turn = (state: 'Enabled' | 'Suspended') => on.store.buckets.setVersioning(on.bucket, state);

describe('a bucket that never had versions', () => {
  it('has one version of each key, called null', async () => {
    expect((await put('one')).version).toBe('null');
    expect(await read('null')).toBe('one');
    expect(await codeOf(() => read('CAE0'))).toBe('NoSuchVersion');
    expect(await remove()).toEqual({ marker: false, blobs: expect.any(Array) });
    expect(blobFiles(on.store)).toBe(0);
  });
});

describe('Enabled', () => {
  it('keeps each write; the one before stays readable by its id', async () => {
    await put('before');
    turn('Enabled');
    const [a, b] = [await put('a'), await put('b')];
    expect(new Set(['null', a.version, b.version]).size).toBe(3);
    expect([await read(), await read(a.version), await read('null')]).toEqual(['b', 'a', 'before']);
  });

  it('a delete sets a marker: the key is gone, its versions are not', async () => {
    turn('Enabled');
    const a = await put('a');
    const { version = '', marker } = await remove();
    expect(marker).toBe(true);
    const error = await on.store.objects.open(on.bucket, 'k').catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'NoSuchKey',
      headers: { 'x-oss-delete-marker': 'true', 'x-oss-version-id': version },
    });
    expect(() => on.store.objects.need(on.bucket, 'k', version)).toThrow(
      expect.objectContaining({ code: 'MethodNotAllowed', headers: expect.objectContaining({ Allow: 'DELETE' }) }),
    );
    expect(await read(a.version)).toBe('a');
  });

  it('removing the marker brings the newest version back; removing that one, the one before', async () => {
    turn('Enabled');
    const [a, b] = [await put('a'), await put('b')];
    const { version } = await remove();
    expect(await remove(version)).toMatchObject({ marker: true, version });
    expect(await read()).toBe('b');
    await remove(b.version);
    expect(await read()).toBe('a');
    await remove(a.version);
    expect(on.store.objects.get(on.bucket, 'k')).toBeUndefined();
    expect(blobFiles(on.store)).toBe(0);
  });

  it('under a marker a version can go without anything coming back', async () => {
    turn('Enabled');
    const [a, b] = [await put('a'), await put('b')];
    await remove();
    await remove(b.version);
    expect(on.store.objects.get(on.bucket, 'k')).toBeUndefined();
    expect(await read(a.version)).toBe('a');
  });

  it('two markers above each other: the upper one goes, the key stays gone', async () => {
    turn('Enabled');
    await put('a');
    await remove();
    const { version } = await remove();
    await remove(version);
    expect(await codeOf(() => read())).toBe('NoSuchKey');
  });

  it('order does not depend on the clock', async () => {
    turn('Enabled');
    const a = await put('a');
    on.now -= 3_600_000;
    const b = await put('b');
    await remove(b.version);
    expect(await read()).toBe('a');
    expect(b.version > a.version).toBe(true);
  });

  it('forbidOverwrite does not count; neither does a bucket that went', async () => {
    turn('Enabled');
    await put('a');
    const written = await writeText(on.store, on.bucket, 'b');
    await on.store.objects.put(on.bucket, 'k', written, facts, { forbidOverwrite: true });
    expect(await read()).toBe('b');
  });

  it('tags and ACL are those of a version', async () => {
    turn('Enabled');
    const [a, b] = [await put('a'), await put('b')];
    on.store.objects.change(on.bucket, 'k', a.version, { tags: { x: '1' }, acl: 'private' });
    expect(on.store.objects.need(on.bucket, 'k', a.version)).toMatchObject({ tags: { x: '1' }, acl: 'private' });
    expect(on.store.objects.need(on.bucket, 'k', b.version)).toMatchObject({ tags: {}, acl: 'default' });
    // A change brings nothing to the top.
    expect(await read()).toBe('b');
  });

  it('a bucket with nothing but an old version, a marker or an upload is not empty', async () => {
    turn('Enabled');
    const a = await put('a');
    const { version } = await remove();
    await remove(a.version);
    expect(await codeOf(() => on.store.buckets.remove('test-bucket'))).toBe('BucketNotEmpty');
    await remove(version);
    const upload = on.store.uploads.begin(on.bucket, 'k', facts);
    expect(await codeOf(() => on.store.buckets.remove('test-bucket'))).toBe('BucketNotEmpty');
    await on.store.uploads.abort(upload);
    expect(await codeOf(() => on.store.buckets.remove('test-bucket'))).toBe('no error');
  });
});

describe('Suspended', () => {
  it('writes replace the null version wherever it stands, and keep all others', async () => {
    await put('first null');
    turn('Enabled');
    const a = await put('a');
    turn('Suspended');
    expect((await put('second null')).version).toBe('null');
    expect((await put('third null')).version).toBe('null');
    expect([await read(), await read('null'), await read(a.version)]).toEqual(['third null', 'third null', 'a']);
    expect(blobFiles(on.store)).toBe(2);
  });

  it('a delete sets the null marker in the place of the null version', async () => {
    turn('Enabled');
    const a = await put('a');
    turn('Suspended');
    await put('null version');
    expect(await remove()).toMatchObject({ marker: true, version: 'null' });
    expect(await remove()).toMatchObject({ marker: true, version: 'null' });
    expect(blobFiles(on.store)).toBe(1);
    expect(await remove('null')).toMatchObject({ marker: true, version: 'null' });
    expect(await read()).toBe('a');
    expect(await read(a.version)).toBe('a');
  });
});

describe('symlinks', () => {
  const link = (key: string, target: string) => on.store.objects.link(on.bucket, key, target, facts);

  it('show the bytes of the target and the later date of the two', async () => {
    await link('link', 'k');
    expect(await codeOf(() => read(undefined, 'link'))).toBe('SymlinkTargetNotExist');
    on.now += 5_000;
    const target = await put('target');
    expect(await read(undefined, 'link')).toBe('target');
    expect(on.store.objects.readable(on.bucket, 'link')).toMatchObject({
      type: 'Symlink',
      etag: target.etag,
      size: 6,
      modified: target.modified,
    });
    await link('to-link', 'link');
    expect(await codeOf(() => read(undefined, 'to-link'))).toBe('InvalidTargetType');
  });

  it('a copy is a link; nothing of the target is copied', async () => {
    await put('target');
    await link('link', 'k');
    const copied = await on.store.objects.copy({ bucket: on.bucket, key: 'link' }, on.bucket, 'copy', () => facts);
    expect(copied).toMatchObject({ type: 'Symlink', target: 'k', blob: '' });
    expect(blobFiles(on.store)).toBe(1);
  });
});

describe('restoring', () => {
  const HOUR = 3_600_000;
  const archived = { ...facts, storageClass: 'Archive' };
  const restore = () => on.store.objects.restore(on.bucket, 'k', undefined, { takes: 60_000, lasts: HOUR });

  it('takes its time, lasts for its time, and can be asked for longer', async () => {
    await on.store.objects.put(on.bucket, 'k', await writeText(on.store, on.bucket, 'ice'), archived);
    await on.store.objects.link(on.bucket, 'link', 'k', facts);
    const readable = () => codeOf(() => read());
    expect(await readable()).toBe('InvalidObjectState');
    expect(restore()).toBe('frozen');
    expect(await codeOf(restore)).toBe('RestoreAlreadyInProgress');
    expect(await readable()).toBe('InvalidObjectState');
    on.now += 60_000;
    expect([await readable(), await read(undefined, 'link')]).toEqual(['no error', 'ice']);
    on.now += HOUR / 2;
    expect(restore()).toBe('restored');
    on.now += HOUR - 1;
    expect(await readable()).toBe('no error');
    on.now += 1;
    expect(await readable()).toBe('InvalidObjectState');
    // The class of a link says nothing of its target.
    expect(await codeOf(() => read(undefined, 'link'))).toBe('InvalidObjectState');
    const copying = () => on.store.objects.copy({ bucket: on.bucket, key: 'k' }, on.bucket, 'c', () => facts);
    expect(await codeOf(copying)).toBe('InvalidObjectState');
    expect(restore()).toBe('frozen');
  });

  it('is not for what is not archived', async () => {
    await put('warm');
    expect(await codeOf(restore)).toBe('OperationNotSupported');
  });
});

describe('any sequence of calls', () => {
  type Step = readonly ['put' | 'delete' | 'enable' | 'suspend', number] | readonly ['remove' | 'change', number];
  interface Entry {
    id: string;
    text: string | undefined;
  }

  /** The obvious model: one list of entries, the newest first. */
  function model() {
    let state = '';
    const entries: Entry[] = [];
    const dropNull = () => {
      const at = entries.findIndex(({ id }) => id === 'null');
      if (at >= 0) entries.splice(at, 1);
    };
    return {
      entries,
      turn: (to: string) => {
        state = to;
      },
      add(id: string, text: string | undefined) {
        if (state !== 'Enabled') dropNull();
        entries.unshift({ id, text });
      },
      deleteCurrent(id: string | undefined) {
        if (state === '') return void entries.splice(0);
        if (state === 'Suspended') dropNull();
        entries.unshift({ id: id ?? '', text: undefined });
      },
      removeVersion(id: string) {
        const at = entries.findIndex((entry) => entry.id === id);
        if (at >= 0) entries.splice(at, 1);
      },
    };
  }

  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.constantFrom('put', 'put', 'delete', 'enable', 'suspend', 'remove', 'remove', 'change'),
    fc.nat(20),
  ) as fc.Arbitrary<Step>;

  /** GetBucketStat's figures, of all classes together. */
  function counted(store: Store, { id }: Bucket) {
    const { classes, markers } = store.stat(id);
    const sum = (name: keyof ClassStat) => [...classes.values()].reduce((total, stat) => total + stat[name], 0);
    return { count: sum('count'), size: sum('size'), billed: sum('billed'), markers };
  }

  it('agrees with a simple model', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const { store } = on;
        const bucket = freshBucket(store, `model-${run++}`);
        const expected = model();
        let count = 0;
        for (const [what, n] of steps) {
          on.now += 500;
          if (what === 'enable' || what === 'suspend') {
            const state = what === 'enable' ? 'Enabled' : 'Suspended';
            store.buckets.setVersioning(bucket, state);
            expected.turn(state);
          } else if (what === 'put') {
            const text = `v${count++}`;
            expected.add((await putText(store, bucket, 'k', text)).version, text);
          } else if (what === 'delete') {
            expected.deleteCurrent((await store.objects.remove(bucket, 'k')).version);
          } else {
            const { id } = expected.entries[n % Math.max(1, expected.entries.length)] ?? { id: 'null' };
            if (what === 'remove') {
              await store.objects.remove(bucket, 'k', id);
              expected.removeVersion(id);
            } else if (expected.entries.find((entry) => entry.id === id)?.text !== undefined) {
              store.objects.change(bucket, 'k', id, {
                tags: { n: String(n) },
                storageClass: n % 2 ? 'IA' : 'Standard',
              });
            }
          }
        }
        const range = { prefix: '', delimiter: '', keyMarker: '', versionMarker: '', limit: 1000 };
        const found = await Promise.all(
          store.listVersions(bucket.id, range).versions.map(async ({ object, marker, latest }) => ({
            id: object.version,
            text: marker ? undefined : await readText(store, bucket, 'k', object.version),
            latest,
          })),
        );
        expect(found).toEqual(expected.entries.map((entry, i) => ({ ...entry, latest: i === 0 })));
        const current = store.objects.get(bucket, 'k');
        expect(current && (await readText(store, bucket, 'k'))).toBe(expected.entries[0]?.text);
        const texts = expected.entries.flatMap(({ text }) => text ?? []);
        expect(counted(store, bucket)).toEqual({
          count: texts.length,
          size: texts.join('').length,
          billed: texts.length * 64 * 1024,
          markers: expected.entries.length - texts.length,
        });
        const { objects, bytes } = store.totals();
        expect({ objects, bytes }).toEqual({ objects: current ? 1 : 0, bytes: current?.size ?? 0 });
        for (const { id } of expected.entries) await store.objects.remove(bucket, 'k', id);
        expect(counted(store, bucket)).toEqual({ count: 0, size: 0, billed: 0, markers: 0 });
        store.buckets.remove(bucket.name);
      }),
      { numRuns: 150 },
    );
    expect(blobFiles(on.store)).toBe(0);
  });
});
