import type { Bucket } from '../../store/buckets.ts';
import type { Store } from '../../store/store.ts';
import type { Action } from '../action.ts';
import { type Configuration, configurationReader } from '../configuration.ts';
import accessMonitor from '../configurations/access-monitor.ts';
import encryption from '../configurations/encryption.ts';
import logging from '../configurations/logging.ts';
import resourceGroup from '../configurations/resource-group.ts';
import transferAcceleration from '../configurations/transfer-acceleration.ts';
import { DEFAULT_RESOURCE_GROUP, endpointsOf, owner } from '../describe.ts';
import { isPublicAccessBlocked } from '../public-access.ts';
import { REPLICATION } from '../replication/rules.ts';
import { isoTime } from '../wire.ts';
import { childOf, childText, contentOf, type Xml } from '../xml.ts';

const textOf = (configuration: Configuration, name: string) =>
  configurationReader(configuration, (root) => childText(root, name)?.trim());

const isAccelerated = textOf(transferAcceleration, 'Enabled');
const isMonitored = textOf(accessMonitor, 'Status');
const groupOf = textOf(resourceGroup, 'ResourceGroupId');
const encryptionOf = configurationReader(encryption, (root): Xml | string => {
  const rule = childOf(root, 'ApplyServerSideEncryptionByDefault');
  return rule === undefined ? '' : contentOf(rule);
});
const loggingOf = configurationReader(logging, (root) => {
  const enabled = childOf(root, 'LoggingEnabled');
  return enabled && { bucket: childText(enabled, 'TargetBucket'), prefix: childText(enabled, 'TargetPrefix') };
});

const enabled = (on: boolean) => (on ? 'Enabled' : 'Disabled');

const action: Action = {
  name: 'GetBucketInfo',
  on: { method: 'GET', target: 'bucket', query: ['bucketInfo'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo',
  async run(req, { store, settings }) {
    const bucket = store.buckets.need(req.bucket);
    const facts: Xml = [
      ['CreationDate', isoTime(bucket.created)],
      ...endpointsOf(req, settings),
      ['Location', `oss-${settings.region}`],
      ['StorageClass', bucket.storageClass],
      ['DataRedundancyType', bucket.redundancy],
      ['Name', bucket.name],
      ['Owner', owner],
      ['AccessControlList', [['Grant', bucket.acl]]],
      ...configured(store, bucket),
      ['Versioning', bucket.versioning === '' ? undefined : bucket.versioning],
      ['Comment', ''],
    ];
    return { status: 200, body: { xml: ['BucketInfo', [['Bucket', facts]]] } };
  },
};

/** What its configurations say. */
function configured(store: Store, bucket: Bucket): Xml {
  const log = loggingOf(store, bucket);
  return [
    ['TransferAcceleration', enabled(isAccelerated(store, bucket) === 'true')],
    ['CrossRegionReplication', enabled(store.configurations.list(bucket, REPLICATION).length > 0)],
    ['AccessMonitor', isMonitored(store, bucket) ?? 'Disabled'],
    ['ResourceGroupId', groupOf(store, bucket) ?? DEFAULT_RESOURCE_GROUP],
    ['ServerSideEncryptionRule', encryptionOf(store, bucket) ?? [['SSEAlgorithm', 'None']]],
    [
      'BucketPolicy',
      [
        ['LogBucket', log?.bucket ?? ''],
        ['LogPrefix', log?.prefix ?? ''],
      ],
    ],
    ['BlockPublicAccess', String(isPublicAccessBlocked(store, bucket))],
  ];
}

export default action;
