import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { neededText, withDefaults } from '../configuration-checks.ts';
import { childOf } from '../xml.ts';

const logging: Configuration = {
  key: 'logging',
  root: 'BucketLoggingStatus',
  names: { put: 'PutBucketLogging', get: 'GetBucketLogging', delete: 'DeleteBucketLogging' },
  stored: 'no access logs are written',
  absent: [],
  check(root) {
    const enabled = childOf(root, 'LoggingEnabled');
    if (enabled === undefined) return root;
    neededText(enabled, 'TargetBucket');
    // Java reads the prefix without asking whether there is one.
    return { ...root, children: [withDefaults(enabled, { TargetPrefix: '' })] };
  },
  admit(root, _bucket, store) {
    const enabled = childOf(root, 'LoggingEnabled');
    if (enabled === undefined) return;
    if (store.buckets.get(neededText(enabled, 'TargetBucket')) === undefined) fail('InvalidTargetBucketForLogging');
  },
};

export default logging;
