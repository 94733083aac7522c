import type { Action } from '../action.ts';
import { uploadFrom } from '../uploads.ts';

const action: Action = {
  name: 'AbortMultipartUpload',
  on: { method: 'DELETE', target: 'object', query: ['uploadId'] },
  anonymous: 'write-bucket',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload',
  async run(req, { store }) {
    await store.uploads.abort(uploadFrom(req, store.buckets.need(req.bucket), store, '0042-00000002'));
    return { status: 204 };
  },
};

export default action;
