import { bucketAcls } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import { checkBucketName } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { oneOf } from '../object-headers.ts';
import { readBody } from '../request.ts';
import { childText, readXml } from '../xml.ts';

const MAX_BODY = 64 * 1024;
const storageClasses = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

const action: Action = {
  name: 'PutBucket',
  on: { method: 'PUT', target: 'bucket' },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putbucket',
  async run(req, { store, settings }) {
    checkBucketName(req.bucket);
    const acl = oneOf(req, 'x-oss-acl', bucketAcls, 'no such bucket access control exists');
    const body = (await readBody(req, MAX_BODY)).toString('utf8');
    const asked = body.trim() === '' ? undefined : readXml(body, 'CreateBucketConfiguration');
    const storageClass = asked && childText(asked, 'StorageClass');
    if (storageClass !== undefined && !storageClasses.includes(storageClass)) {
      fail('InvalidArgument', {
        message: 'No such bucket storage class exists.',
        elements: { ArgumentName: 'StorageClass', ArgumentValue: storageClass },
      });
    }
    const location = asked && childText(asked, 'LocationConstraint');
    if (location && location !== `oss-${settings.region}`) fail('InvalidLocationConstraint');
    const existing = store.buckets.get(req.bucket);
    if (existing === undefined) {
      store.buckets.create({
        name: req.bucket,
        acl: acl ?? 'private',
        storageClass: storageClass ?? 'Standard',
        redundancy: (asked && childText(asked, 'DataRedundancyType')) || 'LRS',
      });
    } else {
      if (storageClass !== undefined && storageClass !== existing.storageClass) {
        fail('BucketAlreadyExists', {
          message: "Cannot modify existing bucket's storage class.",
          elements: { BucketName: req.bucket },
        });
      }
      if (acl !== undefined) store.buckets.setAcl(req.bucket, acl);
    }
    return { status: 200, headers: { Location: `/${req.bucket}` } };
  },
};

export default action;
