import type { Configuration } from '../configuration.ts';
import { malformed } from '../configuration-checks.ts';
import { childrenOf, childText } from '../xml.ts';

/** As the Go SDK's test finds it. */
const EC = '0015-00000231';

const overwriteConfig: Configuration = {
  key: 'overwriteConfig',
  root: 'OverwriteConfiguration',
  names: { put: 'PutBucketOverwriteConfig', get: 'GetBucketOverwriteConfig', delete: 'DeleteBucketOverwriteConfig' },
  tier: 3,
  stored: 'objects are overwritten as without it',
  absent: 'NoSuchBucketOverwriteConfig',
  check(root) {
    const rules = childrenOf(root, 'Rule');
    if (rules.length === 0) malformed('OverwriteConfiguration needs Rule', EC);
    for (const rule of rules) {
      if (childText(rule, 'Action')?.trim() !== 'forbid') malformed('Action must be forbid', EC);
      // Which elements a rule needs is assumed from that test.
      if (!['Prefix', 'Suffix', 'Principals'].some((name) => childText(rule, name) !== undefined))
        malformed('Rule needs Prefix, Suffix or Principals', EC);
    }
    return root;
  },
};

export default overwriteConfig;
