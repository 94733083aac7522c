import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { helpPage } from '../describe.ts';
import { coverage, putRule, ruleIn } from '../replication/rules.ts';

const action: Action = {
  name: 'PutBucketReplication',
  on: { method: 'POST', target: 'bucket', query: ['replication', 'comp=add'] },
  docs: helpPage('PutBucketReplication'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const { id, rule } = ruleIn(await readConfiguration(req, 'ReplicationConfiguration'));
    putRule(store, store.buckets.need(req.bucket), id, rule);
    return { status: 200, headers: { 'x-oss-replication-rule-id': id } };
  },
};

export default action;
