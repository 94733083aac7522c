import type { Action } from '../action.ts';
import { endpointsOf, owner } from '../describe.ts';
import { isoTime } from '../wire.ts';

const action: Action = {
  name: 'GetBucketInfo',
  on: { method: 'GET', target: 'bucket', query: ['bucketInfo'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo',
  async run(req, { store, settings }) {
    const bucket = store.buckets.need(req.bucket);
    const facts = [
      ['CreationDate', isoTime(bucket.created)],
      ...endpointsOf(req, settings),
      ['Location', `oss-${settings.region}`],
      ['StorageClass', bucket.storageClass],
      ['DataRedundancyType', bucket.redundancy],
      ['TransferAcceleration', 'Disabled'],
      ['CrossRegionReplication', 'Disabled'],
      ['AccessMonitor', 'Disabled'],
      ['Name', bucket.name],
      ['ResourceGroupId', ''],
      ['Owner', owner],
      ['AccessControlList', [['Grant', bucket.acl]]],
      ['ServerSideEncryptionRule', [['SSEAlgorithm', 'None']]],
      [
        'BucketPolicy',
        [
          ['LogBucket', ''],
          ['LogPrefix', ''],
        ],
      ],
      ['Comment', ''],
      ['BlockPublicAccess', 'false'],
    ] as const;
    return { status: 200, body: { xml: ['BucketInfo', [['Bucket', facts]]] } };
  },
};

export default action;
