import type { Action } from '../action.ts';
import { owner } from '../describe.ts';

const action: Action = {
  name: 'GetBucketAcl',
  on: { method: 'GET', target: 'bucket', query: ['acl'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketacl',
  async run(req, { store }) {
    const { acl } = store.buckets.need(req.bucket);
    return {
      status: 200,
      body: {
        xml: [
          'AccessControlPolicy',
          [
            ['Owner', owner],
            ['AccessControlList', [['Grant', acl]]],
          ],
        ],
      },
    };
  },
};

export default action;
