import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { neededText } from '../configuration-checks.ts';
import { DEFAULT_RESOURCE_GROUP } from '../describe.ts';

/** Which groups an account has is not known here: what looks like an id is taken for one (assumed). */
const GROUP = /^rg-[a-z0-9]{15}$/;

const resourceGroup: Configuration = {
  key: 'resourceGroup',
  root: 'BucketResourceGroupConfiguration',
  names: { put: 'PutBucketResourceGroup', get: 'GetBucketResourceGroup' },
  stored: 'resource groups belong to another service',
  absent: [['ResourceGroupId', DEFAULT_RESOURCE_GROUP]],
  check(root) {
    if (!GROUP.test(neededText(root, 'ResourceGroupId'))) fail('ResourceGroupIdPreCheckError');
    return root;
  },
};

export default resourceGroup;
