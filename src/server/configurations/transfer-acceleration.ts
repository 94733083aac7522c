import type { Configuration } from '../configuration.ts';
import { flagIn, needed } from '../configuration-checks.ts';

const transferAcceleration: Configuration = {
  key: 'transferAcceleration',
  root: 'TransferAccelerationConfiguration',
  names: {
    put: 'PutBucketTransferAcceleration',
    get: 'GetBucketTransferAcceleration',
    delete: 'DeleteBucketTransferAcceleration',
  },
  stored: 'a local server has no other way to take',
  absent: 'NoSuchTransferAccelerationConfiguration',
  check(root) {
    needed(root, 'Enabled');
    flagIn(root, 'Enabled');
    return root;
  },
};

export default transferAcceleration;
