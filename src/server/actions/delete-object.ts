import type { Action } from '../action.ts';

const action: Action = {
  name: 'DeleteObject',
  on: { method: 'DELETE', target: 'object' },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject',
  async run(req, { store }) {
    await store.objects.remove(store.buckets.need(req.bucket), req.key);
    return { status: 204 };
  },
};

export default action;
