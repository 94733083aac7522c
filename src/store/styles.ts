import type { Bucket } from './buckets.ts';
import type { Db } from './db.ts';

/** A bucket's named process string (documents-styles-tasks.md §4). */
export interface Style {
  readonly name: string;
  readonly content: string;
  readonly category: string;
  readonly created: Date;
  readonly modified: Date;
}

export interface Styles {
  get(bucket: Bucket, name: string): Style | undefined;
  /** In order of creation. */
  list(bucket: Bucket): readonly Style[];
  /** Replaces the content and category of an existing one. @returns false when the bucket has `most` of them already */
  put(bucket: Bucket, style: Pick<Style, 'name' | 'content' | 'category'>, most: number): boolean;
  remove(bucket: Bucket, name: string): void;
}

interface Row {
  name: string;
  content: string;
  category: string;
  created: number;
  modified: number;
}

const toStyle = (row: Row): Style => ({ ...row, created: new Date(row.created), modified: new Date(row.modified) });

export function openStyles(db: Db): Styles {
  const get = db.prepare<[number, string], Row>('SELECT * FROM styles WHERE bucket = ? AND name = ?');
  const list = db.prepare<[number], Row>('SELECT * FROM styles WHERE bucket = ? ORDER BY seq');
  const put = db.prepare<{ bucket: number; name: string; content: string; category: string; now: number }>(
    `INSERT INTO styles (bucket, name, content, category, created, modified)
     VALUES (:bucket, :name, :content, :category, :now, :now)
     ON CONFLICT (bucket, name) DO UPDATE SET content = :content, category = :category, modified = :now`,
  );
  const remove = db.prepare<[number, string]>('DELETE FROM styles WHERE bucket = ? AND name = ?');
  return {
    get(bucket, name) {
      const row = get.get(bucket.id, name);
      return row === undefined ? undefined : toStyle(row);
    },
    list: (bucket) => list.all(bucket.id).map(toStyle),
    put: db.transaction((bucket: Bucket, style: Pick<Style, 'name' | 'content' | 'category'>, most: number) => {
      const known = list.all(bucket.id);
      if (known.length >= most && !known.some(({ name }) => name === style.name)) return false;
      put.run({ bucket: bucket.id, ...style, now: Date.now() });
      return true;
    }),
    remove: (bucket, name) => void remove.run(bucket.id, name),
  };
}
