import type { Db } from './db.ts';
import { fail } from './errors.ts';

export const bucketAcls = ['private', 'public-read', 'public-read-write'] as const;
export type BucketAcl = (typeof bucketAcls)[number];

/** Of buckets and objects. */
export const storageClasses = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'] as const;

export interface Bucket {
  readonly id: number;
  readonly name: string;
  readonly acl: BucketAcl;
  readonly storageClass: string;
  readonly redundancy: string;
  readonly created: Date;
}

export interface Buckets {
  get(name: string): Bucket | undefined;
  /** @throws NoSuchBucket */
  need(name: string): Bucket;
  /** The name must be free. Class and redundancy are OSS's defaults unless they are given. */
  create(bucket: Pick<Bucket, 'name' | 'acl'> & Partial<Pick<Bucket, 'storageClass' | 'redundancy'>>): Bucket;
  setAcl(name: string, acl: BucketAcl): void;
  /** @throws NoSuchBucket, BucketNotEmpty */
  remove(name: string): Bucket;
  /** In order of name; `limit + 1` is a cheap way to see whether there is more. */
  list(range: { readonly prefix: string; readonly after: string; readonly limit: number }): readonly Bucket[];
  /** Number of objects and of their bytes. */
  usage(id: number): { readonly objects: number; readonly bytes: number };
}

interface Row {
  id: number;
  name: string;
  acl: string;
  storage_class: string;
  redundancy: string;
  created: number;
}

const toBucket = (row: Row): Bucket => ({
  id: row.id,
  name: row.name,
  acl: row.acl as BucketAcl,
  storageClass: row.storage_class,
  redundancy: row.redundancy,
  created: new Date(row.created),
});

/** The error for a bucket that is not there. */
export const noSuchBucket = (name: string): never => fail('NoSuchBucket', { elements: { BucketName: name } });

export function openBuckets(db: Db): Buckets {
  const byName = db.prepare<[string], Row>('SELECT * FROM buckets WHERE name = ?');
  const insert = db.prepare<[string, string, string, string, number], Row>(
    'INSERT INTO buckets (name, acl, storage_class, redundancy, created) VALUES (?, ?, ?, ?, ?) RETURNING *',
  );
  const setAcl = db.prepare<[string, string]>('UPDATE buckets SET acl = ? WHERE name = ?');
  const anyObject = db.prepare<[number], { key: string }>('SELECT key FROM objects WHERE bucket = ? LIMIT 1');
  const remove = db.prepare<[number]>('DELETE FROM buckets WHERE id = ?');
  const list = db.prepare<{ prefix: string; end: Buffer; after: string; limit: number }, Row>(
    'SELECT * FROM buckets WHERE name >= :prefix AND name < CAST(:end AS TEXT) AND name > :after ORDER BY name LIMIT :limit',
  );
  const usage = db.prepare<[number], { objects: number; bytes: number }>(
    'SELECT count(*) AS objects, coalesce(sum(size), 0) AS bytes FROM objects WHERE bucket = ?',
  );
  const get = (name: string) => {
    const row = byName.get(name);
    return row === undefined ? undefined : toBucket(row);
  };
  const need = (name: string) => get(name) ?? noSuchBucket(name);
  return {
    get,
    need,
    create: ({ name, acl, storageClass = 'Standard', redundancy = 'LRS' }) =>
      toBucket(insert.get(name, acl, storageClass, redundancy, Math.floor(Date.now() / 1000) * 1000) as Row),
    setAcl: (name, acl) => void setAcl.run(acl, name),
    remove: db.transaction((name: string) => {
      const bucket = need(name);
      if (anyObject.get(bucket.id) !== undefined) fail('BucketNotEmpty', { elements: { BucketName: name } });
      remove.run(bucket.id);
      return bucket;
    }),
    list: ({ prefix, after, limit }) =>
      list.all({ prefix, end: Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]), after, limit }).map(toBucket),
    usage: (id) => usage.get(id) ?? { objects: 0, bytes: 0 },
  };
}
