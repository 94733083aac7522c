import type { Action } from '../action.ts';
import { httpTime, quoted } from '../wire.ts';

const action: Action = {
  name: 'GetObjectMeta',
  on: { method: 'HEAD', target: 'object', query: ['objectMeta'] },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobjectmeta',
  async run(req, { store }) {
    const object = store.objects.need(store.buckets.need(req.bucket), req.key);
    return {
      status: 200,
      headers: {
        ETag: quoted(object.etag),
        'Last-Modified': httpTime(object.modified),
        'Content-Length': object.size,
        'x-oss-hash-crc64ecma': object.crc64,
      },
    };
  },
};

export default action;
