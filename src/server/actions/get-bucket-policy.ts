import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { POLICY } from '../policy/index.ts';

const action: Action = {
  name: 'GetBucketPolicy',
  on: { method: 'GET', target: 'bucket', query: ['policy'] },
  docs: helpPage('GetBucketPolicy'),
  tier: 2,
  async run(req, { store }) {
    const text = store.configurations.get(store.buckets.need(req.bucket), POLICY) ?? fail('NoSuchBucketPolicy');
    return { status: 200, body: { json: text } };
  },
};

export default action;
