import type { Action } from '../action.ts';
import { enforceTarget } from '../auth/link-target.ts';
import { checkConditions } from '../conditions.ts';
import { expirationOf } from '../lifecycle/index.ts';
import { checksumHeaders, commonHeaders, metaHeaders, stateHeaders, storedHeaders } from '../object-headers.ts';
import { versionFrom } from '../versions.ts';

const action: Action = {
  name: 'HeadObject',
  on: { method: 'HEAD', target: 'object' },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/headobject',
  // The docs are silent on HEAD with a process string: it is a plain HEAD (image.md §14, assumed).
  ignores: ['x-oss-process'],
  takes: ['versionId'],
  async run(req, oss) {
    const { store } = oss;
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.readable(bucket, req.key, versionFrom(req));
    enforceTarget(req, oss, bucket, object);
    const common = commonHeaders(object);
    if (checkConditions(req.header, object) === 'unchanged') return { status: 304, headers: common };
    return {
      status: 200,
      headers: {
        ...storedHeaders(object, req.query),
        ...common,
        ...metaHeaders(object),
        ...checksumHeaders(object),
        ...stateHeaders(object, bucket, store.now()),
        'x-oss-expiration': expirationOf(store, bucket, object),
        'Accept-Ranges': 'bytes',
        'Content-Length': object.size,
      },
    };
  },
};

export default action;
