/** Finding objects and their bytes: versions, delete markers, symlinks, archived ones. */
import type { FileHandle } from 'node:fs/promises';
import { needRestored } from './archive.ts';
import { type Blobs, SMALL } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import { fail } from './errors.ts';
import { type Row, toObject } from './object-rows.ts';
import type { Objects, OpenObject, StoredObject } from './objects.ts';
import type { Versions } from './versions.ts';

export interface ObjectReads
  extends Pick<Objects, 'get' | 'isMarker' | 'need' | 'readable' | 'source' | 'open' | 'read' | 'pin'> {
  /** As `need`, the row itself. */
  row(bucket: Bucket, key: string, version: string | undefined): Row;
  /** Reads a row and its bytes as one: when the blob went in between, the object has another one by now. */
  together<T>(read: () => StoredObject, use: (object: StoredObject) => Promise<T>): Promise<T>;
}

/** How often a read is tried again when its blob was replaced between row and file. */
const READ_ATTEMPTS = 20;

export function openObjectReads(blobs: Blobs, versions: Versions, now: Clock): ObjectReads {
  const get = (bucket: Bucket, key: string, version?: string) => {
    const found = versions.find(bucket.id, key, version);
    return found !== undefined && 'row' in found ? toObject(found.row) : undefined;
  };

  function row(bucket: Bucket, key: string, version: string | undefined): Row {
    const found = versions.find(bucket.id, key, version);
    if (found === undefined) {
      return version === undefined
        ? fail('NoSuchKey', { elements: { Key: key } })
        : fail('NoSuchVersion', { elements: { Key: key, VersionId: version } });
    }
    if ('row' in found) return found.row;
    const headers = { 'x-oss-delete-marker': 'true', 'x-oss-version-id': found.marker };
    if (version === undefined) return fail('NoSuchKey', { elements: { Key: key }, headers });
    return fail('MethodNotAllowed', {
      elements: { ResourceType: 'DeleteMarker' },
      headers: { ...headers, Allow: 'DELETE' },
    });
  }

  const need = (bucket: Bucket, key: string, version?: string) => toObject(row(bucket, key, version));

  /** An object as it is shown, and the one whose bytes it has: they differ where it is a symlink. */
  function follow(bucket: Bucket, key: string, version?: string) {
    const object = need(bucket, key, version);
    if (object.target === undefined) return { object, bytes: object };
    const target = get(bucket, object.target);
    if (target === undefined) return fail('SymlinkTargetNotExist', { elements: { Key: object.target } });
    if (target.target !== undefined) fail('InvalidTargetType', { elements: { Key: object.target } });
    const { blob, size, etag, crc64, md5 } = target;
    const modified = object.modified > target.modified ? object.modified : target.modified;
    return { object: { ...object, blob, size, etag, crc64, md5, modified }, bytes: target };
  }

  function followToRead(bucket: Bucket, key: string, version?: string) {
    const found = follow(bucket, key, version);
    needRestored(found.bytes, now());
    return found;
  }

  /** When the blob of a row went before it could be used, the object has another one by now. */
  async function retried<S, T>(read: () => S, use: (found: S) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const found = read();
      try {
        return await use(found);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt >= READ_ATTEMPTS) throw error;
      }
    }
  }

  return {
    get,
    isMarker(bucket, key, version) {
      const found = versions.find(bucket.id, key, version);
      return found !== undefined && 'marker' in found;
    },
    need,
    row,
    readable: (bucket, key, version) => follow(bucket, key, version).object,
    source: (bucket, key, version) => followToRead(bucket, key, version).object,
    open: (bucket, key, version) =>
      retried(
        () => followToRead(bucket, key, version),
        async ({ object }): Promise<{ object: StoredObject; handle: FileHandle }> => ({
          object,
          handle: await blobs.open(object),
        }),
      ),
    read: (bucket, key, version) =>
      retried(
        () => followToRead(bucket, key, version),
        async ({ object }): Promise<OpenObject> =>
          object.size <= SMALL
            ? { object, bytes: blobs.read(object, object.size) }
            : { object, handle: await blobs.open(object) },
      ),
    pin: (bucket, key, path) =>
      retried(
        () => followToRead(bucket, key),
        async ({ object, bytes }) => {
          await blobs.pin(object, path, grows(bytes));
          return object;
        },
      ),
    together: retried,
  };
}

/** Its file may have more bytes than the object, now or later: a second name for it must be a real copy. */
export const grows = ({ type, size }: Pick<StoredObject, 'type' | 'size'>): number | undefined =>
  type === 'Appendable' ? size : undefined;
