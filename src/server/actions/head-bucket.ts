import type { Action } from '../action.ts';

/** Not an OSS operation of its own, but the SDKs for Java and PHP ask so for a bucket's region, and S3-style clients. */
const action: Action = {
  name: 'HeadBucket',
  on: { method: 'HEAD', target: 'bucket' },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo',
  tier: 2,
  async run(req, { store, settings }) {
    store.buckets.need(req.bucket);
    return { status: 200, headers: { 'x-oss-bucket-region': `oss-${settings.region}` } };
  },
};

export default action;
