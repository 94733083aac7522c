import type { Configuration } from '../configuration.ts';
import { checkPublicAccessBlock, publicAccessBlock } from '../public-access.ts';

/** What it does: `public-access.ts`. */
const ofBucket: Configuration = {
  ...publicAccessBlock,
  names: {
    put: 'PutBucketPublicAccessBlock',
    get: 'GetBucketPublicAccessBlock',
    delete: 'DeleteBucketPublicAccessBlock',
  },
  check: checkPublicAccessBlock,
};

export default ofBucket;
