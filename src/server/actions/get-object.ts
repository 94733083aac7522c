import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { OpenObject } from '../../store/objects.ts';
import type { Store } from '../../store/store.ts';
import type { Action } from '../action.ts';
import { enforceTarget } from '../auth/link-target.ts';
import { checkConditions, type Span, spanOf } from '../conditions.ts';
import type { Piece } from '../file-body.ts';
import { expirationOf } from '../lifecycle/index.ts';
import { byteRanges, spansOf } from '../multi-range.ts';
import { checksumHeaders, commonHeaders, metaHeaders, stateHeaders, storedHeaders } from '../object-headers.ts';
import type { Body, Reply } from '../reply.ts';
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
    const found = await oss.store.objects.read(bucket, req.key, versionFrom(req));
    const { object } = found;
    try {
      enforceTarget(req, oss, bucket, object);
      if (checkConditions(req.header, object) === 'go on') return read(req, bucket, found, oss.store);
      await close(found);
      return { status: 304, headers: commonHeaders(object) };
    } catch (error) {
      await close(found);
      throw error;
    }
  },
};

async function close(found: OpenObject): Promise<void> {
  if ('handle' in found) await found.handle.close();
}

/** The object, or the ranges of it that the request asks for. @throws InvalidRange, MultiRangeFailed */
function read(req: OssRequest, bucket: Bucket, found: OpenObject, store: Store): Reply {
  const { object } = found;
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
    return { status: 206, headers: { ...headers, 'Content-Type': type }, body: piecesOf(found, pieces) };
  }
  const span = several?.[0] ?? spanOf(range, size, req.header('x-oss-range-behavior') === 'standard');
  if (span === undefined) {
    // The MD5 is that of the whole object.
    const whole = { start: 0, end: size - 1 };
    return { status: 200, headers: { ...headers, 'Content-MD5': md5 }, body: spanOfBytes(found, whole) };
  }
  const contentRange = `bytes ${span.start}-${span.end}/${size}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body: spanOfBytes(found, span) };
}

const spanOfBytes = (found: OpenObject, { start, end }: Span): Body =>
  'bytes' in found
    ? { bytes: found.bytes.subarray(start, end + 1) }
    : { handle: found.handle, pieces: [{ start, end }] };

function piecesOf(found: OpenObject, pieces: readonly Piece[]): Body {
  if ('handle' in found) return { handle: found.handle, pieces };
  const { bytes } = found;
  return {
    bytes: Buffer.concat(
      pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : bytes.subarray(piece.start, piece.end + 1))),
    ),
  };
}

export default action;
