import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { versionHeader } from '../versions.ts';
import { coverage, heldObject } from '../worm/object.ts';

const action: Action = {
  name: 'GetObjectRetention',
  on: { method: 'GET', target: 'object', query: ['retention'] },
  takes: ['versionId'],
  docs: helpPage('GetObjectRetention'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const { bucket, object } = heldObject(req, store);
    const { mode = '', until = '' } = object.worm.retention ?? {};
    return {
      status: 200,
      headers: versionHeader(bucket, object),
      body: {
        xml: [
          'Retention',
          [
            ['Mode', mode],
            ['RetainUntilDate', until],
          ],
        ],
      },
    };
  },
};

export default action;
