import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { ENCRYPTION_HEADERS } from '../encryption.ts';
import { checkBody, receive } from '../receive.ts';
import type { OssRequest } from '../request.ts';
import { partNumberFrom, uploadFrom } from '../uploads.ts';
import { quoted } from '../wire.ts';

const action: Action = {
  name: 'UploadPart',
  on: { method: 'PUT', target: 'object', query: ['uploadId'] },
  anonymous: 'write-bucket',
  takes: ['partNumber'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart',
  async run(req, { store }) {
    const number = partNumberFrom(req);
    checkBody(req);
    refuseEncryption(req);
    const bucket = store.buckets.need(req.bucket);
    const upload = uploadFrom(req, bucket, store, '0042-00000104');
    const written = await receive(req, bucket, store);
    const part = await store.uploads.put(upload, number, written);
    return {
      status: 200,
      headers: {
        ETag: quoted(part.etag),
        'x-oss-hash-crc64ecma': part.crc64,
        'Content-MD5': written.md5.toString('base64'),
        ...upload.facts.encryption,
      },
    };
  },
};

/** How parts are encrypted was said when the upload began. @throws InvalidArgument; its message is assumed */
function refuseEncryption(req: Pick<OssRequest, 'header'>): void {
  const found = ENCRYPTION_HEADERS.find((name) => req.header(name) !== undefined);
  if (found === undefined) return;
  fail('InvalidArgument', {
    message: `The header ${found} is not allowed for a part.`,
    elements: { ArgumentName: found, ArgumentValue: req.header(found) ?? '' },
  });
}

export default action;
