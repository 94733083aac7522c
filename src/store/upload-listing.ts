/** ListMultipartUploads: unfinished uploads by key, then in the order in which they began. */
import type { Db } from './db.ts';
import { behind, grouping } from './key-range.ts';
import { seqOfUpload, toUpload, type Upload, type UploadRow } from './upload-rows.ts';

export interface UploadRange {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string;
  /** Counts only together with a key marker; without it all uploads of the marker's key were listed. */
  readonly idMarker: string;
  readonly limit: number;
}

export interface UploadPage {
  readonly uploads: readonly Upload[];
  readonly prefixes: readonly string[];
  /** The upload or common prefix that stands last; absent when the page is empty. */
  readonly last: { readonly key: string; readonly id: string } | undefined;
  /** There is more behind it. */
  readonly truncated: boolean;
}

export function openUploadListing(db: Db): (bucket: number, range: UploadRange) => UploadPage {
  const rows = db.prepare<{ bucket: number; from: Buffer; after: number; end: Buffer; limit: number }, UploadRow>(
    `SELECT * FROM uploads WHERE bucket = :bucket AND (key, seq) > (CAST(:from AS TEXT), :after)
       AND key < CAST(:end AS TEXT) ORDER BY key, seq LIMIT :limit`,
  );

  return (bucket, { prefix, delimiter, keyMarker, idMarker, limit }) => {
    const groupOf = grouping(prefix, delimiter);
    const uploads: Upload[] = [];
    const prefixes: string[] = [];
    // The marker may have been aborted since: its place is known all the same.
    const seqOfMarker = seqOfUpload(idMarker) ?? Number.MAX_SAFE_INTEGER;
    const start = groupOf(keyMarker) === keyMarker ? behind(keyMarker) : Buffer.from(keyMarker);
    const first = Buffer.from(prefix);
    // A key that is the prefix itself may be the marker, too.
    const goesOn = keyMarker !== '' && Buffer.compare(start, first) >= 0;
    let from: Buffer | undefined = goesOn ? start : first;
    let seq = goesOn ? seqOfMarker : -1;
    let last: UploadPage['last'];
    while (from !== undefined) {
      const left = limit - uploads.length - prefixes.length;
      const query = { bucket, from, after: seq, end: behind(prefix), limit: left + 1 };
      from = undefined;
      for (const row of rows.iterate(query)) {
        if (uploads.length + prefixes.length >= limit) return { uploads, prefixes, last, truncated: true };
        const group = groupOf(row.key);
        if (group === undefined) {
          uploads.push(toUpload(row));
          last = { key: row.key, id: row.id };
        } else {
          prefixes.push(group);
          last = { key: group, id: '' };
          // Leave this walk and take it up again behind the group.
          from = behind(group);
          seq = -1;
          break;
        }
      }
    }
    return { uploads, prefixes, last, truncated: false };
  };
}
