/** A store of its own for each test, with a clock that tests turn. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach } from 'vitest';
import type { Bucket } from '../../src/store/buckets.ts';
import { OssError } from '../../src/store/errors.ts';
import { plainFacts } from '../../src/store/objects.ts';
import { openStore, type Store } from '../../src/store/store.ts';

export const facts = plainFacts({ storageClass: 'Standard', encryption: {} }, 'text/plain');

export interface Opened {
  store: Store;
  bucket: Bucket;
  /** Milliseconds since 1970. */
  now: number;
}

/** Opens a store before each test of a file. @returns what the tests work with; its members are replaced each time */
export function freshStores(name: string): Opened {
  const root = mkdtempSync(join(tmpdir(), `ossite-${name}-`));
  const opened = { now: 0 } as Opened;
  let count = 0;
  beforeEach(async () => {
    await opened.store?.close();
    opened.now = Date.UTC(2026, 0, 1);
    opened.store = await openStore(join(root, String(count++)), { now: () => opened.now });
    opened.bucket = freshBucket(opened.store, 'test-bucket');
  });
  afterAll(async () => {
    await opened.store.close();
    rmSync(root, { recursive: true });
  });
  return opened;
}

export const freshBucket = (store: Store, name: string): Bucket => store.buckets.create({ name, acl: 'private' });

export const writeText = (store: Store, bucket: Bucket, text: string) =>
  store.blobs.write(bucket.id, Readable.from([Buffer.from(text)]));

export async function putText(store: Store, bucket: Bucket, key: string, text: string) {
  return store.objects.put(bucket, key, await writeText(store, bucket, text), facts);
}

export async function readText(store: Store, bucket: Bucket, key: string, version?: string): Promise<string> {
  const { object, handle } = await store.objects.open(bucket, key, version);
  try {
    // Its file may have more bytes than the object.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(object.size), 0, object.size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Blobs on disk. */
export const blobFiles = (store: Store): number =>
  readdirSync(join(store.temp, '..', 'blobs'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    .length;

/** The code with which something is refused. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'no error';
  } catch (error) {
    if (error instanceof OssError) return error.code;
    throw error;
  }
}
