/** Multipart uploads: parts are blobs of their own until they become one object (rest-core.md §1.3). */
import { createHash } from 'node:crypto';
import type { Blobs, Written } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import { noSuchBucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import { combineCrc64 } from './crc64.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';
import { createLocks } from './locks.ts';
import { factColumns, type Row, toObject, UNTOUCHED } from './object-rows.ts';
import type { ObjectFacts, StoredObject } from './objects.ts';
import { openUploadListing, type UploadPage, type UploadRange } from './upload-listing.ts';
import { toUpload, type Upload, type UploadRow, uploadId } from './upload-rows.ts';
import type { Versions } from './versions.ts';

export interface Part {
  readonly number: number;
  readonly size: number;
  /** Upper-case hex, unquoted. */
  readonly etag: string;
  readonly crc64: string;
  readonly modified: Date;
}

/** A part as the client lists it for the end of an upload. */
export interface ListedPart {
  readonly number: number;
  /** Any case, unquoted. */
  readonly etag: string;
}

export interface Uploads {
  /** @throws NoSuchBucket */
  begin(bucket: Bucket, key: string, facts: ObjectFacts, options?: Partial<Pick<Upload, 'sequential'>>): Upload;
  /** @param ec that of the operation which asks, where it has one of its own @throws NoSuchUpload */
  need(bucket: Bucket, key: string, id: string, ec?: string): Upload;
  /**
   * Names a written blob as a part; a part of that number is replaced. The blob is removed when this fails.
   * @throws NoSuchUpload, PartNotSequential
   */
  put(upload: Upload, number: number, written: Written): Promise<Part>;
  /** In order of number, those after `after`. */
  parts(upload: Upload, range: { readonly after: number; readonly limit: number }): readonly Part[];
  /**
   * Makes the object, in the instant in which the upload ends.
   * @param asked the parts it is made of, or all there are
   * @throws NoSuchUpload, InvalidPartOrder, InvalidPart, EntityTooSmall, FileAlreadyExists
   */
  complete(
    bucket: Bucket,
    upload: Upload,
    asked: readonly ListedPart[] | 'all',
    options: { readonly forbidOverwrite: boolean; readonly acl?: string },
  ): Promise<StoredObject>;
  /** @throws NoSuchUpload */
  abort(upload: Upload): Promise<void>;
  /** In order of key, then of beginning. */
  list(bucket: Bucket, range: UploadRange): UploadPage;
}

/** The last part may be smaller. */
export const MIN_PART = 100 * 1024;

interface PartRow {
  upload: string;
  number: number;
  blob: string;
  size: number;
  etag: string;
  crc64: string;
  modified: number;
}

const toPart = ({ number, size, etag, crc64, modified }: PartRow): Part => ({
  ...{ number, size, etag, crc64, modified: new Date(modified) },
});

export function openUploads(db: Db, blobs: Blobs, versions: Versions, now: Clock): Uploads {
  const bucketThere = db.prepare<[number], number>('SELECT id FROM buckets WHERE id = ?').pluck();
  const insert = db.prepare<UploadRow>(
    'INSERT INTO uploads (id, bucket, key, facts, seq, initiated) VALUES (:id, :bucket, :key, :facts, :seq, :initiated)',
  );
  const lastSeq = db
    .prepare<[number, string], number>('SELECT max(seq) FROM uploads WHERE bucket = ? AND key = ?')
    .pluck();
  const byId = db.prepare<[string], UploadRow>('SELECT * FROM uploads WHERE id = ?');
  const drop = db.prepare<[string]>('DELETE FROM uploads WHERE id = ?');
  const part = db.prepare<[string, number], PartRow>('SELECT * FROM parts WHERE upload = ? AND number = ?');
  const upsert = db.prepare<PartRow>(
    'INSERT OR REPLACE INTO parts VALUES (:upload, :number, :blob, :size, :etag, :crc64, :modified)',
  );
  const partsOf = db.prepare<[string, number, number], PartRow>(
    'SELECT * FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
  );
  const lastPart = db.prepare<[string], number>('SELECT max(number) FROM parts WHERE upload = ?').pluck();
  const list = openUploadListing(db);
  // While an upload is put together none of its parts may be replaced.
  const locks = createLocks();

  const noSuchUpload = (id: string, ec?: string): never =>
    fail('NoSuchUpload', { ...(ec === undefined ? {} : { ec }), elements: { UploadId: id } });
  const there = (id: string): UploadRow => byId.get(id) ?? noSuchUpload(id);

  const swapPart = db.transaction((row: PartRow, sequential: boolean): string | undefined => {
    there(row.upload);
    // The last one may be sent again (assumed).
    const last = lastPart.get(row.upload) ?? 0;
    if (sequential && row.number !== last + 1 && row.number !== last) fail('PartNotSequential');
    const old = part.get(row.upload, row.number);
    upsert.run(row);
    return old?.blob;
  });

  const finish = db.transaction(
    (bucket: Bucket, upload: Upload, row: Omit<Row, 'seq' | 'version'>, forbid: boolean) => {
      const leftovers = partsOf.all(upload.id, 0, -1).map(({ blob }) => blob);
      there(upload.id);
      const stored = versions.install(bucket, row, forbid);
      drop.run(upload.id);
      return { row: stored.row, blobs: [...stored.blobs, ...leftovers] };
    },
  );

  /** The rows of the parts that were asked for. */
  function chosen(upload: Upload, asked: readonly ListedPart[] | 'all'): readonly PartRow[] {
    const all = partsOf.all(upload.id, 0, -1);
    if (asked === 'all') return all.length > 0 ? all : fail('InvalidPart');
    if (asked.some(({ number }, i) => number <= (asked[i - 1]?.number ?? 0))) fail('InvalidPartOrder');
    const byNumber = new Map(all.map((row) => [row.number, row]));
    return asked.map(({ number, etag }) => {
      const row = byNumber.get(number);
      if (row?.etag === etag.toUpperCase()) return row;
      return fail('InvalidPart', { elements: { UploadId: upload.id, PartNumber: String(number) } });
    });
  }

  return {
    begin(bucket, key, facts, { sequential = false } = {}) {
      if (bucketThere.get(bucket.id) === undefined) noSuchBucket(bucket.name);
      // Grows with every upload of a key, whatever the clock does.
      const seq = Math.max(now() * 1000, (lastSeq.get(bucket.id, key) ?? 0) + 1);
      const row: UploadRow = {
        ...{ id: uploadId(seq), bucket: bucket.id, key, seq, facts: JSON.stringify({ ...facts, sequential }) },
        initiated: Math.floor(now() / 1000) * 1000,
      };
      insert.run(row);
      return toUpload(row);
    },
    need(bucket, key, id, ec) {
      const row = byId.get(id);
      return row?.bucket === bucket.id && row.key === key ? toUpload(row) : noSuchUpload(id, ec);
    },
    put: (upload, number, written) =>
      locks.alone(upload.id, async () => {
        const { blob, size, crc64, md5 } = written;
        const etag = md5.toString('hex').toUpperCase();
        const row = { upload: upload.id, number, blob, size, etag, crc64, modified: Math.floor(now() / 1000) * 1000 };
        try {
          const old = swapPart.immediate(row, upload.sequential);
          if (old !== undefined) await blobs.remove({ bucket: upload.bucket, blob: old });
        } catch (error) {
          await blobs.remove({ bucket: upload.bucket, blob });
          throw error;
        }
        return toPart(row);
      }),
    parts: (upload, { after, limit }) => partsOf.all(upload.id, after, limit).map(toPart),
    complete: (bucket, upload, asked, { forbidOverwrite, acl }) =>
      locks.alone(upload.id, async () => {
        there(upload.id);
        const parts = chosen(upload, asked);
        const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART);
        if (small !== undefined) {
          fail('EntityTooSmall', {
            ec: '0042-00000213',
            elements: {
              MinSizeAllowed: String(MIN_PART),
              ProposedSize: String(small.size),
              PartNumber: String(small.number),
            },
          });
        }
        // Parts that came one after the other have been summed up as they came: such an object has an MD5.
        const md5 = upload.sequential ? createHash('md5') : undefined;
        const names = parts.map((row) => row.blob);
        const blob = await blobs.join(bucket.id, names, md5 && ((bytes) => md5.update(bytes)));
        const row = {
          ...factColumns(acl === undefined ? upload.facts : { ...upload.facts, acl }, now()),
          ...{
            bucket: bucket.id,
            key: upload.key,
            blob,
            md5: md5?.digest('base64') ?? null,
            type: 'Multipart' as const,
          },
          ...{ size: parts.reduce((sum, { size }) => sum + size, 0), etag: joinedEtag(parts) },
          crc64: parts.reduce((crc, next) => combineCrc64(crc, next.crc64, next.size), '0'),
          ...UNTOUCHED,
          target: null,
        };
        try {
          const stored = finish.immediate(bucket, upload, row, forbidOverwrite);
          await blobs.removeAll(bucket.id, stored.blobs);
          return toObject(stored.row);
        } catch (error) {
          await blobs.remove({ bucket: bucket.id, blob });
          throw error;
        }
      }),
    abort: (upload) =>
      locks.alone(upload.id, async () => {
        there(upload.id);
        const leftovers = partsOf.all(upload.id, 0, -1).map(({ blob }) => blob);
        drop.run(upload.id);
        await blobs.removeAll(upload.bucket, leftovers);
      }),
    list: (bucket, range) => list(bucket.id, range),
  };
}

/** MD5 over the hexadecimal text of the parts' ETags, not over their bytes as in S3 (rest-core.md §0.1). */
function joinedEtag(parts: readonly PartRow[]): string {
  const text = parts.map(({ etag }) => etag).join('');
  return `${createHash('md5').update(text).digest('hex').toUpperCase()}-${parts.length}`;
}
