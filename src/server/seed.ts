/** Fills buckets at start: from settings, from a seed directory, and the demo bucket. */
import { fileURLToPath } from 'node:url';
import type { Store } from '../store/store.ts';
import type { Settings } from './config.ts';
import { plainBucket } from './seed/description.ts';
import { readFolder, readSeed, type SeedBucket } from './seed/directory.ts';
import { seedStore } from './seed/into-store.ts';

/** The media of the demo bucket; they come with the package. */
const demoMedia = fileURLToPath(new URL('../../fixtures/media/', import.meta.url));
export const DEMO_BUCKET = 'demo';

type SeedSettings = Pick<Settings, 'buckets' | 'seed-dir' | 'demo'>;

export interface SeedOptions {
  /** Names of buckets; absent: all. */
  readonly only?: readonly string[] | undefined;
  /** Ends it between two objects. */
  readonly signal?: AbortSignal;
}

/**
 * Creates and fills what the settings ask for. What is there already stays as it is.
 * @returns names of the buckets it made
 * @throws BadSetting for a directory or a description that can not be used
 */
export async function seed(
  store: Store,
  settings: SeedSettings,
  options: SeedOptions = {},
): Promise<readonly string[]> {
  const { only, signal } = options;
  const seeds = (await seedsOf(settings)).filter(({ name }) => only?.includes(name) ?? true);
  const missing = seeds.map(({ name }) => name).filter((name) => store.buckets.get(name) === undefined);
  await seedStore(store, seeds, signal ?? new AbortController().signal);
  return [...new Set(missing)];
}

async function seedsOf({ buckets, 'seed-dir': dir, demo }: SeedSettings): Promise<readonly SeedBucket[]> {
  const named = buckets.map(({ name, acl }) => ({ name, description: { ...plainBucket, acl }, objects: [] }));
  const described = dir === '' ? [] : await readSeed(dir);
  // Described ones first: whoever makes a bucket gives it its configuration.
  return [...described, ...named, ...(demo ? [await demoSeed()] : [])];
}

async function demoSeed(): Promise<SeedBucket> {
  const description = { ...plainBucket, acl: 'public-read' } as const;
  return { name: DEMO_BUCKET, description, objects: await readFolder(demoMedia, description) };
}
