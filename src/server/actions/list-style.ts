import type { Action } from '../action.ts';
import { styleXml } from '../styles.ts';

const action: Action = {
  name: 'ListStyle',
  on: { method: 'GET', target: 'bucket', query: ['style'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/liststyle',
  tier: 2,
  async run(req, { store }) {
    const styles = store.styles
      .list(store.buckets.need(req.bucket))
      .map((style) => ['Style', styleXml(style)] as const);
    return { status: 200, body: { xml: ['StyleList', styles] } };
  },
};

export default action;
