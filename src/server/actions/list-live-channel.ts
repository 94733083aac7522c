import type { Action } from '../action.ts';
import { countFrom, helpPage } from '../describe.ts';

/** No channel can be made here, so that there are none: what empties a bucket asks for them (Python, Go, Java). */
const action: Action = {
  name: 'ListLiveChannel',
  on: { method: 'GET', target: 'bucket', query: ['live'] },
  docs: helpPage('ListLiveChannel'),
  tier: 3,
  async run(req, { store }) {
    store.buckets.need(req.bucket);
    return {
      status: 200,
      body: {
        xml: [
          'ListLiveChannelResult',
          [
            ['Prefix', req.query.get('prefix') ?? ''],
            ['Marker', req.query.get('marker') ?? ''],
            ['MaxKeys', countFrom(req, 'max-keys', { most: 1000, usual: 100 })],
            ['IsTruncated', 'false'],
            ['NextMarker', ''],
          ],
        ],
      },
    };
  },
};

export default action;
