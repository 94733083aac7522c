import type { Written } from '../../store/blobs.ts';
import { fail } from '../../store/errors.ts';
import { base64Bytes } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { factsFrom, refuseUnsupported } from '../object-headers.ts';
import { complete, type OssRequest } from '../request.ts';
import { quoted } from '../wire.ts';

/** Largest object of a single PUT. */
const MAX_SIZE = 5 * 1024 ** 3;

const action: Action = {
  name: 'PutObject',
  on: { method: 'PUT', target: 'object' },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putobject',
  async run(req, { store }) {
    refuseUnsupported(req, ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']);
    checkLength(req);
    const { key } = req;
    const bucket = store.buckets.need(req.bucket);
    const facts = factsFrom(req, bucket);
    const forbidOverwrite = req.header('x-oss-forbid-overwrite')?.toLowerCase() === 'true';
    if (forbidOverwrite && store.objects.get(bucket, key) !== undefined)
      fail('FileAlreadyExists', { elements: { Key: key } });
    const written = await store.blobs.write(bucket.id, limited(complete(req)));
    try {
      checkDigests(req, written);
    } catch (error) {
      await store.blobs.remove({ bucket: bucket.id, blob: written.blob });
      throw error;
    }
    const object = await store.objects.put(bucket, key, written, facts, { forbidOverwrite });
    return {
      status: 200,
      headers: { ETag: quoted(object.etag), 'x-oss-hash-crc64ecma': object.crc64, 'Content-MD5': object.md5 },
    };
  },
};

function checkLength(req: OssRequest): void {
  const length = req.header('content-length');
  if (length === undefined && req.header('transfer-encoding') === undefined) fail('MissingContentLength');
  if (Number(length ?? 0) > MAX_SIZE) tooLarge();
}

function tooLarge(): never {
  return fail('EntityTooLarge', { elements: { MaxSizeAllowed: String(MAX_SIZE) } });
}

async function* limited(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_SIZE) tooLarge();
    yield chunk;
  }
}

/** Compares with what the client computed. @throws InvalidDigest, InvalidCRC64 */
function checkDigests(req: OssRequest, written: Written): void {
  const md5 = req.header('content-md5');
  if (md5 !== undefined && base64Bytes(md5)?.equals(written.md5) !== true) fail('InvalidDigest');
  const crc64 = req.header('x-oss-hash-crc64ecma');
  if (crc64 !== undefined && crc64 !== written.crc64) fail('InvalidCRC64');
}

export default action;
