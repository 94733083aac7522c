/** OSS at rest: the bundle of what the upper layers may ask of it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openBlobNames } from './blob-names.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { type BucketProcesses, openBucketProcesses } from './bucket-process.ts';
import { type Buckets, openBuckets } from './buckets.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Configurations, openConfigurations } from './configurations.ts';
import { type Db, openDb, StoreUnavailable } from './db.ts';
import { openListing, type Page, type Range } from './listing.ts';
import { createMemory } from './memory.ts';
import { type Messages, type Outgoing, openMessages } from './messages.ts';
import { type Objects, openObjects } from './objects.ts';
import { openResetting, type Resetting } from './reset.ts';
import { openStat, type Stat } from './stat.ts';
import { openStyles, type Styles } from './styles.ts';
import type { Task } from './task.ts';
import { openTasks, type Tasks } from './tasks.ts';
import { openTotals, type Totals } from './totals.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { openVersionListing, type VersionPage, type VersionRange } from './version-listing.ts';
import { openVersions } from './versions.ts';

export interface Store {
  readonly blobs: Blobs;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly configurations: Configurations;
  readonly styles: Styles;
  readonly bucketProcesses: BucketProcesses;
  readonly tasks: Tasks;
  readonly messages: Messages;
  readonly resetting: Resetting;
  list(bucket: number, range: Range): Page;
  listVersions(bucket: number, range: VersionRange): VersionPage;
  stat(bucket: number): Stat;
  totals(): Totals;
  /** The data directory, for the few things that are neither bytes of objects nor rows. */
  readonly dir: string;
  /** What time it is for all that is shown or that grows old. */
  readonly now: Clock;
  /** A directory for files of this run of the server; emptied at every start. */
  readonly temp: string;
  /** Resolves when what a crash left behind is gone. */
  readonly swept: Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Told from instead of the machine's clock. */
  readonly now?: Clock;
  /** What to send when a task has ended; kept in the very transaction in which it ends. */
  readonly messageOf?: (task: Task) => Outgoing | undefined;
}

/**
 * Opens a data directory, making it when it is not there.
 * @throws StoreUnavailable when another process uses it, or it can not be made
 */
export async function openStore(dir: string, options: StoreOptions = {}): Promise<Store> {
  const { now = systemClock, messageOf = () => undefined } = options;
  const temp = join(dir, 'tmp');
  const blobDir = join(dir, 'blobs');
  await mkdir(blobDir, { recursive: true }).catch((error: Error) => {
    throw new StoreUnavailable(`${dir} can not be used: ${error.message}; choose another data directory`);
  });
  // First the database: holding it proves that nobody else works in this directory.
  const db = openDb(join(dir, 'ossite.db'));
  await rm(temp, { recursive: true, force: true });
  await mkdir(temp);
  const blobs = openBlobs(blobDir, temp);
  const versions = openVersions(db, now);
  const objects = openObjects(db, blobs, versions, now);
  const messages = openMessages(db, now);
  const tasks = openTasks(db, now, (task) => {
    const message = messageOf(task);
    if (message !== undefined) messages.record(task.id, message);
  });
  tasks.recover();
  const crashed = !leftCleanly(db);
  const memory = createMemory();
  const buckets = openBuckets(db, now, memory);
  const resetting = openResetting(db, blobs, buckets, memory);
  const swept = crashed ? sweep(blobDir, db, blobs) : Promise.resolve();
  return {
    blobs,
    buckets,
    objects,
    uploads: openUploads(db, blobs, versions, now),
    configurations: openConfigurations(db, memory),
    styles: openStyles(db),
    bucketProcesses: openBucketProcesses(db, memory),
    tasks,
    messages,
    resetting,
    list: openListing(db),
    listVersions: openVersionListing(db),
    stat: openStat(db),
    totals: openTotals(db),
    now,
    dir,
    temp,
    swept,
    async close() {
      await swept;
      await resetting.settled();
      markClean(db, true);
      db.close();
      await rm(temp, { recursive: true, force: true });
    },
  };
}

/** Whether the last server said goodbye; from now on this one has not. */
function leftCleanly(db: Db): boolean {
  const clean = db.prepare(`SELECT value FROM facts WHERE name = 'clean'`).pluck().get() !== '0';
  markClean(db, false);
  return clean;
}

function markClean(db: Db, clean: boolean): void {
  db.prepare(`INSERT OR REPLACE INTO facts (name, value) VALUES ('clean', ?)`).run(clean ? '1' : '0');
}

/** Removes blobs that no row names. A crash between a rename and its row, or between a row and an unlink, leaves one. */
async function sweep(blobDir: string, db: Db, blobs: Blobs): Promise<void> {
  const namesOf = openBlobNames(db);
  // File times come from a coarser clock than ours: a blob written this instant must not look old.
  const started = new Date(Date.now() - 100);
  const exists = db.prepare<[number], number>('SELECT id FROM buckets WHERE id = ?').pluck();
  for (const name of await readdir(blobDir)) {
    const bucket = Number(name);
    if (exists.get(bucket) === undefined) {
      await blobs.removeBucket(bucket);
      continue;
    }
    const named = namesOf(bucket);
    await blobs.sweep(bucket, started, (blob) => named.has(blob));
  }
}
