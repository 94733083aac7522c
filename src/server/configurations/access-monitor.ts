import type { Configuration } from '../configuration.ts';
import { needed, wordIn } from '../configuration-checks.ts';

const accessMonitor: Configuration = {
  key: 'accessmonitor',
  root: 'AccessMonitorConfiguration',
  names: { put: 'PutBucketAccessMonitor', get: 'GetBucketAccessMonitor' },
  stored: 'times of access are not kept',
  absent: [['Status', 'Disabled']],
  check(root) {
    needed(root, 'Status');
    wordIn(root, 'Status', ['Enabled', 'Disabled']);
    return root;
  },
};

export default accessMonitor;
