import type { Action } from '../action.ts';
import { versionFrom, versionHeader } from '../versions.ts';

const action: Action = {
  name: 'DeleteObjectTagging',
  on: { method: 'DELETE', target: 'object', query: ['tagging'] },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobjecttagging',
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.change(bucket, req.key, versionFrom(req), { tags: {} });
    return { status: 204, headers: versionHeader(bucket, object) };
  },
};

export default action;
