import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { helpPage } from '../describe.ts';
import { coverage, daysIn, namedWorm, putWorm } from '../worm/policy.ts';

/** A policy that is locked can only be made longer. */
const action: Action = {
  name: 'ExtendBucketWorm',
  on: { method: 'POST', target: 'bucket', query: ['wormExtend', 'wormId'] },
  docs: helpPage('ExtendBucketWorm'),
  tier: 2,
  coverage,
  async run(req, { store, clock }) {
    const days = daysIn(await readConfiguration(req, 'ExtendWormConfiguration'));
    const bucket = store.buckets.need(req.bucket);
    const worm = namedWorm(req, store, bucket, clock.now());
    // The code of the second one is assumed.
    if (worm.state !== 'Locked' || days <= worm.days) fail('InvalidWORMConfiguration');
    putWorm(store, bucket, { ...worm, days });
    return { status: 200 };
  },
};

export default action;
