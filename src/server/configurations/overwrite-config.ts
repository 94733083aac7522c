import type { Configuration } from '../configuration.ts';
import { malformed, withId } from '../configuration-checks.ts';
import { childrenOf, childText } from '../xml.ts';

/** As the Go SDK's test finds it. */
const EC = '0015-00000231';
const MAX_RULES = 100;
const MAX_AFFIX = 1023;

const overwriteConfig: Configuration = {
  key: 'overwriteConfig',
  root: 'OverwriteConfiguration',
  names: { put: 'PutBucketOverwriteConfig', get: 'GetBucketOverwriteConfig', delete: 'DeleteBucketOverwriteConfig' },
  tier: 3,
  stored: 'objects are overwritten as without it',
  absent: 'NoSuchBucketOverwriteConfig',
  malformedWithoutBucket: EC,
  // What its page says of rules; how it is refused is assumed. A rule of its action alone is for every object.
  check(root) {
    const rules = childrenOf(root, 'Rule');
    if (rules.length === 0) malformed('OverwriteConfiguration needs Rule', EC);
    if (rules.length > MAX_RULES) malformed(`OverwriteConfiguration may hold ${MAX_RULES} rules`, EC);
    for (const rule of rules) {
      if (childText(rule, 'Action')?.trim() !== 'forbid') malformed('Action must be forbid', EC);
      for (const name of ['Prefix', 'Suffix']) {
        if (childrenOf(rule, name).length > 1) malformed(`a rule may hold one ${name}`, EC);
        if ((childText(rule, name) ?? '').length > MAX_AFFIX) malformed(`${name} may have ${MAX_AFFIX} characters`, EC);
      }
    }
    const named = root.children.map((child) => (child.name === 'Rule' ? withId(child) : child));
    const ids = named.map((rule) => childText(rule, 'ID'));
    if (new Set(ids).size < ids.length) malformed('rules may not share an ID', EC);
    return { ...root, children: named };
  },
};

export default overwriteConfig;
