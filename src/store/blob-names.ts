/** Every blob that a row names, for the sweep after a crash. */
import type { Db } from './db.ts';

export function openBlobNames(db: Db): (bucket: number) => ReadonlySet<string> {
  const names = db
    .prepare<{ bucket: number }, string>(
      `SELECT blob FROM objects WHERE bucket = :bucket
       UNION ALL SELECT blob FROM versions WHERE bucket = :bucket
       UNION ALL SELECT parts.blob FROM parts JOIN uploads ON upload = id WHERE bucket = :bucket`,
    )
    .pluck();
  return (bucket) => new Set(names.all({ bucket }));
}
