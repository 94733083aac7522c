/** What an object is, and all that can be done with one. */
import type { FileHandle } from 'node:fs/promises';
import { openAppends } from './appends.ts';
import { isArchived, type Restored, restoreState } from './archive.ts';
import type { Blobs, Written } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';
import { fail } from './errors.ts';
import { openObjectReads } from './object-reads.ts';
import { type Row, toObject } from './object-rows.ts';
import { openObjectWrites } from './object-writes.ts';
import type { Removed, Versions } from './versions.ts';

export const objectAcls = ['default', 'private', 'public-read', 'public-read-write'] as const;

export type ObjectType = 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';

/** What the writer of an object decides. */
export interface ObjectFacts {
  readonly contentType: string;
  /** Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Expires: stored and replayed. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata: lower-case names without `x-oss-meta-`. */
  readonly meta: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Headers that name a server-side encryption, as they are echoed; nothing is encrypted here. */
  readonly encryption: Readonly<Record<string, string>>;
  readonly acl: string;
  readonly storageClass: string;
}

/** What is said of an object about which nothing is said. */
export const plainFacts = (bucket: Pick<Bucket, 'storageClass' | 'encryption'>, contentType: string): ObjectFacts => ({
  ...{ contentType, headers: {}, meta: {}, tags: {}, acl: 'default' },
  ...{ storageClass: bucket.storageClass, encryption: bucket.encryption },
});

/** What is to keep an object from being removed: kept and shown, nothing here enforces it. */
export interface ObjectWorm {
  readonly retention?: { readonly mode: string; readonly until: string };
  readonly legalHold?: string;
}

/** An object as its row tells it. */
export interface StoredObject extends ObjectFacts {
  readonly bucket: number;
  readonly key: string;
  /** `null` for objects written while their bucket had no versions. */
  readonly version: string;
  /** Empty for a symlink, which has no bytes of its own. */
  readonly blob: string;
  readonly size: number;
  /** Upper-case hex, unquoted. */
  readonly etag: string;
  readonly crc64: string;
  /** Base64, of Normal objects only. */
  readonly md5: string | undefined;
  readonly type: ObjectType;
  /** Key that a symlink points to. */
  readonly target: string | undefined;
  /** Of an archived object whose restoring was asked for. */
  readonly restored: Restored | undefined;
  /** When an appendable object was closed: it grows no more. */
  readonly sealed: Date | undefined;
  readonly worm: ObjectWorm;
  /** When a lifecycle rule moved it to ColdArchive or DeepColdArchive. */
  readonly transitioned: Date | undefined;
  /** Whole seconds. */
  readonly modified: Date;
}

/** What may change about an object where it stands. */
export type Changes = Partial<
  Pick<StoredObject, 'acl' | 'tags' | 'storageClass' | 'restored' | 'worm' | 'transitioned'>
>;

/** An object and its bytes: all of them where they are few, else where they can be read. */
export type OpenObject = { readonly object: StoredObject } & (
  | { readonly bytes: Buffer }
  | { readonly handle: FileHandle }
);

export interface Objects {
  /** An object, not a delete marker. Without `version`: the current one. */
  get(bucket: Bucket, key: string, version?: string): StoredObject | undefined;
  /** Whether a version is a delete marker. */
  isMarker(bucket: Bucket, key: string, version: string): boolean;
  /** @throws NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker named by its version */
  need(bucket: Bucket, key: string, version?: string): StoredObject;
  /**
   * As `need`, and a symlink is followed: what it says of the bytes is what its target says (rest-core.md §1.2).
   * @throws SymlinkTargetNotExist, InvalidTargetType
   */
  readable(bucket: Bucket, key: string, version?: string): StoredObject;
  /** As `readable`, of what can be read now. @throws as readable; InvalidObjectState for what is archived and not restored */
  source(bucket: Bucket, key: string, version?: string): StoredObject;
  /** Row and open bytes that belong together. The caller closes the handle. @throws as source */
  open(
    bucket: Bucket,
    key: string,
    version?: string,
  ): Promise<{ readonly object: StoredObject; readonly handle: FileHandle }>;
  /** As `open`, for those who want the bytes at once where they are few. */
  read(bucket: Bucket, key: string, version?: string): Promise<OpenObject>;
  /** Makes the bytes appear at `path`, where they stay. @throws as source */
  pin(bucket: Bucket, key: string, path: string): Promise<StoredObject>;
  /**
   * Names a written blob; an object of that key is replaced in the same instant. The blob is removed when this fails.
   * @throws FileAlreadyExists when `forbidOverwrite`, NoSuchBucket when the bucket went meanwhile
   */
  put(
    bucket: Bucket,
    key: string,
    written: Pick<Written, 'blob' | 'size' | 'crc64'> & { readonly md5?: Buffer },
    facts: ObjectFacts,
    options?: WriteOptions,
  ): Promise<StoredObject>;
  /**
   * Copies bytes without reading them, and a symlink as what it is; `facts` decides from the source what the copy says of itself.
   * @throws as need and put; InvalidObjectState
   */
  copy(
    from: { readonly bucket: Bucket; readonly key: string; readonly version?: string },
    bucket: Bucket,
    key: string,
    facts: (source: StoredObject) => ObjectFacts,
    options?: WriteOptions,
  ): Promise<StoredObject>;
  /** Writes a symlink. The target need not exist. @throws as put */
  link(bucket: Bucket, key: string, target: string, facts: ObjectFacts, options?: WriteOptions): Promise<StoredObject>;
  /** Refuses, before a byte is read, what `append` would. @throws PositionNotEqualToLength, ObjectNotAppendable */
  checkAppend(bucket: Bucket, key: string, position: number): void;
  /**
   * Adds a written blob to the end of an appendable object, or makes it one at position 0. The blob is used up.
   * @throws as checkAppend
   */
  append(bucket: Bucket, key: string, position: number, written: Written, facts: ObjectFacts): Promise<StoredObject>;
  /**
   * Closes an appendable object; one that is closed stays closed since when it was.
   * @throws as need; AppendSealedObjectNotAllowed for one that was not made by appending, PositionNotEqualToLength
   */
  seal(bucket: Bucket, key: string, position: number): StoredObject;
  /** Changes what is said of an object; its bytes and Last-Modified stay. @throws as need */
  change(bucket: Bucket, key: string, version: string | undefined, changes: Changes): StoredObject;
  /**
   * Restores an archived object, or keeps it restored for longer.
   * @param time how long it takes, and for how long it can be read then, both in milliseconds
   * @returns what it was before
   * @throws as need; OperationNotSupported for what is not archived, RestoreAlreadyInProgress
   */
  restore(
    bucket: Bucket,
    key: string,
    version: string | undefined,
    time: { readonly takes: number; readonly lasts: number },
  ): 'frozen' | 'restored';
  /**
   * Takes back the restored copy of an archived object before its time.
   * @throws as need; OperationNotSupported for what is not archived, ArchiveRestoreFileStale for what was not restored,
   *   ArchiveRestoreNotFinished
   */
  freeze(bucket: Bucket, key: string, version: string | undefined): StoredObject;
  /** A missing object is no error: OSS answers 204 for both. */
  remove(bucket: Bucket, key: string, version?: string): Promise<Removed>;
}

export interface WriteOptions {
  readonly forbidOverwrite?: boolean;
  readonly type?: ObjectType;
  /** Where it is not the MD5 of the bytes: upper-case hex, unquoted. */
  readonly etag?: string;
}

export function openObjects(db: Db, blobs: Blobs, versions: Versions, now: Clock): Objects {
  const { row, together, ...reads } = openObjectReads(blobs, versions, now);
  const remove = db.transaction(versions.remove);

  function change(old: Row, changes: Changes): StoredObject {
    const { acl = old.acl, storageClass = old.storage_class, tags, restored, worm, transitioned } = changes;
    const changed: Row = {
      ...old,
      ...{ acl, storage_class: storageClass },
      tags: tags === undefined ? old.tags : JSON.stringify(tags),
      restore: restored === undefined ? old.restore : JSON.stringify(restored),
      worm: worm === undefined ? old.worm : JSON.stringify(worm),
      transitioned: transitioned === undefined ? old.transitioned : transitioned.getTime(),
    };
    versions.rewrite(changed);
    return toObject(changed);
  }

  function archived(old: Row): StoredObject {
    const object = toObject(old);
    if (!isArchived(object.storageClass)) fail('OperationNotSupported', { ec: '0016-00000702' });
    return object;
  }

  return {
    ...reads,
    ...openObjectWrites(db, blobs, versions, { need: reads.need, together }, now),
    ...openAppends(db, blobs, versions, row, now),
    change: (bucket, key, version, changes) => change(row(bucket, key, version), changes),
    restore(bucket, key, version, { takes, lasts }) {
      const old = row(bucket, key, version);
      const object = archived(old);
      const state = restoreState(object, now());
      if (state === 'running') return fail('RestoreAlreadyInProgress');
      const at = state === 'restored' && object.restored !== undefined ? object.restored.at : now() + takes;
      change(old, { restored: { at, until: Math.max(at, now()) + lasts } });
      return state;
    },
    freeze(bucket, key, version) {
      const old = row(bucket, key, version);
      const state = restoreState(archived(old), now());
      if (state === 'frozen') fail('ArchiveRestoreFileStale');
      if (state === 'running') fail('ArchiveRestoreNotFinished');
      const frozen: Row = { ...old, restore: null };
      versions.rewrite(frozen);
      return toObject(frozen);
    },
    async remove(bucket, key, version) {
      const removed = remove.immediate(bucket, key, version);
      await blobs.removeAll(bucket.id, removed.blobs);
      return removed;
    },
  };
}
