import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { POLICY } from '../policy/index.ts';

const action: Action = {
  name: 'DeleteBucketPolicy',
  on: { method: 'DELETE', target: 'bucket', query: ['policy'] },
  docs: helpPage('DeleteBucketPolicy'),
  tier: 2,
  async run(req, { store }) {
    store.configurations.remove(store.buckets.need(req.bucket), POLICY);
    return { status: 204 };
  },
};

export default action;
