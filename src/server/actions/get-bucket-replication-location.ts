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
    const here = ['Location', `oss-${settings.region}`] as const;
    return {
      status: 200,
      body: {
        xml: [
          'ReplicationLocation',
          [
            here,
            // SDKs read what is inside without asking whether it is there.
            [
              'LocationTransferTypeConstraint',
              [['LocationTransferType', [here, ['TransferTypes', [['Type', 'internal']]]]]],
            ],
            ['LocationRTCConstraint', [here]],
          ],
        ],
      },
    };
  },
};

export default action;
