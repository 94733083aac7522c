import type { Action } from '../action.ts';
import { countFrom, helpPage, OWNER } from '../describe.ts';

/** None can be made here, so that there are none: what empties a bucket asks for them (Go and PHP, v2). */
const listing = (target: 'service' | 'bucket'): Action => ({
  name: 'ListAccessPoints',
  on: { method: 'GET', target, query: ['accessPoint'] },
  docs: helpPage('ListAccessPoints'),
  tier: 3,
  async run(req, { store }) {
    if (target === 'bucket') store.buckets.need(req.bucket);
    return {
      status: 200,
      body: {
        xml: [
          'ListAccessPointsResult',
          [
            ['MaxKeys', countFrom(req, 'max-keys', { most: 1000, usual: 100 })],
            ['IsTruncated', 'false'],
            ['AccountId', OWNER],
            ['AccessPoints', ''],
          ],
        ],
      },
    };
  },
});

const actions: readonly Action[] = [listing('service'), listing('bucket')];

export default actions;
