import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { isoTime } from '../wire.ts';
import { coverage, wormOf } from '../worm/policy.ts';

const action: Action = {
  name: 'GetBucketWorm',
  on: { method: 'GET', target: 'bucket', query: ['worm'] },
  docs: helpPage('GetBucketWorm'),
  tier: 2,
  coverage,
  async run(req, { store, clock }) {
    const worm = wormOf(store, store.buckets.need(req.bucket), clock.now()) ?? fail('NoSuchWORMConfiguration');
    const content = [
      ['WormId', worm.id],
      ['State', worm.state],
      ['RetentionPeriodInDays', worm.days],
      ['CreationDate', isoTime(new Date(worm.created))],
    ] as const;
    return { status: 200, body: { xml: ['WormConfiguration', content] } };
  },
};

export default action;
