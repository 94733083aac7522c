import type { Action } from '../action.ts';
import { versionFrom } from '../versions.ts';

const action: Action = {
  name: 'DeleteObject',
  on: { method: 'DELETE', target: 'object' },
  anonymous: 'write-bucket',
  takes: ['versionId'],
  // The Python SDK leaves them in the parameters of a caller who hands them on.
  ignores: ['acl', 'objectMeta', 'symlink'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject',
  async run(req, { store }) {
    const version = versionFrom(req);
    const removed = await store.objects.remove(store.buckets.need(req.bucket), req.key, version);
    return {
      status: 204,
      headers: {
        'x-oss-version-id': removed.version,
        'x-oss-delete-marker': removed.marker ? 'true' : undefined,
      },
    };
  },
};

export default action;
