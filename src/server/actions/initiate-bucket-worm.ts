import { randomBytes } from 'node:crypto';
import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { helpPage } from '../describe.ts';
import { coverage, daysIn, putWorm, wormOf } from '../worm/policy.ts';

const action: Action = {
  name: 'InitiateBucketWorm',
  on: { method: 'POST', target: 'bucket', query: ['worm'] },
  docs: helpPage('InitiateBucketWorm'),
  tier: 2,
  coverage,
  async run(req, { store, clock }) {
    const days = daysIn(await readConfiguration(req, 'InitiateWormConfiguration'));
    const bucket = store.buckets.need(req.bucket);
    if (wormOf(store, bucket, clock.now()) !== undefined) fail('WORMConfigurationAlreadyExists');
    const id = randomBytes(16).toString('hex').toUpperCase();
    putWorm(store, bucket, { id, state: 'InProgress', days, created: clock.now() });
    return { status: 200, headers: { 'x-oss-worm-id': id } };
  },
};

export default action;
