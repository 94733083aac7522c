/** Fills buckets at start: from settings, from a seed directory, and the demo bucket. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mime from 'mime-types';
import type { Bucket, BucketAcl } from '../store/buckets.ts';
import { checkKey, isBucketName } from '../store/names.ts';
import type { Store } from '../store/store.ts';
import { BadSetting, type Settings } from './config.ts';

/** The media of the demo bucket; they come with the package. */
const demoMedia = fileURLToPath(new URL('../../fixtures/media/', import.meta.url));
export const DEMO_BUCKET = 'demo';

/** Creates and fills what the settings ask for. Objects that are there already stay as they are. */
export async function seed(store: Store, settings: Settings): Promise<void> {
  for (const { name, acl } of settings.buckets) ensureBucket(store, name, acl);
  if (settings['seed-dir'] !== '') await seedFrom(store, settings['seed-dir']);
  if (settings.demo) await seedBucket(store, ensureBucket(store, DEMO_BUCKET, 'public-read'), demoMedia, '');
}

function ensureBucket(store: Store, name: string, acl: BucketAcl): Bucket {
  return store.buckets.get(name) ?? store.buckets.create({ name, acl });
}

async function seedFrom(store: Store, dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.name === 'ossite.yaml')
      throw new BadSetting(`${path}: descriptions of seeded buckets are not supported yet`);
    if (!entry.isDirectory()) continue;
    if (!isBucketName(entry.name)) throw new BadSetting(`${path}: ${entry.name} can not be the name of a bucket`);
    await seedBucket(store, ensureBucket(store, entry.name, 'private'), path, '');
  }
}

async function seedBucket(store: Store, bucket: Bucket, dir: string, prefix: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const key = prefix + entry.name;
    if (entry.isDirectory()) await seedBucket(store, bucket, join(dir, entry.name), `${key}/`);
    else if (entry.isFile() && store.objects.get(bucket, checkKey(key)) === undefined) {
      const written = await store.blobs.write(bucket.id, createReadStream(join(dir, entry.name)));
      const contentType = mime.lookup(entry.name) || 'application/octet-stream';
      await store.objects.put(bucket, key, written, {
        contentType,
        headers: {},
        meta: {},
        acl: 'default',
        storageClass: bucket.storageClass,
      });
    }
  }
}
