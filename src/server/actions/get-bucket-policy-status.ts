import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { isPublic, statementsOf } from '../policy/index.ts';

/** A policy is public when it lets everybody do something (assumed: whatever the conditions). */
const action: Action = {
  name: 'GetBucketPolicyStatus',
  on: { method: 'GET', target: 'bucket', query: ['policyStatus'] },
  docs: helpPage('GetBucketPolicyStatus'),
  tier: 2,
  async run(req, { store }) {
    const shown = statementsOf(store, store.buckets.need(req.bucket)).some(isPublic);
    return { status: 200, body: { xml: ['PolicyStatus', [['IsPublic', String(shown)]]] } };
  },
};

export default action;
