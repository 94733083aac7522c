import type { Action } from '../action.ts';
import { checkConditions } from '../conditions.ts';
import { checksumHeaders, commonHeaders, metaHeaders, storedHeaders } from '../object-headers.ts';

const action: Action = {
  name: 'HeadObject',
  on: { method: 'HEAD', target: 'object' },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/headobject',
  // The docs are silent on HEAD with a process string: it is a plain HEAD (image.md §14, assumed).
  ignores: ['x-oss-process'],
  async run(req, { store }) {
    const object = store.objects.need(store.buckets.need(req.bucket), req.key);
    const common = commonHeaders(object);
    if (checkConditions(req.header, object) === 'unchanged') return { status: 304, headers: common };
    return {
      status: 200,
      headers: {
        ...storedHeaders(object, req.query),
        ...common,
        ...metaHeaders(object),
        ...checksumHeaders(object),
        'Accept-Ranges': 'bytes',
        'Content-Length': object.size,
      },
    };
  },
};

export default action;
