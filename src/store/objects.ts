import type { FileHandle } from 'node:fs/promises';
import type { Blobs, Written } from './blobs.ts';
import { type Bucket, noSuchBucket } from './buckets.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';

export const objectAcls = ['default', 'private', 'public-read', 'public-read-write'] as const;

/** What the writer of an object decides. */
export interface ObjectFacts {
  readonly contentType: string;
  /** Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Expires: stored and replayed. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata: lower-case names without `x-oss-meta-`. */
  readonly meta: Readonly<Record<string, string>>;
  readonly acl: string;
  readonly storageClass: string;
}

/** An object as its row tells it. */
export interface StoredObject extends ObjectFacts {
  readonly bucket: number;
  readonly key: string;
  readonly blob: string;
  readonly size: number;
  /** Upper-case hex, unquoted. */
  readonly etag: string;
  readonly crc64: string;
  /** Base64, of Normal objects only. */
  readonly md5: string | undefined;
  readonly type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
  /** Whole seconds. */
  readonly modified: Date;
}

export interface Objects {
  get(bucket: Bucket, key: string): StoredObject | undefined;
  /** @throws NoSuchKey */
  need(bucket: Bucket, key: string): StoredObject;
  /** Row and open bytes that belong together. The caller closes the handle. @throws NoSuchKey */
  open(bucket: Bucket, key: string): Promise<{ readonly object: StoredObject; readonly handle: FileHandle }>;
  /** Makes the bytes appear at `path`, where they stay. @throws NoSuchKey */
  pin(bucket: Bucket, key: string, path: string): Promise<StoredObject>;
  /**
   * Names a written blob; an object of that key is replaced in the same instant. The blob is removed when this fails.
   * @throws FileAlreadyExists when `forbidOverwrite`, NoSuchBucket when the bucket went meanwhile
   */
  put(
    bucket: Bucket,
    key: string,
    written: Written,
    facts: ObjectFacts,
    options?: { readonly forbidOverwrite?: boolean },
  ): Promise<StoredObject>;
  /** Copies bytes without reading them; `facts` decides from the source what the copy says of itself. @throws NoSuchKey, and as put */
  copy(
    from: { readonly bucket: Bucket; readonly key: string },
    bucket: Bucket,
    key: string,
    facts: (source: StoredObject) => ObjectFacts,
    options?: { readonly forbidOverwrite?: boolean },
  ): Promise<StoredObject>;
  /** A missing object is no error: OSS answers 204 for both. */
  remove(bucket: Bucket, key: string): Promise<void>;
  /** Names of all blobs of a bucket, for the sweep after a crash. */
  blobsOf(bucket: number): ReadonlySet<string>;
}

interface Row {
  bucket: number;
  key: string;
  blob: string;
  size: number;
  etag: string;
  crc64: string;
  md5: string | null;
  type: StoredObject['type'];
  storage_class: string;
  acl: string;
  content_type: string;
  headers: string;
  meta: string;
  modified: number;
}

const toObject = (row: Row): StoredObject => ({
  bucket: row.bucket,
  key: row.key,
  blob: row.blob,
  size: row.size,
  etag: row.etag,
  crc64: row.crc64,
  md5: row.md5 ?? undefined,
  type: row.type,
  storageClass: row.storage_class,
  acl: row.acl,
  contentType: row.content_type,
  headers: JSON.parse(row.headers) as Record<string, string>,
  meta: JSON.parse(row.meta) as Record<string, string>,
  modified: new Date(row.modified),
});

/** How often a read is tried again when its blob was replaced between row and file. */
const READ_ATTEMPTS = 20;

export function openObjects(db: Db, blobs: Blobs): Objects {
  const byKey = db.prepare<[number, string], Row>('SELECT * FROM objects WHERE bucket = ? AND key = ?');
  const bucketThere = db.prepare<[number], { id: number }>('SELECT id FROM buckets WHERE id = ?');
  const upsert = db.prepare<Row>(
    `INSERT OR REPLACE INTO objects
       (bucket, key, blob, size, etag, crc64, md5, type, storage_class, acl, content_type, headers, meta, modified)
     VALUES
       (:bucket, :key, :blob, :size, :etag, :crc64, :md5, :type, :storage_class, :acl, :content_type, :headers, :meta, :modified)`,
  );
  const remove = db.prepare<[number, string], Row>('DELETE FROM objects WHERE bucket = ? AND key = ? RETURNING *');
  const blobsOf = db.prepare<[number], string>('SELECT blob FROM objects WHERE bucket = ?').pluck();

  const get = (bucket: Bucket, key: string) => {
    const row = byKey.get(bucket.id, key);
    return row === undefined ? undefined : toObject(row);
  };
  const need = (bucket: Bucket, key: string) => get(bucket, key) ?? fail('NoSuchKey', { elements: { Key: key } });

  /** Reads row and bytes as one: when the blob went in between, the object has another one by now. */
  async function reading<T>(bucket: Bucket, key: string, use: (object: StoredObject) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const object = need(bucket, key);
      try {
        return await use(object);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt >= READ_ATTEMPTS) throw error;
      }
    }
  }

  const swap = db.transaction((bucket: Bucket, row: Row, forbidOverwrite: boolean): string | undefined => {
    if (bucketThere.get(bucket.id) === undefined) noSuchBucket(bucket.name);
    const old = byKey.get(row.bucket, row.key);
    if (old !== undefined && forbidOverwrite) fail('FileAlreadyExists', { elements: { Key: row.key } });
    upsert.run(row);
    return old?.blob;
  });

  async function commit(bucket: Bucket, row: Row, forbidOverwrite = false): Promise<StoredObject> {
    let old: string | undefined;
    try {
      old = swap.immediate(bucket, row, forbidOverwrite);
    } catch (error) {
      await blobs.remove({ bucket: bucket.id, blob: row.blob });
      throw error;
    }
    if (old !== undefined) await blobs.remove({ bucket: bucket.id, blob: old });
    return toObject(row);
  }

  return {
    get,
    need,
    open: (bucket, key) => reading(bucket, key, async (object) => ({ object, handle: await blobs.open(object) })),
    pin: (bucket, key, path) =>
      reading(bucket, key, async (object) => {
        await blobs.pin(object, path);
        return object;
      }),
    put: (bucket, key, written, facts, options) =>
      commit(
        bucket,
        {
          ...factColumns(facts),
          bucket: bucket.id,
          key,
          blob: written.blob,
          size: written.size,
          etag: written.md5.toString('hex').toUpperCase(),
          crc64: written.crc64,
          md5: written.md5.toString('base64'),
          type: 'Normal',
        },
        options?.forbidOverwrite,
      ),
    async copy(from, bucket, key, facts, options) {
      const { source, blob } = await reading(from.bucket, from.key, async (object) => ({
        source: object,
        blob: await blobs.duplicate(object, bucket.id),
      }));
      const row = {
        ...factColumns(facts(source)),
        bucket: bucket.id,
        key,
        blob,
        size: source.size,
        etag: source.etag,
        crc64: source.crc64,
        md5: source.md5 ?? null,
        type: source.type,
      };
      return commit(bucket, row, options?.forbidOverwrite);
    },
    async remove(bucket, key) {
      const row = remove.get(bucket.id, key);
      if (row !== undefined) await blobs.remove({ bucket: row.bucket, blob: row.blob });
    },
    blobsOf: (bucket) => new Set(blobsOf.all(bucket)),
  };
}

/** Last-Modified has whole seconds on the wire, so it has them at rest (rule W4). */
const factColumns = (facts: ObjectFacts) => ({
  storage_class: facts.storageClass,
  acl: facts.acl,
  content_type: facts.contentType,
  headers: JSON.stringify(facts.headers),
  meta: JSON.stringify(facts.meta),
  modified: Math.floor(Date.now() / 1000) * 1000,
});
