import { checkBucketName } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { bucketAclFrom } from '../object-headers.ts';

/** A bucket that is not there yet is made: the ali-oss tests expect that of the service (rest-core.md §1.1). */
const action: Action = {
  name: 'PutBucketAcl',
  on: { method: 'PUT', target: 'bucket', query: ['acl'] },
  withoutBucket: true,
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketacl',
  async run(req, { store }) {
    const acl = bucketAclFrom(req);
    // Without the header nothing changes: so the Java SDK's test finds it.
    if (acl === undefined) store.buckets.need(req.bucket);
    else if (store.buckets.get(req.bucket) !== undefined) store.buckets.setAcl(req.bucket, acl);
    else store.buckets.create({ name: checkBucketName(req.bucket), acl });
    return { status: 200 };
  },
};

export default action;
