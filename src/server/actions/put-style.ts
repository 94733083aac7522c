import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { MAX_STYLES, styleContent, styleName } from '../styles.ts';
import { childText, readXml } from '../xml.ts';

const MAX_BODY = 64 * 1024;
const categories = ['image', 'document', 'video'];

const action: Action = {
  name: 'PutStyle',
  on: { method: 'PUT', target: 'bucket', query: ['style'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putstyle',
  tier: 2,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const name = styleName(req);
    const category = req.query.get('category') ?? 'image';
    if (!categories.includes(category)) {
      fail('InvalidArgument', {
        message: `The value: ${category} of parameter: category is invalid.`,
        elements: { ArgumentName: 'category', ArgumentValue: category },
      });
    }
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const content = styleContent(childText(readXml(body.toString('utf8'), 'Style'), 'Content') ?? '');
    if (!store.styles.put(bucket, { name, content, category }, MAX_STYLES)) {
      fail('InvalidArgument', { message: `A bucket can have at most ${MAX_STYLES} styles.` });
    }
    return { status: 200 };
  },
};

export default action;
