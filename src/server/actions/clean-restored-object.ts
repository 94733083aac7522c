import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { versionFrom, versionHeader } from '../versions.ts';

/** Its page speaks of the cold classes; that it is for Archive as well is assumed. */
const action: Action = {
  name: 'CleanRestoredObject',
  on: { method: 'POST', target: 'object', query: ['cleanRestoredObject'] },
  takes: ['versionId'],
  docs: helpPage('CleanRestoredObject'),
  tier: 3,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.freeze(bucket, req.key, versionFrom(req));
    return { status: 200, headers: versionHeader(bucket, object) };
  },
};

export default action;
