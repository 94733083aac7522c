import { fail } from '../../store/errors.ts';
import type { ObjectFacts, StoredObject } from '../../store/objects.ts';
import type { Action } from '../action.ts';
import { checkConditions } from '../conditions.ts';
import { factsFrom, oneOf, refuseUnsupported } from '../object-headers.ts';
import { decodeBytes, type OssRequest } from '../request.ts';
import { isoTime, quoted } from '../wire.ts';

const action: Action = {
  name: 'CopyObject',
  on: { method: 'PUT', target: 'object', header: 'x-oss-copy-source' },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/copyobject',
  async run(req, { store }) {
    refuseUnsupported(req, ['x-oss-tagging-directive']);
    const { key } = req;
    const from = sourceOf(req);
    const bucket = store.buckets.need(req.bucket);
    const sourceBucket = store.buckets.need(from.bucket);
    const source = store.objects.need(sourceBucket, from.key);
    const condition = (name: string) => req.header(`x-oss-copy-source-${name}`);
    if (checkConditions(condition, source) === 'unchanged')
      return { status: 304, headers: { ETag: quoted(source.etag) } };
    const inPlace = sourceBucket.id === bucket.id && source.key === key;
    const forbidOverwrite = req.header('x-oss-forbid-overwrite')?.toLowerCase() === 'true';
    const asked = factsFrom(req, bucket);
    const copied = await store.objects.copy(
      { bucket: sourceBucket, key: from.key },
      bucket,
      key,
      (found) => factsOfCopy(req, found, asked, inPlace),
      { forbidOverwrite },
    );
    return {
      status: 200,
      headers: { ETag: quoted(copied.etag), 'x-oss-hash-crc64ecma': copied.crc64 },
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

/** COPY keeps the source's metadata; a copy onto itself always takes the request's: so do SDKs set metadata. */
function factsOfCopy(req: OssRequest, source: StoredObject, asked: ObjectFacts, inPlace: boolean): ObjectFacts {
  const directive = oneOf(
    req,
    'x-oss-metadata-directive',
    ['COPY', 'REPLACE'],
    'The metadata directive must be COPY or REPLACE.',
  );
  if (inPlace || directive === 'REPLACE') return asked;
  // Neither ACL nor storage class are copied.
  return { ...asked, contentType: source.contentType, headers: source.headers, meta: source.meta };
}

function sourceOf(req: OssRequest): { readonly bucket: string; readonly key: string } {
  const raw = req.header('x-oss-copy-source') ?? '';
  const malformed = () =>
    fail('InvalidArgument', {
      message: 'Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.',
      elements: { ArgumentName: 'x-oss-copy-source', ArgumentValue: raw },
    });
  const mark = raw.indexOf('?');
  if (mark >= 0)
    fail('NotImplemented', {
      elements: { Header: 'x-oss-copy-source', Detail: 'Copying a version is not available.' },
    });
  // Encoded once, slashes perhaps included.
  const text = decodeBytes(Buffer.from(raw, 'utf8').toString('latin1')).toString('utf8').replace(/^\//, '');
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) malformed();
  return { bucket: text.slice(0, slash), key: text.slice(slash + 1) };
}

export default action;
