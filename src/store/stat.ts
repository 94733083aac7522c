/** What a bucket holds, counted when it is asked for (rest-core.md §1.1, GetBucketStat). */
import type { Db } from './db.ts';

export interface ClassStat {
  /** Objects and their older versions. */
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  /** Bytes, none of them counted with less than 64 KiB: what OSS bills in all classes but Standard. */
  readonly billed: number;
}

export interface Stat {
  /** By storage class; classes without objects are absent. */
  readonly classes: ReadonlyMap<string, ClassStat>;
  readonly markers: number;
  readonly uploads: number;
  readonly parts: number;
}

const SMALLEST_BILLED = 64 * 1024;

export function openStat(db: Db): (bucket: number) => Stat {
  const classes = db.prepare<{ bucket: number }, ClassStat & { storageClass: string }>(
    `SELECT storage_class AS storageClass, count(*) AS count, sum(size) AS size,
       sum(max(size, ${SMALLEST_BILLED})) AS billed
     FROM (SELECT storage_class, size FROM objects WHERE bucket = :bucket
       UNION ALL SELECT storage_class, size FROM versions WHERE bucket = :bucket AND marker = 0)
     GROUP BY storage_class`,
  );
  const others = db.prepare<{ bucket: number }, { markers: number; uploads: number; parts: number }>(
    `SELECT (SELECT count(*) FROM versions WHERE bucket = :bucket AND marker = 1) AS markers,
       (SELECT count(*) FROM uploads WHERE bucket = :bucket) AS uploads,
       (SELECT count(*) FROM parts JOIN uploads ON upload = id WHERE bucket = :bucket) AS parts`,
  );
  return (bucket) => {
    const { markers, uploads, parts } = others.get({ bucket }) ?? { markers: 0, uploads: 0, parts: 0 };
    const counted = classes.all({ bucket }).map(({ storageClass, ...stat }) => [storageClass, stat] as const);
    return { classes: new Map(counted), markers, uploads, parts };
  };
}
