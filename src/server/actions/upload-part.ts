import type { Action } from '../action.ts';
import { refuseEncryption } from '../encryption.ts';
import { checkBody, receive } from '../receive.ts';
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

export default action;
