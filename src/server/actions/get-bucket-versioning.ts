import type { Action } from '../action.ts';

/** A bucket that never had versions has no Status. */
const action: Action = {
  name: 'GetBucketVersioning',
  on: { method: 'GET', target: 'bucket', query: ['versioning'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketversioning',
  tier: 2,
  async run(req, { store }) {
    const { versioning } = store.buckets.need(req.bucket);
    return { status: 200, body: { xml: ['VersioningConfiguration', [['Status', versioning || undefined]]] } };
  },
};

export default action;
