import type { Configuration } from '../configuration.ts';
import { needed, outside, wholeIn } from '../configuration-checks.ts';

/** The name is that of the PHP and C++ SDKs. */
const qos: Configuration = {
  key: 'qos',
  root: 'BucketUserQos',
  names: { put: 'PutBucketStorageCapacity', get: 'GetBucketStorageCapacity' },
  tier: 3,
  stored: 'a bucket grows as large as the disk lets it',
  absent: [['StorageCapacity', -1]],
  check(root) {
    needed(root, 'StorageCapacity');
    // In gigabytes; -1 is as much as there is.
    const capacity = wholeIn(root, 'StorageCapacity', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ?? -1;
    if (capacity < -1) outside(root, 'StorageCapacity');
    return root;
  },
};

export default qos;
