import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { helpPage } from '../describe.ts';
import { checkContentMd5 } from '../digest.ts';
import { MAX_POLICY, readPolicy } from '../policy/document.ts';
import { POLICY } from '../policy/index.ts';
import { readBody } from '../request.ts';

/** More than a policy may have, so that what is too long is told by its own name. */
const MAX_BODY = 64 * MAX_POLICY;

const action: Action = {
  name: 'PutBucketPolicy',
  on: { method: 'PUT', target: 'bucket', query: ['policy'] },
  docs: helpPage('PutBucketPolicy'),
  tier: 2,
  async run(req, { store }) {
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    if (body.length > MAX_POLICY)
      fail('InvalidPolicyDocument', { message: `Invalid Policy: it must not exceed ${MAX_POLICY} bytes.` });
    const text = body.toString('utf8');
    readPolicy(text);
    store.configurations.put(store.buckets.need(req.bucket), POLICY, text);
    return { status: 200 };
  },
};

export default action;
