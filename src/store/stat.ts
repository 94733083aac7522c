/** What a bucket holds (rest-core.md §1.1, GetBucketStat). Triggers count (`stats` in db.ts). */
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

export function openStat(db: Db): (bucket: number) => Stat {
  const classes = db.prepare<[number], ClassStat & { class: string }>(
    'SELECT class, count, size, billed FROM stats WHERE bucket = ? AND count > 0',
  );
  const ofUploads = db.prepare<{ bucket: number }, Pick<Stat, 'uploads' | 'parts'>>(
    `SELECT (SELECT count(*) FROM uploads WHERE bucket = :bucket) AS uploads,
       (SELECT count(*) FROM parts JOIN uploads ON upload = id WHERE bucket = :bucket) AS parts`,
  );
  return (bucket) => {
    const counted = new Map(classes.all(bucket).map(({ class: name, ...stat }) => [name, stat]));
    const markers = counted.get(MARKERS)?.count ?? 0;
    counted.delete(MARKERS);
    return { classes: counted, markers, ...(ofUploads.get({ bucket }) ?? { uploads: 0, parts: 0 }) };
  };
}

/** The class of delete markers, which have none. */
const MARKERS = '';
