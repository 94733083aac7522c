import { fail } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Action } from '../action.ts';
import { spanOf } from '../conditions.ts';
import { copySource, sourceVersionHeader } from '../copy-source.ts';
import { MAX_SIZE, tooLarge } from '../receive.ts';
import type { OssRequest } from '../request.ts';
import { partNumberFrom, uploadFrom } from '../uploads.ts';
import { isoTime, quoted } from '../wire.ts';

/** Large reads: fewer trips through the thread pool. */
const READ_SIZE = 1024 * 1024;

const action: Action = {
  name: 'UploadPartCopy',
  on: { method: 'PUT', target: 'object', query: ['uploadId'], header: 'x-oss-copy-source' },
  anonymous: 'write-bucket',
  takes: ['partNumber'],
  // Which version of the source is copied stands in the header; the Python SDK leaves it in the query as well.
  ignores: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpartcopy',
  async run(req, oss) {
    const { store } = oss;
    const number = partNumberFrom(req);
    const bucket = store.buckets.need(req.bucket);
    const upload = uploadFrom(req, bucket, store, '0042-00000311');
    const source = copySource(req, bucket, oss);
    if (source.unchanged) return { status: 304, headers: { ETag: quoted(source.object.etag) } };
    refuseSymlink(source.object);
    const { object, handle } = await store.objects.open(source.bucket, source.object.key, source.version);
    try {
      const { start, end } = spanFrom(req, object.size);
      if (end - start >= MAX_SIZE) tooLarge();
      const options = { start, end, autoClose: false, highWaterMark: READ_SIZE };
      const bytes = object.size === 0 ? [] : handle.createReadStream(options);
      const written = await store.blobs.write(bucket.id, whileWaiting(bytes, req.signal));
      const part = await store.uploads.put(upload, number, written);
      return {
        status: 200,
        headers: {
          ETag: quoted(part.etag),
          // Assumed.
          'Content-Range': object.size === 0 ? undefined : `bytes ${start}-${end}/${object.size}`,
          ...upload.facts.encryption,
          ...sourceVersionHeader(source),
        },
        body: {
          xml: [
            'CopyPartResult',
            [
              ['LastModified', isoTime(part.modified)],
              ['ETag', quoted(part.etag)],
            ],
          ],
        },
      };
    } finally {
      await handle.close();
    }
  },
};

/** A range that does not fit means the whole source. */
function spanFrom(req: OssRequest, size: number) {
  const whole = { start: 0, end: size - 1 };
  const range = req.header('x-oss-copy-source-range');
  // The one range that reads as an error to GetObject does not fit either.
  return range === 'bytes=-0' ? whole : (spanOf(range, size, false) ?? whole);
}

/** @throws InvalidArgument; that this is its code is assumed */
function refuseSymlink({ type, key }: StoredObject): void {
  if (type !== 'Symlink') return;
  fail('InvalidArgument', {
    message: 'A symlink can not be the source of a part.',
    ec: '0042-00000308',
    elements: { ArgumentName: 'x-oss-copy-source', ArgumentValue: key },
  });
}

/** Copying ends when the client leaves. */
async function* whileWaiting(bytes: AsyncIterable<Buffer> | Iterable<Buffer>, signal: AbortSignal) {
  for await (const chunk of bytes) {
    signal.throwIfAborted();
    yield chunk;
  }
}

export default action;
