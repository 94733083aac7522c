import { fail } from '../../store/errors.ts';
import type { ListedPart } from '../../store/uploads.ts';
import type { Action } from '../action.ts';
import { answered, callbackOf } from '../callback/index.ts';
import { locationOf } from '../describe.ts';
import { checkContentMd5 } from '../digest.ts';
import { refuseEncryption } from '../encryption.ts';
import { encodingFrom } from '../list-page.ts';
import { aclFrom, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';
import { type OssRequest, readBody } from '../request.ts';
import { isPartNumber, uploadFrom } from '../uploads.ts';
import { quoted } from '../wire.ts';
import { childText, readXml } from '../xml.ts';

/** Room for 10,000 parts. */
const MAX_BODY = 4 * 1024 * 1024;
const MALFORMED = '0042-00000205';

const action: Action = {
  name: 'CompleteMultipartUpload',
  on: { method: 'POST', target: 'object', query: ['uploadId'] },
  anonymous: 'write-bucket',
  ignores: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/completemultipartupload',
  async run(req, oss) {
    const { store } = oss;
    const callback = callbackOf(req, oss);
    refuseUnsupported(req);
    refuseEncryption(req);
    const { type, encode } = encodingFrom(req);
    const acl = aclFrom(req);
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const bucket = store.buckets.need(req.bucket);
    const upload = uploadFrom(req, bucket, store);
    const asked = partsFrom(req, body.toString('utf8'));
    const options = { ...overwriteOptions(req, bucket, store), ...(acl && { acl }) };
    const object = await store.uploads.complete(bucket, upload, asked, options);
    const reply = {
      status: 200,
      headers: writtenHeaders(object, bucket),
      body: {
        xml: [
          'CompleteMultipartUploadResult',
          [
            ['EncodingType', type],
            ['Location', locationOf(req)],
            ['Bucket', bucket.name],
            ['Key', encode(object.key)],
            ['ETag', quoted(object.etag)],
          ],
        ],
      },
    } as const;
    return answered(callback, { req, oss, object, operation: 'CompleteMultipartUpload' }, reply);
  },
};

/** @throws MalformedXML, InvalidArgument when all parts are asked for and some are listed */
function partsFrom(req: OssRequest, text: string): readonly ListedPart[] | 'all' {
  if (req.header('x-oss-complete-all')?.toLowerCase() === 'yes') {
    if (text.trim() === '') return 'all';
    return fail('InvalidArgument', {
      // The typing error is the service's.
      message: 'Should not speficy both complete all header and http body.',
      ec: '0042-00000216',
      elements: { ArgumentName: 'x-oss-complete-all', ArgumentValue: 'yes' },
    });
  }
  const malformed = (detail: string) => fail('MalformedXML', { ec: MALFORMED, elements: { ErrorDetail: detail } });
  const listed = readXml(text, 'CompleteMultipartUpload', MALFORMED)
    .children.filter(({ name }) => name === 'Part')
    .map((part): ListedPart => {
      const number = Number(childText(part, 'PartNumber')?.trim() || Number.NaN);
      const etag = childText(part, 'ETag')?.trim().replace(/^"|"$/g, '');
      if (!isPartNumber(number) || etag === undefined) return malformed('each Part needs a PartNumber and an ETag');
      return { number, etag };
    });
  // The Go SDK v2 lists none when there was nothing to upload, and its test finds an empty object.
  return listed;
}

export default action;
