import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { ObjectFacts, StoredObject } from '../../store/objects.ts';
import type { Action } from '../action.ts';
import { type CopySource, copySource, sourceVersionHeader } from '../copy-source.ts';
import { CLIENT_SIDE, factsFrom, oneOf, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';
import type { OssRequest } from '../request.ts';
import { isoTime, quoted } from '../wire.ts';

const action: Action = {
  name: 'CopyObject',
  on: { method: 'PUT', target: 'object', header: 'x-oss-copy-source' },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject',
  async run(req, oss) {
    const { store } = oss;
    refuseUnsupported(req);
    const { key } = req;
    const directives = directivesOf(req);
    const bucket = store.buckets.need(req.bucket);
    const source = copySource(req, bucket, oss);
    if (source.unchanged) return { status: 304, headers: { ETag: quoted(source.object.etag) } };
    checkGrowing(source, bucket);
    const inPlace = source.bucket.id === bucket.id && source.object.key === key && bucket.versioning === '';
    const asked = factsFrom(req, bucket);
    const typed = req.header('content-type') !== undefined;
    const copied = await store.objects.copy(
      // With its version named, what was checked is what is copied.
      { bucket: source.bucket, key: source.object.key, ...(source.version && { version: source.version }) },
      bucket,
      key,
      (found) => factsOfCopy(found, asked, { ...directives, ...(inPlace && { metadata: 'REPLACE' }), typed }),
      overwriteOptions(req, bucket, store),
    );
    return {
      status: 200,
      headers: { ...writtenHeaders(copied, bucket), ...sourceVersionHeader(source) },
      body: {
        xml: [
          'CopyObjectResult',
          [
            ['ETag', quoted(copied.etag)],
            ['LastModified', isoTime(copied.modified)],
          ],
        ],
      },
    };
  },
};

/** Whether metadata and tags are the source's or the request's. */
interface Directives {
  readonly metadata: 'COPY' | 'REPLACE';
  readonly tagging: 'COPY' | 'REPLACE';
}

/** @throws InvalidArgument */
function directivesOf(req: OssRequest): Directives {
  // The pages write `Copy` for the one and `COPY` for the other.
  const upper = { header: (name: string) => req.header(name)?.toUpperCase() };
  const read = (name: string, what: string) =>
    oneOf(upper, name, ['COPY', 'REPLACE'], `The ${what} directive must be COPY or REPLACE.`) ?? 'COPY';
  return {
    metadata: read('x-oss-metadata-directive', 'metadata'),
    tagging: read('x-oss-tagging-directive', 'tagging'),
  };
}

/**
 * COPY keeps what the source says of itself; a copy onto itself always takes the request's: so do SDKs set metadata. What
 * decrypts the source stays in any case, and so does its type when the request names none (tests of the Python SDK v2).
 */
function factsOfCopy(
  source: StoredObject,
  asked: ObjectFacts,
  { metadata, tagging, typed }: Directives & { readonly typed: boolean },
): ObjectFacts {
  const tags = tagging === 'REPLACE' ? asked.tags : source.tags;
  if (metadata === 'REPLACE') {
    const kept = Object.entries(source.meta).filter(([name]) => name.startsWith(CLIENT_SIDE));
    const contentType = typed ? asked.contentType : source.contentType;
    return { ...asked, contentType, meta: { ...Object.fromEntries(kept), ...asked.meta }, tags };
  }
  // Neither ACL nor storage class are copied.
  return { ...asked, contentType: source.contentType, headers: source.headers, meta: source.meta, tags };
}

/** What can grow is not copied from or to a bucket with versions (the code is assumed). @throws OperationNotSupported */
function checkGrowing({ bucket: from, object }: CopySource, to: Bucket): void {
  if (object.type !== 'Appendable' || (from.versioning === '' && to.versioning === '')) return;
  fail('OperationNotSupported', { elements: { Detail: 'An appendable object can not be copied with versioning.' } });
}

export default action;
