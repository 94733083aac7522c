import type { Action } from '../action.ts';

const action: Action = {
  name: 'DeleteBucket',
  on: { method: 'DELETE', target: 'bucket' },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deletebucket',
  async run(req, { store }) {
    const bucket = store.buckets.remove(req.bucket);
    await store.blobs.removeBucket(bucket.id);
    return { status: 204 };
  },
};

export default action;
