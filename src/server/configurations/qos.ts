import type { Configuration } from '../configuration.ts';
import { needed, wholeIn } from '../configuration-checks.ts';

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
    wholeIn(root, 'StorageCapacity', -1, Number.MAX_SAFE_INTEGER);
    return root;
  },
};

export default qos;
