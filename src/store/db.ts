/** Opens the database and brings its schema up to date. The only file, with its neighbours here, that knows better-sqlite3. */
import Database from 'better-sqlite3';

export type Db = Database.Database;

/** The data directory can not be used: for the one line that stops the start. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Numbered by position; a released one never changes. */
export const migrations: readonly string[] = [
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

  // Whom to tell of a task's end, and what was told. One message per task; its row goes with the task's.
  `ALTER TABLE tasks ADD COLUMN notice TEXT;
   CREATE INDEX tasks_ended ON tasks (ended) WHERE ended IS NOT NULL;

   CREATE TABLE messages (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     task TEXT NOT NULL UNIQUE REFERENCES tasks (id) ON DELETE CASCADE,
     topic TEXT NOT NULL,
     body TEXT NOT NULL,
     state TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     last_error TEXT NOT NULL DEFAULT '',
     due INTEGER NOT NULL DEFAULT 0,
     created INTEGER NOT NULL,
     delivered INTEGER
   ) STRICT;
   CREATE INDEX messages_due ON messages (due) WHERE state = 'Pending';`,

  // Style delimiters and source protection: JSON, as nothing is ever looked for inside.
  `CREATE TABLE bucket_processes (
     bucket INTEGER PRIMARY KEY REFERENCES buckets (id) ON DELETE CASCADE,
     process TEXT NOT NULL
   ) STRICT;`,

  // Versions, tags, links, encryption headers, restored archives; multipart uploads; configurations of buckets.
  `ALTER TABLE buckets ADD COLUMN versioning TEXT NOT NULL DEFAULT '';

   ALTER TABLE objects ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE objects ADD COLUMN version TEXT NOT NULL DEFAULT 'null';
   ALTER TABLE objects ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE objects ADD COLUMN encryption TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE objects ADD COLUMN target TEXT;
   ALTER TABLE objects ADD COLUMN restore TEXT;

   -- Versions that are not the current one, and delete markers.
   CREATE TABLE versions (
     bucket INTEGER NOT NULL REFERENCES buckets (id),
     key TEXT NOT NULL,
     seq INTEGER NOT NULL,
     version TEXT NOT NULL,
     marker INTEGER NOT NULL,
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
     tags TEXT NOT NULL,
     encryption TEXT NOT NULL,
     target TEXT,
     restore TEXT,
     modified INTEGER NOT NULL,
     PRIMARY KEY (bucket, key, seq),
     UNIQUE (bucket, key, version)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE uploads (
     id TEXT PRIMARY KEY,
     bucket INTEGER NOT NULL REFERENCES buckets (id),
     key TEXT NOT NULL,
     facts TEXT NOT NULL,
     seq INTEGER NOT NULL,
     initiated INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX uploads_by_key ON uploads (bucket, key, seq);

   CREATE TABLE parts (
     upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
     number INTEGER NOT NULL,
     blob TEXT NOT NULL,
     size INTEGER NOT NULL,
     etag TEXT NOT NULL,
     crc64 TEXT NOT NULL,
     modified INTEGER NOT NULL,
     PRIMARY KEY (upload, number)
   ) STRICT, WITHOUT ROWID;

   -- Round-tripped as text; what has visible behaviour is read where it acts.
   CREATE TABLE configurations (
     bucket INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     id TEXT NOT NULL DEFAULT '',
     content TEXT NOT NULL,
     PRIMARY KEY (bucket, name, id)
   ) STRICT, WITHOUT ROWID;`,

  // Encryption that new objects get; configurations of the account; a domain leads to one bucket.
  `ALTER TABLE buckets ADD COLUMN encryption TEXT NOT NULL DEFAULT '{}';
   CREATE TABLE account_configurations (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX domains ON configurations (id) WHERE name = 'cname';`,

  // When an appendable object was closed; retention and legal hold, JSON.
  `ALTER TABLE objects ADD COLUMN sealed INTEGER;
   ALTER TABLE objects ADD COLUMN worm TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE versions ADD COLUMN sealed INTEGER;
   ALTER TABLE versions ADD COLUMN worm TEXT NOT NULL DEFAULT '{}';`,
  // What a task's engines said; apart from its row, which is read far more often.
  `CREATE TABLE engine_logs (
     task TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
     text TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  // Objects and their bytes, counted as they come and go.
  `CREATE TABLE totals (objects INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
   INSERT INTO totals SELECT count(*), coalesce(sum(size), 0) FROM objects;
   CREATE TRIGGER objects_come AFTER INSERT ON objects BEGIN
     UPDATE totals SET objects = objects + 1, bytes = bytes + new.size;
   END;
   CREATE TRIGGER objects_go AFTER DELETE ON objects BEGIN
     UPDATE totals SET objects = objects - 1, bytes = bytes - old.size;
   END;
   CREATE TRIGGER objects_change AFTER UPDATE OF size ON objects BEGIN
     UPDATE totals SET bytes = bytes + new.size - old.size;
   END;
   CREATE INDEX tasks_by_state ON tasks (state);`,

  // The same for each bucket and storage class, older versions as well. Markers have no class.
  `DROP TRIGGER objects_come;
   DROP TRIGGER objects_go;
   DROP TRIGGER objects_change;
   DROP TABLE totals;
   CREATE TABLE stats (
     bucket INTEGER NOT NULL REFERENCES buckets (id) ON DELETE CASCADE,
     class TEXT NOT NULL,
     -- Of current versions, then of all.
     current INTEGER NOT NULL,
     current_size INTEGER NOT NULL,
     count INTEGER NOT NULL,
     size INTEGER NOT NULL,
     -- None counted with less than 64 KiB.
     billed INTEGER NOT NULL,
     PRIMARY KEY (bucket, class)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO stats
     SELECT bucket, storage_class, sum(current), sum(current * size), count(*), sum(size), sum(max(size, 65536))
     FROM (SELECT bucket, storage_class, size, 1 AS current FROM objects
       UNION ALL SELECT bucket, storage_class, size, 0 FROM versions)
     GROUP BY bucket, storage_class;
   -- No upsert: the statement that fires a trigger decides about conflicts in it, and REPLACE would begin anew.
   CREATE TRIGGER objects_come AFTER INSERT ON objects BEGIN
     INSERT INTO stats SELECT new.bucket, new.storage_class, 0, 0, 0, 0, 0
       WHERE NOT EXISTS (SELECT 1 FROM stats WHERE bucket = new.bucket AND class = new.storage_class);
     UPDATE stats SET current = current + 1, current_size = current_size + new.size,
       count = count + 1, size = size + new.size, billed = billed + max(new.size, 65536)
       WHERE bucket = new.bucket AND class = new.storage_class;
   END;
   CREATE TRIGGER objects_go AFTER DELETE ON objects BEGIN
     UPDATE stats SET current = current - 1, current_size = current_size - old.size,
       count = count - 1, size = size - old.size, billed = billed - max(old.size, 65536)
       WHERE bucket = old.bucket AND class = old.storage_class;
   END;
   CREATE TRIGGER versions_come AFTER INSERT ON versions BEGIN
     INSERT INTO stats SELECT new.bucket, new.storage_class, 0, 0, 0, 0, 0
       WHERE NOT EXISTS (SELECT 1 FROM stats WHERE bucket = new.bucket AND class = new.storage_class);
     UPDATE stats SET count = count + 1, size = size + new.size, billed = billed + max(new.size, 65536)
       WHERE bucket = new.bucket AND class = new.storage_class;
   END;
   CREATE TRIGGER versions_go AFTER DELETE ON versions BEGIN
     UPDATE stats SET count = count - 1, size = size - old.size, billed = billed - max(old.size, 65536)
       WHERE bucket = old.bucket AND class = old.storage_class;
   END;`,

  // When a lifecycle rule has moved an object to a class as cold as an archive can be.
  `ALTER TABLE objects ADD COLUMN transitioned INTEGER;
   ALTER TABLE versions ADD COLUMN transitioned INTEGER;`,
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
    // Pages of the log, 16 MB: with each fold-back everybody waits for the disk.
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('foreign_keys = ON');
    // A row that is replaced is a row that goes.
    db.pragma('recursive_triggers = ON');
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
