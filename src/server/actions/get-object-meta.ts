import type { Action } from '../action.ts';
import { enforceTarget } from '../auth/link-target.ts';
import { versionFrom, versionHeader } from '../versions.ts';
import { httpTime, quoted } from '../wire.ts';

const action: Action = {
  name: 'GetObjectMeta',
  on: { method: 'HEAD', target: 'object', query: ['objectMeta'] },
  anonymous: 'read',
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobjectmeta',
  async run(req, oss) {
    const bucket = oss.store.buckets.need(req.bucket);
    const object = oss.store.objects.readable(bucket, req.key, versionFrom(req));
    enforceTarget(req, oss, bucket, object);
    return {
      status: 200,
      headers: {
        ETag: quoted(object.etag),
        'Last-Modified': httpTime(object.modified),
        'Content-Length': object.size,
        'x-oss-hash-crc64ecma': object.crc64,
        ...versionHeader(bucket, object),
      },
    };
  },
};

export default action;
