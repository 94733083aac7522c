import type { Action } from '../action.ts';
import { owner } from '../describe.ts';
import { versionFrom, versionHeader } from '../versions.ts';

/** `default` is an ACL of its own: that of the bucket counts. */
const action: Action = {
  name: 'GetObjectAcl',
  on: { method: 'GET', target: 'object', query: ['acl'] },
  refusal: { message: 'You do not have read acl permission on this object.', ec: '0003-00000007' },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobjectacl',
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.need(bucket, req.key, versionFrom(req));
    return {
      status: 200,
      headers: versionHeader(bucket, object),
      body: {
        xml: [
          'AccessControlPolicy',
          [
            ['Owner', owner],
            ['AccessControlList', [['Grant', object.acl]]],
          ],
        ],
      },
    };
  },
};

export default action;
