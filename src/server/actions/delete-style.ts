import type { Action } from '../action.ts';
import { styleName } from '../styles.ts';

/** 204 whether or not the style exists (assumed); some SDKs write `?style=BUCKET`. */
const action: Action = {
  name: 'DeleteStyle',
  on: { method: 'DELETE', target: 'bucket', query: ['style'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deletestyle',
  tier: 2,
  async run(req, { store }) {
    store.styles.remove(store.buckets.need(req.bucket), styleName(req));
    return { status: 204 };
  },
};

export default action;
