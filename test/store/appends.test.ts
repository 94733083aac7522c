/** Objects that grow (rest-core.md §1.2). */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { combineCrc64 } from '../../src/store/crc64.ts';
import { blobFiles, codeOf, facts, freshStores, putText, readText, writeText } from './open.ts';

const on = freshStores('appends');
const append = async (position: number, text: string, key = 'log') =>
  on.store.objects.append(on.bucket, key, position, await writeText(on.store, on.bucket, text), facts);
const read = (key = 'log', version?: string) => readText(on.store, on.bucket, key, version);
const fileOf = (blob: string) => join(on.store.temp, '..', 'blobs', String(on.bucket.id), blob.slice(0, 2), blob);

describe('CRC-64 of pieces', () => {
  it.each([
    ['hello world', 5],
    ['hello world', 0],
    ['hello world', 11],
    ['123456789', 1],
    ['x'.repeat(100_000), 65_537],
  ])('%.12s… cut at %i is that of the whole', async (text, at) => {
    const crc = async (piece: string) => (await writeText(on.store, on.bucket, piece)).crc64;
    expect(combineCrc64(await crc(text.slice(0, at)), await crc(text.slice(at)), text.length - at)).toBe(
      await crc(text),
    );
  });
});

describe('appending', () => {
  it('begins at 0, goes on where it ended, and has the CRC of the whole', async () => {
    const first = await append(0, 'hello ');
    expect(first).toMatchObject({ type: 'Appendable', size: 6, md5: undefined, version: 'null' });
    on.now += 2_000;
    const second = await append(6, 'world');
    expect(second).toMatchObject({ size: 11, crc64: '5981764153023615706' });
    expect(second.etag).toMatch(/^[0-9A-F]{32}$/);
    expect(second.etag).not.toBe(first.etag);
    expect(second.modified.getTime()).toBe(on.now);
    expect([await read(), blobFiles(on.store)]).toEqual(['hello world', 1]);
  });

  it('nothing at the right place changes nothing', async () => {
    const empty = await append(0, '');
    expect(empty.size).toBe(0);
    await append(0, 'a');
    const before = on.store.objects.need(on.bucket, 'log');
    on.now += 5_000;
    expect(await append(1, '')).toEqual(before);
    expect(blobFiles(on.store)).toBe(1);
  });

  it('refuses what does not go on, and says where it would', async () => {
    await append(0, 'abc');
    for (const position of [0, 2, 4]) {
      const error = await append(position, 'x').catch((e: unknown) => e);
      expect(error).toMatchObject({
        code: 'PositionNotEqualToLength',
        headers: { 'x-oss-next-append-position': '3' },
      });
    }
    expect(await append(1, 'x', 'other').catch((e: unknown) => e)).toMatchObject({
      code: 'PositionNotEqualToLength',
      headers: { 'x-oss-next-append-position': '0' },
    });
    await putText(on.store, on.bucket, 'put', 'x');
    expect(await codeOf(() => append(1, 'x', 'put'))).toBe('ObjectNotAppendable');
    expect(await codeOf(() => on.store.objects.checkAppend(on.bucket, 'put', 1))).toBe('ObjectNotAppendable');
    // What was refused left no bytes behind.
    expect([await read(), blobFiles(on.store)]).toEqual(['abc', 2]);
  });

  it('of racing appends to one position one wins', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, (_, i) => codeOf(() => append(0, String(i)))));
    expect(results.filter((code) => code === 'no error')).toHaveLength(1);
    expect(results.filter((code) => code === 'PositionNotEqualToLength')).toHaveLength(7);
    expect([(await read()).length, blobFiles(on.store)]).toEqual([1, 1]);
  });

  it('a PUT or a DELETE that races with appends leaves one or the other whole', async () => {
    for (let round = 0; round < 15; round += 1) {
      const key = `race-${round}`;
      await append(0, 'one', key);
      const others =
        round % 2 === 0 ? putText(on.store, on.bucket, key, 'put') : on.store.objects.remove(on.bucket, key);
      const [, appended] = await Promise.all([others, codeOf(() => append(3, 'two', key))]);
      expect(['no error', 'ObjectNotAppendable', 'PositionNotEqualToLength']).toContain(appended);
      const found = on.store.objects.get(on.bucket, key);
      expect(found && (await read(key))).toBe(round % 2 === 0 ? 'put' : undefined);
    }
    expect(blobFiles(on.store)).toBe(8);
  });

  it('readers meanwhile see whole states', async () => {
    const states = ['', 'a', 'ab', 'abc', 'abcd', 'abcde'];
    await append(0, '');
    const appending = (async () => {
      for (let i = 0; i < 5; i += 1) await append(i, 'abcde'.charAt(i));
    })();
    const readings = Array.from({ length: 40 }, async () => expect(states).toContain(await read()));
    await Promise.all([appending, ...readings]);
    expect(await read()).toBe('abcde');
  });

  it('copies and pins do not grow with it', async () => {
    await append(0, 'one');
    const copied = await on.store.objects.copy({ bucket: on.bucket, key: 'log' }, on.bucket, 'copy', () => facts);
    await on.store.objects.link(on.bucket, 'link', 'log', facts);
    const [pinned, through] = [join(on.store.temp, 'pinned'), join(on.store.temp, 'through')];
    await on.store.objects.pin(on.bucket, 'log', pinned);
    await on.store.objects.pin(on.bucket, 'link', through);
    await append(3, 'two');
    expect(copied.type).toBe('Normal');
    expect([await read('copy'), readFileSync(pinned, 'utf8'), readFileSync(through, 'utf8')]).toEqual([
      'one',
      'one',
      'one',
    ]);
    expect(await codeOf(() => append(3, 'x', 'copy'))).toBe('ObjectNotAppendable');
  });

  it('what an append that was cut off left in the file is not seen, and goes with the next', async () => {
    const { blob } = await append(0, 'abc');
    writeFileSync(fileOf(blob), 'garbage that no row knows of', { flag: 'a' });
    expect(await read()).toBe('abc');
    await on.store.objects.copy({ bucket: on.bucket, key: 'log' }, on.bucket, 'copy', () => facts);
    expect(statSync(fileOf(on.store.objects.need(on.bucket, 'copy').blob)).size).toBe(3);
    const grown = await append(3, 'def');
    expect([await read(), readFileSync(fileOf(grown.blob), 'utf8')]).toEqual(['abcdef', 'abcdef']);
  });
});

describe('with versions', () => {
  it('an append makes no version; a PUT over it keeps it, and it can no longer grow', async () => {
    on.store.buckets.setVersioning(on.bucket, 'Enabled');
    const { version } = await append(0, 'one');
    expect(version).not.toBe('null');
    expect(await append(3, 'two')).toMatchObject({ version, size: 6 });
    const range = { prefix: '', delimiter: '', keyMarker: '', versionMarker: '', limit: 10 };
    expect(on.store.listVersions(on.bucket.id, range).versions).toHaveLength(1);
    await putText(on.store, on.bucket, 'log', 'put');
    expect(await read('log', version)).toBe('onetwo');
    expect(await codeOf(() => append(6, 'x'))).toBe('ObjectNotAppendable');
    await on.store.objects.remove(on.bucket, 'log');
    // Behind a delete marker there is nothing to continue.
    expect(await append(0, 'x')).toMatchObject({ size: 1 });
  });
});
