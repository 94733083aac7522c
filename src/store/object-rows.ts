/** Rows of objects: the same columns for the current version of a key and for those before it. */
import { randomBytes } from 'node:crypto';
import type { Restored } from './archive.ts';
import type { ObjectFacts, ObjectType, ObjectWorm, StoredObject } from './objects.ts';

export interface Row {
  bucket: number;
  key: string;
  /** Order of versions: a later one has the larger number. */
  seq: number;
  version: string;
  blob: string;
  size: number;
  etag: string;
  crc64: string;
  md5: string | null;
  type: ObjectType;
  storage_class: string;
  acl: string;
  content_type: string;
  headers: string;
  meta: string;
  tags: string;
  encryption: string;
  target: string | null;
  restore: string | null;
  sealed: number | null;
  worm: string;
  transitioned: number | null;
  modified: number;
}

/** The one list of columns. */
export const columns = [
  ...(['bucket', 'key', 'seq', 'version', 'blob', 'size', 'etag', 'crc64', 'md5', 'type', 'storage_class'] as const),
  ...(['acl', 'content_type', 'headers', 'meta', 'tags', 'encryption', 'target', 'restore', 'sealed', 'worm'] as const),
  ...(['transitioned', 'modified'] as const),
] as const satisfies readonly (keyof Row)[];

export const columnList = columns.join(', ');
export const valueList = columns.map((name) => `:${name}`).join(', ');

/** What comes to an object only after it was written. */
export const UNTOUCHED = { restore: null, sealed: null, worm: '{}', transitioned: null } as const;

/** The version of objects that were written while the bucket had no versions, or had them suspended. */
export const NULL_VERSION = 'null';

/** The id of a version tells its order. It is as long as OSS's, 64 characters, which SDKs' tests count. */
export const versionId = (seq: number): string =>
  `CAE${seq.toString(36).padStart(11, '0')}${randomBytes(25).toString('hex')}`;

/** @returns `undefined` for the null version, and what is no id of ours */
export function seqOfVersion(version: string): number | undefined {
  const [, seq] = /^CAE([0-9a-z]{11})[0-9a-f]{50}$/.exec(version) ?? [];
  return seq === undefined ? undefined : Number.parseInt(seq, 36);
}

/** Most objects say nothing of most things, and listings read a thousand at once. */
const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

const words = (json: string): Readonly<Record<string, string>> => (json === '{}' ? NOTHING : JSON.parse(json));

/** SQLite keeps UTF-8 alone, JSON any text: a type that is no UTF-8 stands among the other headers. */
const TYPE = 'Content-Type';

function withoutType({ [TYPE]: _, ...headers }: Readonly<Record<string, string>>): StoredObject['headers'] {
  return headers;
}

export const toRestored = (json: string | null): Restored | undefined =>
  json === null ? undefined : (JSON.parse(json) as Restored);

export function toObject(row: Row): StoredObject {
  const headers = words(row.headers);
  const oddType = headers[TYPE];
  return {
    bucket: row.bucket,
    key: row.key,
    version: row.version,
    blob: row.blob,
    size: row.size,
    etag: row.etag,
    crc64: row.crc64,
    md5: row.md5 ?? undefined,
    type: row.type,
    storageClass: row.storage_class,
    acl: row.acl,
    contentType: oddType ?? row.content_type,
    headers: oddType === undefined ? headers : withoutType(headers),
    meta: words(row.meta),
    tags: words(row.tags),
    encryption: words(row.encryption),
    target: row.target ?? undefined,
    restored: toRestored(row.restore),
    sealed: row.sealed === null ? undefined : new Date(row.sealed),
    worm: words(row.worm) as ObjectWorm,
    transitioned: row.transitioned === null ? undefined : new Date(row.transitioned),
    modified: new Date(row.modified),
  };
}

/** What a row takes from its writer. Last-Modified has whole seconds on the wire, so it has them at rest (rule W4). */
export const factColumns = (facts: ObjectFacts, now: number) => ({
  storage_class: facts.storageClass,
  acl: facts.acl,
  content_type: facts.contentType,
  headers: JSON.stringify(
    facts.contentType.isWellFormed() ? facts.headers : { ...facts.headers, [TYPE]: facts.contentType },
  ),
  meta: JSON.stringify(facts.meta),
  tags: JSON.stringify(facts.tags),
  encryption: JSON.stringify(facts.encryption),
  modified: Math.floor(now / 1000) * 1000,
});
