import type { Action } from '../action.ts';

/** Not an OSS operation, but S3-style clients ask so (rest-core.md §1.0, assumed). */
const action: Action = {
  name: 'HeadBucket',
  on: { method: 'HEAD', target: 'bucket' },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo',
  tier: 2,
  async run(req, { store }) {
    store.buckets.need(req.bucket);
    return { status: 200 };
  },
};

export default action;
