import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { metaHeaders } from '../object-headers.ts';
import { versionFrom, versionHeader } from '../versions.ts';
import { httpTime, quoted, urlEncode } from '../wire.ts';

const action: Action = {
  name: 'GetSymlink',
  on: { method: 'GET', target: 'object', query: ['symlink'] },
  anonymous: 'read',
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getsymlink',
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const link = store.objects.need(bucket, req.key, versionFrom(req));
    if (link.target === undefined) return fail('NotSymlink', { elements: { Key: req.key } });
    return {
      status: 200,
      headers: {
        ETag: quoted(link.etag),
        'Last-Modified': httpTime(link.modified),
        'Content-Type': link.contentType,
        'x-oss-symlink-target': urlEncode(link.target),
        ...metaHeaders(link),
        ...versionHeader(bucket, link),
      },
    };
  },
};

export default action;
