import type { FileHandle } from 'node:fs/promises';
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Store } from '../../store/store.ts';
import type { Action } from '../action.ts';
import { enforceTarget } from '../auth/link-target.ts';
import { checkConditions, spanOf } from '../conditions.ts';
import { expirationOf } from '../lifecycle/index.ts';
import { byteRanges, spansOf } from '../multi-range.ts';
import { checksumHeaders, commonHeaders, metaHeaders, stateHeaders, storedHeaders } from '../object-headers.ts';
import type { Reply } from '../reply.ts';
import type { OssRequest } from '../request.ts';
import { checkTrafficLimit } from '../traffic-limit.ts';
import { versionFrom } from '../versions.ts';

const action: Action = {
  name: 'GetObject',
  on: { method: 'GET', target: 'object' },
  anonymous: 'read',
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobject',
  async run(req, oss) {
    if (req.auth.outcome === 'anonymous' && [...req.query.keys()].some((name) => name.startsWith('response-'))) {
      fail('InvalidRequest', {
        message: 'Request specific response headers cannot be used for anonymous GET requests.',
      });
    }
    checkTrafficLimit(req);
    const bucket = oss.store.buckets.need(req.bucket);
    const { object, handle } = await oss.store.objects.open(bucket, req.key, versionFrom(req));
    try {
      enforceTarget(req, oss, bucket, object);
      if (checkConditions(req.header, object) === 'go on') return read(req, bucket, object, handle, oss.store);
      await handle.close();
      return { status: 304, headers: commonHeaders(object) };
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
};

/** The object, or the ranges of it that the request asks for. @throws InvalidRange, MultiRangeFailed */
function read(req: OssRequest, bucket: Bucket, object: StoredObject, handle: FileHandle, store: Store): Reply {
  const { size } = object;
  const { 'Content-MD5': md5, ...checksums } = checksumHeaders(object);
  const stored = storedHeaders(object, req.query);
  const headers = {
    ...stored,
    ...commonHeaders(object),
    ...metaHeaders(object),
    ...stateHeaders(object, bucket, store.now()),
    'x-oss-expiration': expirationOf(store, bucket, object),
    ...checksums,
    'Accept-Ranges': 'bytes',
  };
  const range = req.header('range');
  const several = req.header('x-oss-multi-range-behavior') === 'multi-range' ? spansOf(range, size) : undefined;
  if (several !== undefined && several.length > 1) {
    const { type, pieces } = byteRanges(several, size, stored['Content-Type'] ?? object.contentType);
    return { status: 206, headers: { ...headers, 'Content-Type': type }, body: { handle, pieces } };
  }
  const span = several?.[0] ?? spanOf(range, size, req.header('x-oss-range-behavior') === 'standard');
  if (span === undefined) {
    // The MD5 is that of the whole object.
    return { status: 200, headers: { ...headers, 'Content-MD5': md5 }, body: { handle, start: 0, end: size - 1 } };
  }
  const contentRange = `bytes ${span.start}-${span.end}/${size}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body: { handle, ...span } };
}

export default action;
