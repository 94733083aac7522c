/** Listing as index work: a group of keys under a common prefix costs one seek, however many it holds. */
import type { Restored } from './archive.ts';
import type { Db } from './db.ts';
import { after, behind, grouping, later } from './key-range.ts';
import { toRestored } from './object-rows.ts';

export interface Listed {
  readonly key: string;
  readonly size: number;
  /** Upper-case hex, unquoted. */
  readonly etag: string;
  readonly type: string;
  readonly storageClass: string;
  readonly restored: Restored | undefined;
  readonly modified: Date;
}

export interface Page {
  readonly objects: readonly Listed[];
  readonly prefixes: readonly string[];
  /** Last key or common prefix of the page, when there is more behind it. */
  readonly next: string | undefined;
}

export interface Range {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys up to and including this one are left out. */
  readonly after: string;
  /** When `after` is itself a common prefix its whole group was listed already (v1 markers, continuation tokens). */
  readonly skipGroup: boolean;
  /** Keys and common prefixes together. */
  readonly limit: number;
}

interface Row {
  key: string;
  size: number;
  etag: string;
  type: string;
  storage_class: string;
  restore: string | null;
  modified: number;
}

export function openListing(db: Db): (bucket: number, range: Range) => Page {
  // One lower bound: with two SQLite may seek by the wrong one and walk from there.
  const rows = db.prepare<{ bucket: number; from: Buffer; end: Buffer; limit: number }, Row>(
    `SELECT key, size, etag, type, storage_class, restore, modified FROM objects
     WHERE bucket = :bucket AND key >= CAST(:from AS TEXT) AND key < CAST(:end AS TEXT)
     ORDER BY key LIMIT :limit`,
  );

  return (bucket, { prefix, delimiter, after: marker, skipGroup, limit }) => {
    const groupOf = grouping(prefix, delimiter);
    const objects: Listed[] = [];
    const prefixes: string[] = [];
    const full = () => objects.length + prefixes.length >= limit;
    let last = '';
    const groupDone = skipGroup && marker !== '' && groupOf(marker) === marker;
    const start = groupDone ? behind(marker) : after(marker);
    let from: Buffer | undefined = later(start, Buffer.from(prefix));
    while (from !== undefined) {
      const left = limit - objects.length - prefixes.length;
      const query = { bucket, from, end: behind(prefix), limit: left + 1 };
      from = undefined;
      for (const row of rows.iterate(query)) {
        if (full()) return { objects, prefixes, next: last };
        const group = groupOf(row.key);
        if (group === undefined) {
          objects.push(toListed(row));
          last = row.key;
        } else {
          prefixes.push(group);
          last = group;
          // Leave this walk and take it up again behind the group.
          from = behind(group);
          break;
        }
      }
    }
    return { objects, prefixes, next: undefined };
  };
}

const toListed = (row: Row): Listed => ({
  key: row.key,
  size: row.size,
  etag: row.etag,
  type: row.type,
  storageClass: row.storage_class,
  restored: toRestored(row.restore),
  modified: new Date(row.modified),
});
