import type { BucketAcl } from './bucket-acl.ts';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';
import type { Memory } from './memory.ts';

/** Of buckets and objects. */
export const storageClasses = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'] as const;

export type Versioning = '' | 'Enabled' | 'Suspended';

export interface Bucket {
  readonly id: number;
  readonly name: string;
  readonly acl: BucketAcl;
  readonly storageClass: string;
  readonly redundancy: string;
  /** Empty: it never had versions. */
  readonly versioning: Versioning;
  /** Headers of the encryption that new objects have unless their writer asks for another; empty for none. */
  readonly encryption: Readonly<Record<string, string>>;
  readonly created: Date;
}

export interface Buckets {
  get(name: string): Bucket | undefined;
  /** @throws NoSuchBucket */
  need(name: string): Bucket;
  /** The name must be free. Class and redundancy are OSS's defaults unless they are given. */
  create(bucket: Pick<Bucket, 'name' | 'acl'> & Partial<Pick<Bucket, 'storageClass' | 'redundancy'>>): Bucket;
  setAcl(name: string, acl: BucketAcl): void;
  setVersioning(bucket: Bucket, state: Exclude<Versioning, ''>): void;
  setEncryption(bucket: Bucket, headers: Bucket['encryption']): void;
  /** @throws NoSuchBucket, BucketNotEmpty */
  remove(name: string): Bucket;
  /** In order of name; `limit + 1` is a cheap way to see whether there is more. */
  list(range: { readonly prefix: string; readonly after: string; readonly limit: number }): readonly Bucket[];
}

interface Row {
  id: number;
  name: string;
  acl: string;
  storage_class: string;
  redundancy: string;
  versioning: string;
  encryption: string;
  created: number;
}

const toBucket = (row: Row): Bucket => ({
  id: row.id,
  name: row.name,
  acl: row.acl as BucketAcl,
  storageClass: row.storage_class,
  redundancy: row.redundancy,
  versioning: row.versioning as Versioning,
  encryption: JSON.parse(row.encryption) as Bucket['encryption'],
  created: new Date(row.created),
});

/** The error for a bucket that is not there. */
export const noSuchBucket = (name: string): never => fail('NoSuchBucket', { elements: { BucketName: name } });

export function openBuckets(db: Db, now: Clock, memory: Memory): Buckets {
  const byName = db.prepare<[string], Row>('SELECT * FROM buckets WHERE name = ?');
  // The number of a bucket that is gone is not given out again while something may still be written to it.
  let next = 1;
  const insert = db.prepare<[number, string, string, string, string, number], Row>(
    `INSERT INTO buckets (id, name, acl, storage_class, redundancy, created)
     VALUES (max(?, (SELECT coalesce(max(id), 0) + 1 FROM buckets)), ?, ?, ?, ?, ?) RETURNING *`,
  );
  const setAcl = db.prepare<[string, string]>('UPDATE buckets SET acl = ? WHERE name = ?');
  const setVersioning = db.prepare<[string, number]>('UPDATE buckets SET versioning = ? WHERE id = ?');
  const setEncryption = db.prepare<[string, number]>('UPDATE buckets SET encryption = ? WHERE id = ?');
  // Older versions and delete markers count as well.
  const anyObject = db
    .prepare<{ id: number }, number>(
      `SELECT EXISTS (SELECT 1 FROM objects WHERE bucket = :id) OR EXISTS (SELECT 1 FROM versions WHERE bucket = :id)`,
    )
    .pluck();
  const anyUpload = db.prepare<[number], number>('SELECT EXISTS (SELECT 1 FROM uploads WHERE bucket = ?)').pluck();
  const remove = db.prepare<[number]>('DELETE FROM buckets WHERE id = ?');
  const list = db.prepare<{ prefix: string; end: Buffer; after: string; limit: number }, Row>(
    'SELECT * FROM buckets WHERE name >= :prefix AND name < CAST(:end AS TEXT) AND name > :after ORDER BY name LIMIT :limit',
  );
  // Names that are no bucket's are not remembered: clients make them up.
  const known = memory.table<Bucket | undefined>((bucket) => bucket !== undefined);
  const get = (name: string) =>
    known.get(name, () => {
      const row = byName.get(name);
      return row && toBucket(row);
    });
  const need = (name: string) => get(name) ?? noSuchBucket(name);
  return {
    get,
    need,
    create({ name, acl, storageClass = 'Standard', redundancy = 'LRS' }) {
      const created = Math.floor(now() / 1000) * 1000;
      const row = insert.get(next, name, acl, storageClass, redundancy, created) as Row;
      next = row.id + 1;
      return toBucket(row);
    },
    setAcl(name, acl) {
      setAcl.run(acl, name);
      known.forget(name);
    },
    setVersioning(bucket, state) {
      setVersioning.run(state, bucket.id);
      known.forget(bucket.name);
    },
    setEncryption(bucket, headers) {
      setEncryption.run(JSON.stringify(headers), bucket.id);
      known.forget(bucket.name);
    },
    remove: db.transaction((name: string) => {
      const bucket = need(name);
      const elements = { BucketName: name };
      if (anyObject.get({ id: bucket.id }) === 1) fail('BucketNotEmpty', { elements });
      if (anyUpload.get(bucket.id) === 1)
        fail('BucketNotEmpty', {
          // Its beginning is in a test of the Java SDK.
          message: 'The bucket has Multipart Uploads. Please delete them first.',
          elements,
        });
      remove.run(bucket.id);
      known.forget(name);
      return bucket;
    }),
    list: ({ prefix, after, limit }) =>
      list.all({ prefix, end: Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]), after, limit }).map(toBucket),
  };
}
