import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { coverage, namedWorm, putWorm } from '../worm/policy.ts';

const action: Action = {
  name: 'CompleteBucketWorm',
  on: { method: 'POST', target: 'bucket', query: ['wormId'] },
  docs: helpPage('CompleteBucketWorm'),
  tier: 2,
  coverage,
  async run(req, { store, clock }) {
    const bucket = store.buckets.need(req.bucket);
    const worm = namedWorm(req, store, bucket, clock.now());
    if (worm.state === 'Locked') fail('WORMConfigurationAlreadyExists');
    putWorm(store, bucket, { ...worm, state: 'Locked' });
    return { status: 200 };
  },
};

export default action;
