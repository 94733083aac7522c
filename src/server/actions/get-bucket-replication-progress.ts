import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { coverage, ruleNamed, rulesOf } from '../replication/rules.ts';
import { contentOf } from '../xml.ts';

const action: Action = {
  name: 'GetBucketReplicationProgress',
  on: { method: 'GET', target: 'bucket', query: ['replicationProgress'] },
  docs: helpPage('GetBucketReplicationProgress'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const id = req.query.get('rule-id');
    const rules = id ? [ruleNamed(store, bucket, id)] : rulesOf(store, bucket);
    return { status: 200, body: { xml: ['ReplicationProgress', rules.map((rule) => ['Rule', contentOf(rule)])] } };
  },
};

export default action;
