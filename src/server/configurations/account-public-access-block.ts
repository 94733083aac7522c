import type { Configuration } from '../configuration.ts';
import { checkPublicAccessBlock, publicAccessBlock } from '../public-access.ts';

/** The same for all buckets at once. */
const ofAccount: Configuration = {
  ...publicAccessBlock,
  target: 'service',
  names: { put: 'PutPublicAccessBlock', get: 'GetPublicAccessBlock', delete: 'DeletePublicAccessBlock' },
  check: checkPublicAccessBlock,
};

export default ofAccount;
