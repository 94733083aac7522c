import type { Action } from '../action.ts';
import { encodingFrom } from '../list-page.ts';
import { factsFrom, refuseUnsupported } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';

const action: Action = {
  name: 'InitiateMultipartUpload',
  on: { method: 'POST', target: 'object', query: ['uploads'] },
  anonymous: 'write-bucket',
  // The Go SDK leaves the version of what is copied in the query of the whole upload.
  ignores: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/initiatemultipartupload',
  async run(req, { store }) {
    refuseUnsupported(req);
    const { type, encode } = encodingFrom(req);
    const bucket = store.buckets.need(req.bucket);
    overwriteOptions(req, bucket, store);
    const sequential = req.query.has('sequential');
    const upload = store.uploads.begin(bucket, req.key, factsFrom(req, bucket), { sequential });
    return {
      status: 200,
      headers: upload.facts.encryption,
      body: {
        xml: [
          'InitiateMultipartUploadResult',
          [
            ['EncodingType', type],
            ['Bucket', bucket.name],
            ['Key', encode(upload.key)],
            ['UploadId', upload.id],
          ],
        ],
      },
    };
  },
};

export default action;
