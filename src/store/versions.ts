/**
 * What a write or a delete does to the versions of a key (rest-core.md §1.6). `objects` holds the current version of each
 * key, so that reads and listings cost the same whether a bucket has versions or not; `versions` holds all others, and
 * delete markers, of which a current one is what `objects` has no row for. All functions run inside a transaction.
 */
import type { Bucket } from './buckets.ts';
import { noSuchBucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';
import { columnList, NULL_VERSION, type Row, UNTOUCHED, valueList, versionId } from './object-rows.ts';

/** What stands at a version id, or at the top of a key. */
export type Found = { readonly row: Row } | { readonly marker: string } | undefined;

export interface Removed {
  /** The version that was removed, or the marker that was set; absent in buckets that never had versions. */
  readonly version?: string;
  /** A delete marker was set or removed. */
  readonly marker: boolean;
  /** Blobs that nothing names any more. */
  readonly blobs: readonly string[];
}

export interface Versions {
  find(bucket: number, key: string, version: string | undefined): Found;
  /**
   * Makes a row the current version of its key.
   * @returns the row as it was stored, and blobs that nothing names any more
   * @throws NoSuchBucket; FileAlreadyExists when `forbidOverwrite` and the bucket never had versions
   */
  install(
    bucket: Bucket,
    row: Omit<Row, 'seq' | 'version'>,
    forbidOverwrite: boolean,
  ): { readonly row: Row; readonly blobs: readonly string[] };
  /** Rewrites a row where it stands. */
  rewrite(row: Row): void;
  remove(bucket: Bucket, key: string, version: string | undefined): Removed;
}

interface VersionRow extends Row {
  marker: 0 | 1;
}

export function openVersions(db: Db, now: Clock): Versions {
  const stateOf = db.prepare<[number], string>('SELECT versioning FROM buckets WHERE id = ?').pluck();
  const current = db.prepare<[number, string], Row>('SELECT * FROM objects WHERE bucket = ? AND key = ?');
  const newest = db.prepare<[number, string], VersionRow>(
    'SELECT * FROM versions WHERE bucket = ? AND key = ? ORDER BY seq DESC LIMIT 1',
  );
  const byVersion = db.prepare<[number, string, string], VersionRow>(
    'SELECT * FROM versions WHERE bucket = ? AND key = ? AND version = ?',
  );
  const setCurrent = db.prepare<Row>(`INSERT OR REPLACE INTO objects (${columnList}) VALUES (${valueList})`);
  const dropCurrent = db.prepare<[number, string]>('DELETE FROM objects WHERE bucket = ? AND key = ?');
  const keep = db.prepare<VersionRow>(
    `INSERT OR REPLACE INTO versions (${columnList}, marker) VALUES (${valueList}, :marker)`,
  );
  const dropVersion = db.prepare<[number, string, string], VersionRow>(
    'DELETE FROM versions WHERE bucket = ? AND key = ? AND version = ? RETURNING *',
  );
  /** Grows with every version of a key, whatever the clock does. */
  const nextSeq = (bucket: number, key: string, old: Row | undefined): number =>
    Math.max(alone(old), (newest.get(bucket, key)?.seq ?? 0) + 1);
  /** The same where there is no other version than that one. */
  const alone = (old: Row | undefined): number => Math.max(now() * 1000, (old?.seq ?? 0) + 1);

  const versioning = (bucket: Bucket) => stateOf.get(bucket.id) ?? noSuchBucket(bucket.name);
  const blobsOf = (row: Row | undefined) => (row === undefined || row.blob === '' ? [] : [row.blob]);

  /** Removes the version called null from among the older ones. */
  const dropNull = (bucket: number, key: string) => blobsOf(dropVersion.get(bucket, key, NULL_VERSION));

  /** Moves the newest older version up when a key has lost its current one; a marker stays where it is. */
  function promote(bucket: number, key: string): void {
    const next = newest.get(bucket, key);
    if (next === undefined || next.marker === 1) return;
    dropVersion.run(bucket, key, next.version);
    setCurrent.run(next);
  }

  function setMarker(bucket: Bucket, key: string, old: Row | undefined, suspended: boolean): Removed {
    const seq = nextSeq(bucket.id, key, old);
    const version = suspended ? NULL_VERSION : versionId(seq);
    const blobs = suspended ? dropNull(bucket.id, key) : [];
    if (old !== undefined) {
      dropCurrent.run(bucket.id, key);
      if (suspended && old.version === NULL_VERSION) blobs.push(...blobsOf(old));
      else keep.run({ ...old, marker: 0 });
    }
    keep.run({ ...MARKER, bucket: bucket.id, key, seq, version, modified: Math.floor(now() / 1000) * 1000 });
    return { version, marker: true, blobs };
  }

  function removeVersion(bucket: Bucket, key: string, old: Row | undefined, version: string): Removed {
    const named = versioning(bucket) === '' ? {} : { version };
    if (old?.version === version) {
      dropCurrent.run(bucket.id, key);
      promote(bucket.id, key);
      return { ...named, marker: false, blobs: blobsOf(old) };
    }
    const gone = dropVersion.get(bucket.id, key, version);
    if (gone !== undefined && old === undefined) promote(bucket.id, key);
    return { ...named, marker: gone?.marker === 1, blobs: blobsOf(gone) };
  }

  return {
    find(bucket, key, version) {
      const row = current.get(bucket, key);
      if (row !== undefined && (version === undefined || row.version === version)) return { row };
      const other = version === undefined ? newest.get(bucket, key) : byVersion.get(bucket, key, version);
      if (other === undefined) return undefined;
      return other.marker === 1 ? { marker: other.version } : { row: other };
    },

    install(bucket, content, forbidOverwrite) {
      const state = versioning(bucket);
      const old = current.get(content.bucket, content.key);
      if (state === '') {
        if (old !== undefined && forbidOverwrite) fail('FileAlreadyExists', { elements: { Key: content.key } });
        const row = { ...content, seq: alone(old), version: NULL_VERSION };
        setCurrent.run(row);
        return { row, blobs: blobsOf(old) };
      }
      const seq = nextSeq(content.bucket, content.key, old);
      const asNull = state === 'Suspended';
      const row = { ...content, seq, version: asNull ? NULL_VERSION : versionId(seq) };
      const blobs = asNull ? dropNull(content.bucket, content.key) : [];
      if (asNull && old?.version === NULL_VERSION) blobs.push(...blobsOf(old));
      else if (old !== undefined) keep.run({ ...old, marker: 0 });
      setCurrent.run(row);
      return { row, blobs };
    },

    rewrite(row) {
      if (current.get(row.bucket, row.key)?.version === row.version) setCurrent.run(row);
      else keep.run({ ...row, marker: 0 });
    },

    remove(bucket, key, version) {
      const state = versioning(bucket);
      const old = current.get(bucket.id, key);
      if (version !== undefined) return removeVersion(bucket, key, old, version);
      if (state !== '') return setMarker(bucket, key, old, state === 'Suspended');
      dropCurrent.run(bucket.id, key);
      return { marker: false, blobs: blobsOf(old) };
    },
  };
}

/** A delete marker is a version without content. */
const MARKER: Omit<VersionRow, 'bucket' | 'key' | 'seq' | 'version' | 'modified'> = {
  ...{ blob: '', size: 0, etag: '', crc64: '', md5: null, type: 'Normal', storage_class: '', acl: 'default' },
  ...{ content_type: '', headers: '{}', meta: '{}', tags: '{}', encryption: '{}', target: null },
  ...UNTOUCHED,
  marker: 1,
};
