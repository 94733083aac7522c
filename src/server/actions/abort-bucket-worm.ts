import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { coverage, WORM, wormOf } from '../worm/policy.ts';

const action: Action = {
  name: 'AbortBucketWorm',
  on: { method: 'DELETE', target: 'bucket', query: ['worm'] },
  docs: helpPage('AbortBucketWorm'),
  tier: 2,
  coverage,
  async run(req, { store, clock }) {
    const bucket = store.buckets.need(req.bucket);
    if (wormOf(store, bucket, clock.now())?.state === 'Locked') fail('WORMConfigurationLocked');
    store.configurations.remove(bucket, WORM);
    return { status: 204 };
  },
};

export default action;
