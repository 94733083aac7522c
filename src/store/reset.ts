/** Makes a data directory forget, whole or bucket by bucket: quickly, because the bytes go later than the rows. */
import type { Blobs } from './blobs.ts';
import type { Buckets } from './buckets.ts';
import type { Db } from './db.ts';
import type { Memory } from './memory.ts';

export interface ResetOptions {
  /** Names of buckets; absent: all, and what is of no bucket. */
  readonly buckets?: readonly string[];
  /** Whether objects that are as they were remembered stay. */
  readonly keep: boolean;
}

export interface Resetting {
  /** Notes how buckets that have just been made and filled are, for `keep`. @throws NoSuchBucket */
  remember(buckets: readonly string[]): void;
  /** Forgets tasks and their messages; those that run are not stopped. */
  forgetTasks(buckets: readonly string[] | undefined): void;
  /** Removes buckets and all that is in them. What is kept is as it was remembered, in every respect. */
  clear(options: ResetOptions): void;
  /** Resolves when the bytes are gone as well. */
  settled(): Promise<void>;
}

interface Gone {
  readonly blob: string;
}

/** What is said of a bucket in tables of their own. */
const SETTINGS = ['styles', 'configurations', 'bucket_processes'] as const;
const KEPT = ['buckets', 'objects', ...SETTINGS] as const;

/** The column that says which bucket a row is of. */
const owner = (table: string): string => (table === 'buckets' ? 'id' : 'bucket');

export function openResetting(db: Db, blobs: Blobs, buckets: Buckets, memory: Memory): Resetting {
  // Only this connection knows them, and they go with it.
  db.exec('PRAGMA temp_store = MEMORY');
  for (const table of KEPT) db.exec(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table} LIMIT 0`);
  const keep = KEPT.map((table) =>
    db.prepare<[number]>(`INSERT INTO kept_${table} SELECT * FROM ${table} WHERE ${owner(table)} = ?`),
  );
  const forget = KEPT.map((table) => db.prepare<[number]>(`DELETE FROM kept_${table} WHERE ${owner(table)} = ?`));
  const isKept = db.prepare<[number], number>('SELECT 1 FROM kept_buckets WHERE id = ?').pluck();
  const ids = db.prepare<[], number>('SELECT id FROM buckets').pluck();
  const tasksOf = db.prepare<[string]>('DELETE FROM tasks WHERE bucket = ?');
  const remove = ['objects', 'versions', 'uploads', 'buckets'].map((table) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE ${owner(table)} = ?`),
  );
  const removeParts = db.prepare<[number], Gone>(
    'DELETE FROM parts WHERE upload IN (SELECT id FROM uploads WHERE bucket = ?) RETURNING blob',
  );
  const removeVersions = db.prepare<[number], Gone>('DELETE FROM versions WHERE bucket = ? RETURNING blob');
  // Blobs never change: the same blob is the same content.
  const removeChanged = db.prepare<[number], Gone>(
    `DELETE FROM objects WHERE bucket = ? AND (bucket, key, blob) NOT IN (SELECT bucket, key, blob FROM kept_objects)
     RETURNING blob`,
  );
  const restoreObjects = db.prepare<[number]>(
    `INSERT OR REPLACE INTO objects SELECT k.* FROM kept_objects k
     JOIN objects o ON o.bucket = k.bucket AND o.key = k.key WHERE k.bucket = ?`,
  );
  const restoreBucket = db.prepare<[number]>(
    `UPDATE buckets SET acl = k.acl, versioning = k.versioning, encryption = k.encryption
     FROM kept_buckets k WHERE k.id = buckets.id AND buckets.id = ?`,
  );
  const removeSettings = ['uploads', ...SETTINGS].map((table) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE bucket = ?`),
  );
  const restoreSettings = SETTINGS.map((table) =>
    db.prepare<[number]>(`INSERT INTO ${table} SELECT * FROM kept_${table} WHERE bucket = ?`),
  );
  const going = new Set<Promise<void>>();

  function later(work: Promise<void>): void {
    // What can not be unlinked now is swept at the next start.
    const done = work.catch(() => {}).finally(() => going.delete(done));
    going.add(done);
  }

  function restore(bucket: number): void {
    const parts = removeParts.all(bucket);
    const gone = [...removeVersions.all(bucket), ...removeChanged.all(bucket), ...parts].map(({ blob }) => blob);
    for (const statement of [...removeSettings, restoreBucket, ...restoreSettings, restoreObjects])
      statement.run(bucket);
    later(
      blobs.removeAll(
        bucket,
        gone.filter((blob) => blob !== ''),
      ),
    );
  }

  const clearRows = db.transaction((chosen: readonly number[], { buckets: names, keep: keeps }: ResetOptions) => {
    const kept = chosen.filter((id) => keeps && isKept.get(id) === 1);
    const removed = chosen.filter((id) => !kept.includes(id));
    for (const id of removed) for (const statement of [...forget, ...remove]) statement.run(id);
    for (const id of kept) restore(id);
    if (names === undefined) db.exec('DELETE FROM account_configurations');
    return removed;
  });

  const triggers = db.prepare<[], { name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
  );

  const dropRows = db.transaction(() => {
    const counting = triggers.all();
    for (const { name } of counting) db.exec(`DROP TRIGGER ${name}`);
    for (const table of [
      'parts',
      'uploads',
      'versions',
      'objects',
      'stats',
      ...SETTINGS,
      'buckets',
      'account_configurations',
    ])
      db.exec(`DELETE FROM ${table}`);
    for (const table of KEPT) db.exec(`DELETE FROM kept_${table}`);
    for (const { sql } of counting) db.exec(sql);
  });

  /**
   * Without a condition, triggers that count, and references to look after, SQLite drops the pages of a table instead of
   * its rows: a million objects are gone in no time.
   */
  function clearAll(chosen: readonly number[]): readonly number[] {
    db.pragma('foreign_keys = OFF');
    try {
      dropRows.immediate();
    } finally {
      db.pragma('foreign_keys = ON');
    }
    return chosen;
  }

  return {
    remember: db.transaction((names: readonly string[]) => {
      for (const name of names) for (const statement of keep) statement.run(buckets.need(name).id);
    }),
    forgetTasks: db.transaction((names: readonly string[] | undefined) => {
      if (names === undefined) db.exec('DELETE FROM tasks');
      else for (const name of names) tasksOf.run(name);
    }),
    clear(options) {
      const chosen = options.buckets?.flatMap((name) => buckets.get(name)?.id ?? []) ?? ids.all();
      const everything = options.buckets === undefined && !(options.keep && chosen.some((id) => isKept.get(id) === 1));
      const removed = everything ? clearAll(chosen) : clearRows.immediate(chosen, options);
      memory.forgetAll();

      for (const id of removed) later(blobs.dropBucket(id));
    },
    settled: async () => void (await Promise.all(going)),
  };
}
