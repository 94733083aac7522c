/** Objects that grow (rest-core.md §1.2, §1.6). */
import type { Blobs, Written } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import { combineCrc64 } from './crc64.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';
import { createLocks } from './locks.ts';
import type { ObjectReads } from './object-reads.ts';
import { factColumns, type Row, toObject, UNTOUCHED } from './object-rows.ts';
import type { ObjectFacts, Objects, StoredObject } from './objects.ts';
import type { Versions } from './versions.ts';

export type Appends = Pick<Objects, 'checkAppend' | 'append' | 'seal'>;

export function openAppends(db: Db, blobs: Blobs, versions: Versions, rowOf: ObjectReads['row'], now: Clock): Appends {
  const locks = createLocks();

  /** Refuses an append that does not continue what is there. @returns the row to continue, `undefined` for a new object */
  function appendable(bucket: Bucket, key: string, position: number): Row | undefined {
    const found = versions.find(bucket.id, key, undefined);
    // Behind a delete marker an object begins anew (tests of the Go SDK; the help page would refuse it).
    const row = found === undefined || 'marker' in found ? undefined : found.row;
    if (row !== undefined && row.type !== 'Appendable') fail('ObjectNotAppendable', { elements: { Key: key } });
    // 400 as an SDK's test has it; for closing what can not be appended to the help page has 409.
    if (row !== undefined && row.sealed !== null)
      fail('AppendSealedObjectNotAllowed', { status: 400, elements: { Key: key } });
    checkPosition(key, position, row?.size ?? 0);
    return row;
  }

  /** @param old what was found before the bytes were put together: a PUT or a DELETE may have come in between */
  const finish = db.transaction((bucket: Bucket, old: Row | undefined, row: Omit<Row, 'seq' | 'version'>): Row => {
    if (appendable(bucket, row.key, old?.size ?? 0)?.blob !== old?.blob) fail('ObjectNotAppendable');
    if (old === undefined) return versions.install(bucket, row, false).row;
    const grown = { ...row, seq: old.seq, version: old.version };
    versions.rewrite(grown);
    return grown;
  });

  async function begin(bucket: Bucket, key: string, { blob, size, crc64 }: Written, facts: ObjectFacts) {
    const row = {
      ...factColumns(facts, now()),
      ...{ bucket: bucket.id, key, blob, size, crc64, etag: appendEtag(crc64, now()), md5: null },
      ...UNTOUCHED,
      ...{ type: 'Appendable' as const, target: null },
    };
    return toObject(finish.immediate(bucket, undefined, row));
  }

  async function extend(bucket: Bucket, old: Row, written: Written): Promise<StoredObject> {
    const blob = await blobs.extend(old, { bucket: bucket.id, blob: written.blob });
    const crc64 = combineCrc64(old.crc64, written.crc64, written.size);
    const { seq: _seq, version: _version, ...same } = old;
    const modified = Math.floor(now() / 1000) * 1000;
    const row = { ...same, blob, size: old.size + written.size, crc64, etag: appendEtag(crc64, now()), modified };
    try {
      const grown = toObject(finish.immediate(bucket, old, row));
      await blobs.removeAll(bucket.id, [old.blob, written.blob]);
      return grown;
    } catch (error) {
      await blobs.remove({ bucket: bucket.id, blob });
      throw error;
    }
  }

  return {
    seal(bucket, key, position) {
      const old = rowOf(bucket, key, undefined);
      if (old.type !== 'Appendable')
        fail('AppendSealedObjectNotAllowed', {
          message: 'The object is not appendable, so that it can not be sealed.',
          elements: { Key: key },
        });
      checkPosition(key, position, old.size);
      const sealed: Row = { ...old, sealed: old.sealed ?? Math.floor(now() / 1000) * 1000 };
      versions.rewrite(sealed);
      return toObject(sealed);
    },
    checkAppend: (bucket, key, position) => void appendable(bucket, key, position),
    // The bytes are on disk already: nobody waits here for a slow client of another append.
    append: (bucket, key, position, written, facts) =>
      locks.alone(`${bucket.id}/${key}`, async () => {
        try {
          const old = appendable(bucket, key, position);
          if (old === undefined) return await begin(bucket, key, written, facts);
          // A zero-byte append leaves the object as it was.
          if (written.size === 0) {
            await blobs.remove({ bucket: bucket.id, blob: written.blob });
            return toObject(old);
          }
          return await extend(bucket, old, written).catch((error: NodeJS.ErrnoException) => {
            // A PUT or a DELETE took its bytes away in between: what is there now says whether it can be appended to.
            const now = error.code === 'ENOENT' ? appendable(bucket, key, position) : old;
            if (now?.blob === old.blob) throw error;
            return now === undefined ? begin(bucket, key, written, facts) : extend(bucket, now, written);
          });
        } catch (error) {
          await blobs.remove({ bucket: bucket.id, blob: written.blob });
          throw error;
        }
      }),
  };
}

/** @throws PositionNotEqualToLength, which tells the length */
function checkPosition(key: string, position: number, length: number): void {
  if (position === length) return;
  fail('PositionNotEqualToLength', {
    elements: { Key: key },
    headers: { 'x-oss-next-append-position': String(length) },
  });
}

/** 32 hexadecimal digits: the CRC so far, and the time (rest-core.md §0.1). */
function appendEtag(crc64: string, now: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt(crc64));
  bytes.writeUInt32LE(Math.floor(now / 1000), 8);
  return bytes.toString('hex').toUpperCase();
}
