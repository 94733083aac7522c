import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { aclFrom } from '../object-headers.ts';
import { versionFrom, versionHeader } from '../versions.ts';

const action: Action = {
  name: 'PutObjectAcl',
  on: { method: 'PUT', target: 'object', query: ['acl'] },
  // Worded after GetObjectAcl's; only the EC is known.
  refusal: { message: 'You do not have write acl permission on this object.', ec: '0003-00000008' },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putobjectacl',
  async run(req, { store }) {
    const acl = aclFrom(req) ?? fail('MissingArgument', { elements: { ArgumentName: 'x-oss-object-acl' } });
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.change(bucket, req.key, versionFrom(req), { acl });
    return { status: 200, headers: versionHeader(bucket, object) };
  },
};

export default action;
