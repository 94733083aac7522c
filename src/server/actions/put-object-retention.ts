import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { malformed, needed, neededText, wordIn } from '../configuration-checks.ts';
import { helpPage } from '../describe.ts';
import { versionHeader } from '../versions.ts';
import { isoTime } from '../wire.ts';
import { coverage, heldObject } from '../worm/object.ts';

const action: Action = {
  name: 'PutObjectRetention',
  on: { method: 'PUT', target: 'object', query: ['retention'] },
  takes: ['versionId'],
  docs: helpPage('PutObjectRetention'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const root = await readConfiguration(req, 'Retention');
    needed(root, 'Mode');
    const mode = wordIn(root, 'Mode', ['GOVERNANCE', 'COMPLIANCE']) ?? '';
    const text = neededText(root, 'RetainUntilDate');
    const until = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(until)) malformed(`RetainUntilDate must be a moment like 2026-10-11T00:00:00.000Z, not ${text}`);
    const { bucket, object, keep } = heldObject(req, store);
    if (object.type === 'Appendable')
      fail('OperationNotSupported', { elements: { Detail: 'An appendable object can not be retained.' } });
    if (until <= store.now()) {
      fail('InvalidArgument', {
        message: 'The retain until date must be in the future.',
        elements: { ArgumentName: 'RetainUntilDate', ArgumentValue: text },
      });
    }
    const before = object.worm.retention;
    // The page has the code; the message is assumed.
    if (before?.mode === 'COMPLIANCE' && until < Date.parse(before.until))
      fail('AccessDenied', {
        message: 'The retention of an object in compliance mode can only be extended.',
        ec: null,
      });
    return {
      status: 200,
      headers: versionHeader(bucket, keep({ retention: { mode, until: isoTime(new Date(until)) } })),
    };
  },
};

export default action;
