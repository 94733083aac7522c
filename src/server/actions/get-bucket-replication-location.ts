import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { coverage } from '../replication/rules.ts';

/** The one region there is. */
const action: Action = {
  name: 'GetBucketReplicationLocation',
  on: { method: 'GET', target: 'bucket', query: ['replicationLocation'] },
  docs: helpPage('GetBucketReplicationLocation'),
  tier: 3,
  coverage,
  async run(req, { store, settings }) {
    store.buckets.need(req.bucket);
    return { status: 200, body: { xml: ['ReplicationLocation', [['Location', `oss-${settings.region}`]]] } };
  },
};

export default action;
