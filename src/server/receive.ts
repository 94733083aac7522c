/** Takes the bytes of a request: what PutObject, UploadPart and AppendObject share. */
import { SMALL, type Written } from '../store/blobs.ts';
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { compareMd5 } from './digest.ts';
import { atOnce, complete, type OssRequest } from './request.ts';
import { checkTrafficLimit } from './traffic-limit.ts';

/** Largest object of a single PUT, largest part, largest object that grew: 5 GB (rest-core.md §6). */
export const MAX_SIZE = 5 * 1024 ** 3;

/** What can be said of a body before it is read. @throws MissingContentLength, EntityTooLarge, InvalidArgument */
export function checkBody(req: OssRequest, most: number = MAX_SIZE): void {
  checkTrafficLimit(req);
  const length = req.header('content-length');
  if (length === undefined && req.header('transfer-encoding') === undefined) fail('MissingContentLength');
  if (Number(length ?? 0) > most) tooLarge();
}

/**
 * Writes the body into a blob that no row names yet.
 * @throws IncompleteBody, EntityTooLarge beyond `most` bytes, InvalidDigest, InvalidCRC64: then there is no blob
 */
export async function receive(
  req: OssRequest,
  bucket: Bucket,
  { blobs }: Pick<Store, 'blobs'>,
  most: number = MAX_SIZE,
): Promise<Written> {
  // Not a number where the length is not told.
  const isSmall = Number(req.header('content-length')) <= Math.min(SMALL, most);
  const written = await blobs.write(bucket.id, isSmall ? await atOnce(req) : limited(complete(req), most));
  try {
    checkDigests(req, written);
  } catch (error) {
    await blobs.remove({ bucket: bucket.id, blob: written.blob });
    throw error;
  }
  return written;
}

/** @throws EntityTooLarge */
export function tooLarge(): never {
  return fail('EntityTooLarge', { elements: { MaxSizeAllowed: String(MAX_SIZE) } });
}

async function* limited(bytes: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) tooLarge();
    yield chunk;
  }
}

/** Compares with what the client computed. */
function checkDigests(req: OssRequest, written: Written): void {
  const md5 = req.header('content-md5');
  if (md5 !== undefined) compareMd5(md5, written.md5);
  const crc64 = req.header('x-oss-hash-crc64ecma');
  if (crc64 !== undefined && crc64 !== written.crc64) fail('InvalidCRC64');
}
