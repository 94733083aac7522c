import type { Configuration } from '../configuration.ts';
import { flagIn, needed } from '../configuration-checks.ts';

const archiveDirectRead: Configuration = {
  key: 'bucketArchiveDirectRead',
  root: 'ArchiveDirectReadConfiguration',
  names: { put: 'PutBucketArchiveDirectRead', get: 'GetBucketArchiveDirectRead' },
  stored: 'archived objects must be restored before they are read',
  absent: [['Enabled', 'false']],
  check(root) {
    needed(root, 'Enabled');
    flagIn(root, 'Enabled');
    return root;
  },
};

export default archiveDirectRead;
