import type { Configuration } from '../configuration.ts';
import { malformed, wordIn } from '../configuration-checks.ts';
import { childText } from '../xml.ts';

/** As the Go SDK's test finds it. */
const EC = '0015-00000231';

const objectWorm: Configuration = {
  key: 'objectWorm',
  root: 'ObjectWormConfiguration',
  names: { put: 'PutBucketObjectWormConfiguration', get: 'GetBucketObjectWormConfiguration' },
  tier: 3,
  stored: 'objects can be removed as without it',
  absent: 'NoSuchObjectWormConfiguration',
  malformedWithoutBucket: EC,
  check(root) {
    if (childText(root, 'ObjectWormEnabled') === undefined)
      malformed('ObjectWormConfiguration needs ObjectWormEnabled', EC);
    wordIn(root, 'ObjectWormEnabled', ['Enabled']);
    return root;
  },
};

export default objectWorm;
