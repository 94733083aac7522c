import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { versionHeader } from '../versions.ts';
import { coverage, heldObject } from '../worm/object.ts';

/** OFF where nothing was put (assumed). */
const action: Action = {
  name: 'GetObjectLegalHold',
  on: { method: 'GET', target: 'object', query: ['legalHold'] },
  takes: ['versionId'],
  docs: helpPage('GetObjectLegalHold'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const { bucket, object } = heldObject(req, store);
    return {
      status: 200,
      headers: versionHeader(bucket, object),
      body: { xml: ['LegalHold', [['Status', object.worm.legalHold ?? 'OFF']]] },
    };
  },
};

export default action;
