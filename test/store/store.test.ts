import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/store/buckets.ts';
import { plainFacts } from '../../src/store/objects.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const facts = plainFacts({ storageClass: 'Standard', encryption: {} }, 'text/plain');
const root = mkdtempSync(join(tmpdir(), 'ossite-store-'));
let dir: string;
let store: Store;
let bucket: Bucket;
let count = 0;

beforeEach(async () => {
  await store?.close();
  dir = join(root, String(count++));
  store = await openStore(dir);
  bucket = store.buckets.create({ name: 'test-bucket', acl: 'private', storageClass: 'Standard', redundancy: 'LRS' });
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true });
});

const write = (text: string, to: Bucket = bucket) => store.blobs.write(to.id, Readable.from([Buffer.from(text)]));
const put = async (key: string, text: string) => store.objects.put(bucket, key, await write(text), facts);
async function read(key: string): Promise<string> {
  const { handle } = await store.objects.open(bucket, key);
  const text = await handle.readFile('utf8');
  await handle.close();
  return text;
}
const files = (of = dir) =>
  readdirSync(join(of, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('blobs', () => {
  // Vectors of rest-core.md §0.1.
  it.each([
    ['', '0', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '3675645893302102789', '0cc175b9c0f1b6a831c399e269772661'],
    ['123456789', '11051210869376104954', '25f9e794323b453885f5181f1b624d0b'],
    ['hello world', '5981764153023615706', '5eb63bbbe01eeed093cb22bb8f5acdc3'],
  ])('digests of %j', async (text, crc64, md5) => {
    const written = await write(text);
    expect([written.crc64, written.md5.toString('hex'), written.size]).toEqual([crc64, md5, text.length]);
  });

  it('digests of several writes at once do not mix', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000 * i));
    const written = await Promise.all(texts.map((text) => write(text)));
    expect(written.map(({ md5 }) => md5.toString('hex'))).toEqual(
      texts.map((text) => createHash('md5').update(text).digest('hex')),
    );
  });

  it('a stream that fails leaves nothing', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(3_000_000);
        throw new Error('gone');
      })(),
    );
    await expect(store.blobs.write(bucket.id, broken)).rejects.toThrow('gone');
    expect([...readdirSync(store.temp), ...files()]).toEqual([]);
  });
});

describe('objects', () => {
  it('overwriting replaces facts and bytes together and frees the old bytes', async () => {
    await put('a', 'one');
    const { handle } = await store.objects.open(bucket, 'a');
    await put('a', 'second');
    // Who opened it before reads on.
    expect(await handle.readFile('utf8')).toBe('one');
    await handle.close();
    expect(await read('a')).toBe('second');
    expect(store.objects.need(bucket, 'a').size).toBe(6);
    expect(files()).toHaveLength(1);
  });

  it('readers during overwrites see one whole version or another', async () => {
    await put('k', 'x'.repeat(1000));
    const versions = ['x'.repeat(1000), 'y'.repeat(5000), 'z'.repeat(20)];
    const writing = (async () => {
      for (let i = 0; i < 60; i += 1) await put('k', versions[i % 3] as string);
    })();
    const readings = Array.from({ length: 60 }, async () => {
      const { object, handle } = await store.objects.open(bucket, 'k');
      const text = await handle.readFile('utf8');
      await handle.close();
      expect(versions).toContain(text);
      expect(object.size).toBe(text.length);
    });
    await Promise.all([writing, ...readings]);
    expect(files()).toHaveLength(1);
  });

  it('a key is never a path: a, a/b, a/, .. and letters in both cases live side by side', async () => {
    const keys = [
      'a',
      'a/b',
      'a/',
      'a//b',
      '../x',
      'A',
      'CON',
      'a\\b',
      '中/文',
      '😀',
      'k'.repeat(1023),
      'sp ace',
      'tab\there',
      'nul\u0001',
    ];
    for (const key of keys) await put(key, key);
    for (const key of keys) expect(await read(key)).toBe(key);
    const page = store.list(bucket.id, { prefix: '', delimiter: '', after: '', skipGroup: false, limit: 1000 });
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(page.objects.map(({ key }) => key)).toEqual(byBytes);
  });

  it('copies share no fate with their source', async () => {
    await put('a', 'bytes');
    await store.objects.copy({ bucket, key: 'a' }, bucket, 'b', () => facts);
    await store.objects.remove(bucket, 'a');
    expect(await read('b')).toBe('bytes');
    await store.objects.remove(bucket, 'b');
    expect(files()).toHaveLength(0);
  });

  it('a pinned object stays whatever happens to it', async () => {
    await put('a', 'bytes');
    const path = join(store.temp, 'pinned');
    await store.objects.pin(bucket, 'a', path);
    await store.objects.remove(bucket, 'a');
    expect(existsSync(path)).toBe(true);
  });

  it('a bucket that goes while a blob is written takes the blob along', async () => {
    const written = await write('late');
    store.buckets.remove('test-bucket');
    await expect(store.objects.put(bucket, 'a', written, facts)).rejects.toThrow(
      'The specified bucket does not exist.',
    );
    expect(files()).toHaveLength(0);
  });
});

describe('listing', () => {
  const list = (range: Partial<Parameters<Store['list']>[1]>) =>
    store.list(bucket.id, { prefix: '', delimiter: '', after: '', skipGroup: true, limit: 1000, ...range });

  it('is what a straightforward listing over sorted keys would give', async () => {
    const alphabet = fc.stringMatching(/^[ab/]{1,6}$/).filter((key) => !key.startsWith('/'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(alphabet, { maxLength: 25 }),
        fc.constantFrom('', '/', 'b', 'a/'),
        fc.constantFrom('', 'a', 'a/', 'b/'),
        fc.integer({ min: 1, max: 5 }),
        async (keys, delimiter, prefix, limit) => {
          const own = store.buckets.create({
            name: `p-${Math.random().toString(36).slice(2)}`,
            acl: 'private',
            storageClass: 'Standard',
            redundancy: 'LRS',
          });
          for (const key of keys) await store.objects.put(own, key, await write('', own), facts);
          const expected = new Set<string>();
          for (const key of [...keys].sort()) {
            if (!key.startsWith(prefix)) continue;
            const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
            expected.add(at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`);
          }
          const found: string[] = [];
          let after = '';
          for (;;) {
            const page = store.list(own.id, { prefix, delimiter, after, skipGroup: true, limit });
            const entries = [
              ...page.objects.map(({ key }) => [key, `key ${key}`]),
              ...page.prefixes.map((p) => [p, `prefix ${p}`]),
            ];
            expect(entries.length).toBeLessThanOrEqual(limit);
            found.push(...entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)).map(([, text]) => text as string));
            if (page.next === undefined) break;
            after = page.next;
          }
          expect(found).toEqual([...expected]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('pages never end on nothing: next is there only when something follows', async () => {
    for (const key of ['a', 'b', 'c']) await put(key, '');
    expect(list({ limit: 3 }).next).toBeUndefined();
    expect(list({ limit: 2 }).next).toBe('b');
  });

  it('start-after inside a group leaves the group with what remains of it', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await put(key, '');
    expect(list({ delimiter: '/', after: 'a/1', skipGroup: false }).prefixes).toEqual(['a/']);
    expect(list({ delimiter: '/', after: 'a/2', skipGroup: false }).prefixes).toEqual([]);
  });

  it('a page that is full stops in front of what follows, a group included', async () => {
    for (const key of ['a', 'g/1', 'g/2', 'z']) await put(key, '');
    const page = list({ delimiter: '/', limit: 2 });
    expect([page.objects.map(({ key }) => key), page.prefixes, page.next]).toEqual([['a'], ['g/'], 'g/']);
    expect(list({ delimiter: '/', after: 'g/' }).objects.map(({ key }) => key)).toEqual(['z']);
  });
});

describe('after a crash', () => {
  it('files that no row names are swept, the others stay', async () => {
    await put('kept', 'kept');
    await write('a blob whose row was never written');
    writeFileSync(join(store.temp, 'put-half'), 'half');
    // A crash: the process is gone, its files and its lock with it. The same directory is opened by a new one.
    const copy = join(root, `copy-${count}`);
    execFileSync('cp', ['-r', dir, copy]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const next = await openStore(copy);
    await next.swept;
    expect(files(copy)).toHaveLength(1);
    expect(readdirSync(next.temp)).toEqual([]);
    const { handle } = await next.objects.open(next.buckets.need('test-bucket'), 'kept');
    expect(await handle.readFile('utf8')).toBe('kept');
    await handle.close();
    await next.close();
  });

  it('a second server on the same directory is refused', async () => {
    const script = `import { openStore } from ${JSON.stringify(new URL('../../src/store/store.ts', import.meta.url).href)};
      openStore(${JSON.stringify(dir)}).then(() => console.log('opened'), (error) => console.log(error.message));`;
    await mkdir(join(root, 'scripts'), { recursive: true });
    const file = join(root, 'scripts', 'second.ts');
    writeFileSync(file, script);
    const child = spawn('npx', ['tsx', file], { cwd: new URL('../..', import.meta.url).pathname });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    await once(child, 'close');
    expect(out).toMatch(/in use by another Ossite/);
  });
});

describe('tasks', () => {
  const task = () =>
    store.tasks.enqueue({ eventId: 'e', requestId: 'r', type: 'MediaConvert', bucket: 'b', key: 'k', process: 'p' });

  it('each task is claimed once, the oldest first', () => {
    const [first, second] = [task(), task()];
    expect(store.tasks.claim(1000)?.task.id).toBe(first.id);
    expect(store.tasks.claim(1000)?.task.id).toBe(second.id);
    expect(store.tasks.claim(1000)).toBeUndefined();
  });

  it('a lease that ran out is claimed again, and its old owner can change nothing', () => {
    task();
    const stale = store.tasks.claim(-1);
    const fresh = store.tasks.claim(60_000);
    expect(fresh?.task.attempts).toBe(2);
    expect(stale && store.tasks.renew(stale, 1000)).toBe(false);
    expect(stale && store.tasks.finish(stale, { state: 'Succeeded', outputs: [], result: '' })).toBe(false);
    expect(fresh && store.tasks.finish(fresh, { state: 'Failed', code: 'C', message: 'M' })).toBe(true);
    expect(fresh && store.tasks.get(fresh.task.id)).toMatchObject({ state: 'Failed', code: 'C', message: 'M' });
  });

  it('what a dead server worked on is queued again; the third time it is given up', () => {
    const { id } = task();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(store.tasks.claim(60_000)?.task.attempts).toBe(attempt);
      store.tasks.recover();
    }
    expect(store.tasks.get(id)).toMatchObject({ state: 'Failed', code: 'InternalError' });
    expect(store.tasks.pending()).toBe(0);
  });

  it('a task given back has not been tried', () => {
    task();
    const claim = store.tasks.claim(60_000);
    if (claim) store.tasks.release(claim);
    expect(store.tasks.claim(60_000)?.task.attempts).toBe(1);
  });

  it('a task that saves nothing keeps what it found out', () => {
    const { id } = task();
    const claim = store.tasks.claim(60_000);
    if (claim) store.tasks.finish(claim, { state: 'Succeeded', outputs: [], result: '版权' });
    expect(store.tasks.get(id)).toMatchObject({ state: 'Succeeded', outputs: [], result: '版权' });
  });

  it('cancel ends what has not ended', () => {
    const { id } = task();
    expect(store.tasks.cancel(id)).toBe(true);
    expect(store.tasks.cancel(id)).toBe(false);
    expect(store.tasks.claim(1000)).toBeUndefined();
  });
});
