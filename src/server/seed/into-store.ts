/** Puts a seed into the store, before anyone may ask for it. */
import { createReadStream } from 'node:fs';
import type { Bucket } from '../../store/buckets.ts';
import { OssError } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import { BadSetting } from '../config.ts';
import { configure } from '../configuration.ts';
import { factsFrom, type HeaderReader } from '../object-headers.ts';
import { MAX_STYLES, styleContent } from '../styles.ts';
import type { BucketDescription } from './description.ts';
import type { SeedBucket } from './directory.ts';

/**
 * Makes what is missing: a bucket that is there keeps its configuration, and an object its bytes.
 * @param signal ends it between two objects
 * @throws BadSetting for what OSS would refuse, with the line that asked for it
 */
export async function seedStore(store: Store, seeds: readonly SeedBucket[], signal: AbortSignal): Promise<void> {
  for (const { name, description, objects } of seeds) {
    const bucket = store.buckets.get(name) ?? createBucket(store, name, description);
    for (const { key, file, headers, where } of objects) {
      signal.throwIfAborted();
      if (store.objects.get(bucket, key) !== undefined) continue;
      const facts = refusedAt(where, () => factsFrom(readerOf(headers), bucket));
      await store.objects.put(bucket, key, await store.blobs.write(bucket.id, createReadStream(file)), facts);
    }
  }
}

function createBucket(store: Store, name: string, description: BucketDescription): Bucket {
  const { acl, storageClass, versioning, styles, configurations } = description;
  const made = store.buckets.create({ name, acl, ...(storageClass === undefined ? {} : { storageClass }) });
  if (versioning !== undefined) store.buckets.setVersioning(made, versioning);
  for (const [style, content] of Object.entries(styles)) {
    const put = { name: style, content: refusedAt(`style ${style} of ${name}`, () => styleContent(content)) };
    if (!store.styles.put(made, { ...put, category: 'image' }, MAX_STYLES))
      throw new BadSetting(`${name}: a bucket can have at most ${MAX_STYLES} styles`);
  }
  for (const { configuration, document, where } of configurations)
    refusedAt(where, () => configure(configuration, document, made, store));
  return store.buckets.need(name);
}

/** Headers of a seed, read as those of a request. */
const readerOf = (headers: Readonly<Record<string, string>>): HeaderReader => ({
  header: (name) => headers[name],
  headersStarting: (prefix) =>
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
      ),
    ),
});

function refusedAt<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    const details = Object.entries(error.elements).map(([name, value]) => `${name}: ${value}`);
    throw new BadSetting([`${where}: ${error.code}: ${error.message}`, ...details].join(' · '));
  }
}
