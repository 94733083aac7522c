import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { coverage, rulesOf } from '../replication/rules.ts';
import { contentOf } from '../xml.ts';

const action: Action = {
  name: 'GetBucketReplication',
  on: { method: 'GET', target: 'bucket', query: ['replication'] },
  docs: helpPage('GetBucketReplication'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const rules = rulesOf(store, store.buckets.need(req.bucket)).map((rule) => ['Rule', contentOf(rule)] as const);
    return { status: 200, body: { xml: ['ReplicationConfiguration', rules] } };
  },
};

export default action;
