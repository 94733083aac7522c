import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { styleName } from '../styles.ts';
import { childText, readXml } from '../xml.ts';

const MAX_BODY = 64 * 1024;
const MAX_STYLES = 50;
const categories = ['image', 'document', 'video'];

const action: Action = {
  name: 'PutStyle',
  on: { method: 'PUT', target: 'bucket', query: ['style'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putstyle',
  async run(req, { store }) {
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
    const content = childText(readXml(body.toString('utf8'), 'Style'), 'Content') ?? '';
    // Only characters are checked; nonsense is found when the style is used (rules T3, T4).
    if (content === '' || /[;()'*?\s]/.test(content))
      fail('BadRequest', { message: 'Style content is invalid.', ec: '0017-00000253' });
    if (!store.styles.put(store.buckets.need(req.bucket), { name, content, category }, MAX_STYLES)) {
      fail('InvalidArgument', { message: `A bucket can have at most ${MAX_STYLES} styles.` });
    }
    return { status: 200 };
  },
};

export default action;
