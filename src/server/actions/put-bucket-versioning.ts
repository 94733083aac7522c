import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { childText, readXml } from '../xml.ts';

const MAX_BODY = 64 * 1024;

const action: Action = {
  name: 'PutBucketVersioning',
  on: { method: 'PUT', target: 'bucket', query: ['versioning'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketversioning',
  tier: 2,
  async run(req, { store }) {
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const status = childText(readXml(body.toString('utf8'), 'VersioningConfiguration'), 'Status')?.trim();
    if (!status) return fail('InvalidArgument', { message: 'The Versioning element must be specified.' });
    if (status !== 'Enabled' && status !== 'Suspended') {
      return fail('MalformedXML', {
        elements: { ErrorDetail: `Status must be Enabled or Suspended, not ${status}` },
      });
    }
    store.buckets.setVersioning(store.buckets.need(req.bucket), status);
    return { status: 200 };
  },
};

export default action;
