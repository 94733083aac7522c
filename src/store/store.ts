/** OSS at rest: the bundle of what the upper layers may ask of it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blobs, openBlobs } from './blobs.ts';
import { type Buckets, openBuckets } from './buckets.ts';
import { type Db, openDb } from './db.ts';
import { openListing, type Page, type Range } from './listing.ts';
import { type Objects, openObjects } from './objects.ts';
import { openStyles, type Styles } from './styles.ts';
import { openTasks, type Tasks } from './tasks.ts';

export interface Store {
  readonly blobs: Blobs;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly styles: Styles;
  readonly tasks: Tasks;
  list(bucket: number, range: Range): Page;
  /** A directory for files of this run of the server; emptied at every start. */
  readonly temp: string;
  /** Resolves when what a crash left behind is gone. */
  readonly swept: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a data directory, making it when it is not there.
 * @throws StoreUnavailable when another process uses it
 */
export async function openStore(dir: string): Promise<Store> {
  const temp = join(dir, 'tmp');
  const blobDir = join(dir, 'blobs');
  await mkdir(blobDir, { recursive: true });
  // First the database: holding it proves that nobody else works in this directory.
  const db = openDb(join(dir, 'ossite.db'));
  await rm(temp, { recursive: true, force: true });
  await mkdir(temp);
  const blobs = openBlobs(blobDir, temp);
  const objects = openObjects(db, blobs);
  const tasks = openTasks(db);
  tasks.recover();
  const crashed = !leftCleanly(db);
  const swept = crashed ? sweep(blobDir, db, blobs, objects) : Promise.resolve();
  return {
    blobs,
    buckets: openBuckets(db),
    objects,
    styles: openStyles(db),
    tasks,
    list: openListing(db),
    temp,
    swept,
    async close() {
      await swept;
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
async function sweep(blobDir: string, db: Db, blobs: Blobs, objects: Objects): Promise<void> {
  // File times come from a coarser clock than ours: a blob written this instant must not look old.
  const started = new Date(Date.now() - 100);
  const exists = db.prepare<[number], number>('SELECT id FROM buckets WHERE id = ?').pluck();
  for (const name of await readdir(blobDir)) {
    const bucket = Number(name);
    if (exists.get(bucket) === undefined) {
      await blobs.removeBucket(bucket);
      continue;
    }
    const named = objects.blobsOf(bucket);
    await blobs.sweep(bucket, started, (blob) => named.has(blob));
  }
}
