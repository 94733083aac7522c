import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { needed, wordIn } from '../configuration-checks.ts';
import { helpPage } from '../describe.ts';
import { versionHeader } from '../versions.ts';
import { coverage, heldObject } from '../worm/object.ts';

const action: Action = {
  name: 'PutObjectLegalHold',
  on: { method: 'PUT', target: 'object', query: ['legalHold'] },
  takes: ['versionId'],
  docs: helpPage('PutObjectLegalHold'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const root = await readConfiguration(req, 'LegalHold');
    needed(root, 'Status');
    const legalHold = wordIn(root, 'Status', ['ON', 'OFF']) ?? 'OFF';
    const { bucket, keep } = heldObject(req, store);
    return { status: 200, headers: versionHeader(bucket, keep({ legalHold })) };
  },
};

export default action;
