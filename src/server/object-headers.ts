/** Headers that describe an object: read from the request that writes it, replayed on those that read it. */

import { bucketAcls } from '../store/bucket-acl.ts';
import { type Bucket, storageClasses } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import { type ObjectFacts, objectAcls, type StoredObject } from '../store/objects.ts';
import { encryptionFrom } from './encryption.ts';
import type { OssRequest } from './request.ts';
import { restoreInfo } from './restore.ts';
import { tagsFromHeader } from './tags.ts';
import { versionHeader } from './versions.ts';
import { bytesOf, httpTime, quoted } from './wire.ts';

/** Stored as sent and replayed; `response-*` of a GET overrides them (rest-core.md §1.2). */
const contentHeaders = [
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Expires',
] as const;

/** User metadata, names and values together. */
const MAX_META_BYTES = 8 * 1024;

/** Forms and seeds can bring other names, with which no answer could be sent. */
const META_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*$/;

/** User metadata in which SDKs keep what decrypts an object; no copy loses it. */
export const CLIENT_SIDE = 'client-side-encryption-';

/** Headers of features that are not here yet: taking them in silence would be a lie. */
const unsupported = ['x-oss-persistent-headers'];

/** Refuses what a write asks for and this emulator does not do. @throws NotImplemented naming the header */
export function refuseUnsupported(req: OssRequest, more: readonly string[] = []): void {
  const found = [...unsupported, ...more].find((name) => req.header(name) !== undefined);
  if (found !== undefined) fail('NotImplemented', { elements: { Header: found } });
}

/** Headers of a request, or fields of a form read as such. */
export type HeaderReader = Pick<OssRequest, 'header' | 'headersStarting'>;

/**
 * Reads what the writer of an object says of it.
 * @throws InvalidArgument, and as the readers of tags and encryption
 */
export function factsFrom(req: HeaderReader, bucket: Bucket): ObjectFacts {
  const meta = req.headersStarting('x-oss-meta-');
  const badName = Object.keys(meta).find((name) => !META_NAME.test(name));
  if (badName !== undefined) {
    // Code and message are assumed.
    fail('InvalidArgument', {
      message: 'The name of user metadata must be one that a header can have.',
      elements: { ArgumentName: `x-oss-meta-${badName}` },
    });
  }
  const metaBytes = Object.entries(meta).reduce((sum, [name, value]) => sum + name.length + bytesOf(value).length, 0);
  if (metaBytes > MAX_META_BYTES) {
    fail('InvalidArgument', { message: `The user metadata must not exceed ${MAX_META_BYTES} bytes.` });
  }
  const headers = Object.fromEntries(
    contentHeaders.flatMap((name) => {
      const value = req.header(name.toLowerCase());
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    contentType: req.header('content-type') || 'application/octet-stream',
    headers,
    meta,
    tags: tagsFromHeader(req),
    encryption: encryptionFrom(req, bucket),
    acl: aclFrom(req) ?? 'default',
    storageClass:
      oneOf(req, 'x-oss-storage-class', storageClasses, 'No such bucket storage class exists.') ?? bucket.storageClass,
  };
}

/** The ACL that a request gives an object; the Java SDK sends an empty one for none. @throws InvalidArgument */
export const aclFrom = (req: Pick<OssRequest, 'header'>) =>
  req.header('x-oss-object-acl') === ''
    ? undefined
    : oneOf(req, 'x-oss-object-acl', objectAcls, 'no such object access control exists');

/** The ACL that a request gives a bucket. @throws InvalidArgument */
export const bucketAclFrom = (req: Pick<OssRequest, 'header'>) =>
  oneOf(req, 'x-oss-acl', bucketAcls, 'no such bucket access control exists', '0015-00000204');

/** A header that must be one of some words. @throws InvalidArgument */
export function oneOf<T extends string>(
  req: Pick<OssRequest, 'header'>,
  name: string,
  choices: readonly T[],
  message: string,
  ec?: string,
): T | undefined {
  const value = req.header(name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const elements = { ArgumentName: name, ArgumentValue: value };
  return fail('InvalidArgument', { message, elements, ...(ec && { ec }) });
}

/** Headers every read of an object answers with, processed ones included. */
export function commonHeaders(object: StoredObject): Record<string, string> {
  return {
    ETag: quoted(object.etag),
    'Last-Modified': httpTime(object.modified),
    'x-oss-object-type': object.type,
    'x-oss-storage-class': object.storageClass,
  };
}

/** What GET and HEAD tell beside, where there is something to tell (rest-core.md §3). @param now milliseconds since 1970 */
export function stateHeaders(object: StoredObject, bucket: Bucket, now: number): Record<string, string | undefined> {
  const tags = Object.keys(object.tags).length;
  return {
    ...object.encryption,
    ...versionHeader(bucket, object),
    'x-oss-tagging-count': tags === 0 ? undefined : String(tags),
    'x-oss-next-append-position': object.type === 'Appendable' ? String(object.size) : undefined,
    'x-oss-sealed-time': object.sealed && httpTime(object.sealed),
    'x-oss-restore': restoreInfo(object, now),
    'x-oss-transition-time': object.transitioned && httpTime(object.transitioned),
  };
}

/** What every answer to a request that wrote an object tells of it. */
export function writtenHeaders(object: StoredObject, bucket: Bucket): Record<string, string | undefined> {
  return {
    ETag: quoted(object.etag),
    'x-oss-hash-crc64ecma': object.crc64 || undefined,
    ...versionHeader(bucket, object),
    ...object.encryption,
  };
}

/** Checksums: of the stored bytes, so never on a processed answer (rest-core.md §3). */
export function checksumHeaders(object: StoredObject): Record<string, string | undefined> {
  return { 'x-oss-hash-crc64ecma': object.crc64, 'Content-MD5': object.md5 };
}

/** What the writer stored, after the overrides a GET may ask for with `response-*`. */
export function storedHeaders(object: StoredObject, query: OssRequest['query']): Record<string, string> {
  const stored: Record<string, string> = { ...object.headers, 'Content-Type': object.contentType };
  for (const name of [...contentHeaders, 'Content-Type']) {
    const override = query.get(`response-${name.toLowerCase()}`);
    if (override !== undefined && override !== '') stored[name] = override;
  }
  return stored;
}

/** User metadata, as it goes out. */
export const metaHeaders = (object: StoredObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object.meta).map(([name, value]) => [`x-oss-meta-${name}`, value]));
