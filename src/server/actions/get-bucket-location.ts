import type { Action } from '../action.ts';

const action: Action = {
  name: 'GetBucketLocation',
  on: { method: 'GET', target: 'bucket', query: ['location'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketlocation',
  async run(req, { store, settings }) {
    store.buckets.need(req.bucket);
    return { status: 200, body: { xml: ['LocationConstraint', `oss-${settings.region}`] } };
  },
};

export default action;
