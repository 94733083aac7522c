import type { Action } from '../action.ts';
import { preflight } from '../cors.ts';
import { helpPage } from '../describe.ts';
import { selects } from '../subresources.ts';

/** What a browser asks before it sends a request: about any of them, so every query is fine, and nobody signs it. */
const optionObject = (target: Action['on']['target']): Action => ({
  name: 'OptionObject',
  on: { method: 'OPTIONS', target },
  withoutBucket: true,
  docs: helpPage('OptionObject'),
  ignores: [...selects],
  run: async (req, { store, settings }) => ({ status: 200, headers: preflight(req, store, settings) }),
});

export default (['object', 'bucket', 'service'] as const).map(optionObject);
