import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { styleName, styleXml } from '../styles.ts';

const action: Action = {
  name: 'GetStyle',
  on: { method: 'GET', target: 'bucket', query: ['style', 'styleName'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getstyle',
  tier: 2,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const style = store.styles.get(bucket, styleName(req)) ?? fail('NoSuchStyle');
    return { status: 200, body: { xml: ['Style', styleXml(style)] } };
  },
};

export default action;
