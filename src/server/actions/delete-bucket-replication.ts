import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { neededText } from '../configuration-checks.ts';
import { helpPage } from '../describe.ts';
import { coverage, REPLICATION, ruleNamed } from '../replication/rules.ts';

const action: Action = {
  name: 'DeleteBucketReplication',
  on: { method: 'POST', target: 'bucket', query: ['replication', 'comp=delete'] },
  docs: helpPage('DeleteBucketReplication'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const id = neededText(await readConfiguration(req, 'ReplicationRules'), 'ID');
    const bucket = store.buckets.need(req.bucket);
    ruleNamed(store, bucket, id);
    store.configurations.remove(bucket, REPLICATION, id);
    return { status: 200 };
  },
};

export default action;
