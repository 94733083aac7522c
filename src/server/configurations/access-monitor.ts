import { fail } from '../../store/errors.ts';
import { ACCESS_MONITOR } from '../access-tracking.ts';
import type { Configuration } from '../configuration.ts';
import { needed, wordIn } from '../configuration-checks.ts';
import { childText } from '../xml.ts';
import { goesByAccess } from './lifecycle.ts';

const accessMonitor: Configuration = {
  ...ACCESS_MONITOR,
  names: { put: 'PutBucketAccessMonitor', get: 'GetBucketAccessMonitor' },
  stored: 'times of access are not kept',
  absent: [['Status', 'Disabled']],
  check(root) {
    needed(root, 'Status');
    wordIn(root, 'Status', ['Enabled', 'Disabled']);
    return root;
  },
  admit(root, bucket, store) {
    if (childText(root, 'Status')?.trim() === 'Disabled' && goesByAccess(store, bucket))
      fail('AccessMonitorDisableNotAllowed');
  },
};

export default accessMonitor;
