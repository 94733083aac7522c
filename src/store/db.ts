/** Opens the database and brings its schema up to date. The only file, with its neighbours here, that knows better-sqlite3. */
import Database from 'better-sqlite3';

export type Db = Database.Database;

/** The data directory can not be used: for the one line that stops the start. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Numbered by position; a released one never changes. */
const migrations: readonly string[] = [
  `CREATE TABLE buckets (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     acl TEXT NOT NULL,
     storage_class TEXT NOT NULL,
     redundancy TEXT NOT NULL,
     created INTEGER NOT NULL
   ) STRICT;

   -- Keys compare as UTF-8 bytes (BINARY collation), which is OSS's order.
   CREATE TABLE objects (
     bucket INTEGER NOT NULL REFERENCES buckets (id),
     key TEXT NOT NULL,
     blob TEXT NOT NULL,
     size INTEGER NOT NULL,
     etag TEXT NOT NULL,
     crc64 TEXT NOT NULL,
     md5 TEXT,
     type TEXT NOT NULL,
     storage_class TEXT NOT NULL,
     acl TEXT NOT NULL,
     content_type TEXT NOT NULL,
     headers TEXT NOT NULL,
     meta TEXT NOT NULL,
     modified INTEGER NOT NULL,
     PRIMARY KEY (bucket, key)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE styles (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     bucket INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     content TEXT NOT NULL,
     category TEXT NOT NULL,
     created INTEGER NOT NULL,
     modified INTEGER NOT NULL,
     UNIQUE (bucket, name)
   ) STRICT;

   -- No reference to the bucket: a task is history and outlives it.
   CREATE TABLE tasks (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     event_id TEXT NOT NULL,
     request_id TEXT NOT NULL,
     type TEXT NOT NULL,
     bucket TEXT NOT NULL,
     key TEXT NOT NULL,
     process TEXT NOT NULL,
     state TEXT NOT NULL,
     progress INTEGER NOT NULL DEFAULT 0,
     code TEXT NOT NULL DEFAULT '',
     message TEXT NOT NULL DEFAULT '',
     outputs TEXT NOT NULL DEFAULT '[]',
     warnings TEXT NOT NULL DEFAULT '[]',
     attempts INTEGER NOT NULL DEFAULT 0,
     lease TEXT,
     lease_until INTEGER,
     created INTEGER NOT NULL,
     started INTEGER,
     ended INTEGER
   ) STRICT;
   CREATE INDEX tasks_open ON tasks (state, seq) WHERE state IN ('Queued', 'Running');

   CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,

  // What a task that saves nothing found out.
  `ALTER TABLE tasks ADD COLUMN result TEXT NOT NULL DEFAULT '';`,
];

/**
 * @param file path of the database
 * @throws StoreUnavailable when another process has it open, or it was written by a newer release
 */
export function openDb(file: string): Db {
  const db = new Database(file, { timeout: 500 });
  try {
    // Exclusive: two servers on one data directory would sweep each other's files.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    migrate(db, file);
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new StoreUnavailable(`${file} is in use by another Ossite; stop it or choose another data directory`);
    }
    throw error;
  }
  return db;
}

function migrate(db: Db, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length)
    throw new StoreUnavailable(`${file} was written by a newer Ossite (schema ${version})`);
  db.transaction(() => {
    for (const sql of migrations.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}
