/** ListObjectVersions: current and older versions of all keys as one sequence, by key, the newest first. */
import type { Db } from './db.ts';
import { after, behind, grouping, later } from './key-range.ts';
import { columnList, type Row, seqOfVersion, toObject } from './object-rows.ts';
import type { StoredObject } from './objects.ts';

/** A version of an object, or a delete marker. */
export interface ListedVersion {
  readonly object: StoredObject;
  readonly marker: boolean;
  readonly latest: boolean;
}

export interface VersionRange {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  /** Counts only together with a key marker; without it all versions of the marker's key were listed. */
  readonly versionMarker: string;
  readonly limit: number;
}

export interface VersionPage {
  readonly versions: readonly ListedVersion[];
  readonly prefixes: readonly string[];
  /** Where the next page begins; absent when there is none. */
  readonly next: { readonly key: string; readonly version: string } | undefined;
}

interface ListedRow extends Row {
  marker: 0 | 1;
  current: 0 | 1;
}

export function openVersionListing(db: Db): (bucket: number, range: VersionRange) => VersionPage {
  const rows = db.prepare<{ bucket: number; from: Buffer; end: Buffer; limit: number }, ListedRow>(
    `SELECT ${columnList}, 0 AS marker, 1 AS current FROM objects
       WHERE bucket = :bucket AND key >= CAST(:from AS TEXT) AND key < CAST(:end AS TEXT)
     UNION ALL
     SELECT ${columnList}, marker, 0 AS current FROM versions
       WHERE bucket = :bucket AND key >= CAST(:from AS TEXT) AND key < CAST(:end AS TEXT)
     ORDER BY key, seq DESC LIMIT :limit`,
  );

  const seqOf = db
    .prepare<{ bucket: number; key: string; version: string }, number>(
      `SELECT seq FROM objects WHERE bucket = :bucket AND key = :key AND version = :version
       UNION ALL SELECT seq FROM versions WHERE bucket = :bucket AND key = :key AND version = :version`,
    )
    .pluck();

  return (bucket, { prefix, delimiter, keyMarker, versionMarker, limit }) => {
    const versions: ListedVersion[] = [];
    const prefixes: string[] = [];
    let next: VersionPage['next'];
    const groupOf = grouping(prefix, delimiter);
    const start =
      keyMarker === '' ? Buffer.from('') : versionMarker === '' ? startBehind(keyMarker) : Buffer.from(keyMarker);
    let from: Buffer | undefined = later(start, Buffer.from(prefix));
    // Versions of the marker's key from this one on were listed. It may have been removed since; its id tells its place.
    const listedFrom =
      versionMarker === ''
        ? 0
        : (seqOf.get({ bucket, key: keyMarker, version: versionMarker }) ?? seqOfVersion(versionMarker) ?? 0);
    let lastKey: string | undefined;

    /** A marker that is a common prefix stands for its whole group. */
    function startBehind(marker: string): Buffer {
      return groupOf(marker) === marker ? behind(marker) : after(marker);
    }

    while (from !== undefined) {
      const query = { bucket, from, end: behind(prefix), limit: -1 };
      from = undefined;
      for (const row of rows.iterate(query)) {
        const isFirst = row.key !== lastKey;
        lastKey = row.key;
        if (row.key === keyMarker && row.seq >= listedFrom) continue;
        if (versions.length + prefixes.length >= limit) return { versions, prefixes, next };
        const group = groupOf(row.key);
        if (group === undefined) {
          const { marker, current, ...object } = row;
          versions.push({ object: toObject(object), marker: marker === 1, latest: current === 1 || isFirst });
          next = { key: row.key, version: row.version };
        } else {
          prefixes.push(group);
          next = { key: group, version: '' };
          from = behind(group);
          break;
        }
      }
    }
    return { versions, prefixes, next: undefined };
  };
}
