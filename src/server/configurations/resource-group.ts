import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { needed } from '../configuration-checks.ts';
import { DEFAULT_RESOURCE_GROUP } from '../describe.ts';

/** Which groups an account has is not known here: what looks like an id is taken for one (assumed). */
export const isGroup = (id: string): boolean => /^rg-[a-z0-9]{15}$/.test(id);

const resourceGroup: Configuration = {
  key: 'resourceGroup',
  root: 'BucketResourceGroupConfiguration',
  names: { put: 'PutBucketResourceGroup', get: 'GetBucketResourceGroup' },
  stored: 'resource groups belong to another service',
  absent: [['ResourceGroupId', DEFAULT_RESOURCE_GROUP]],
  check(root) {
    const id = needed(root, 'ResourceGroupId').text.trim();
    // No id is that of the default group: the SDKs' tests find it taken and an id shown.
    if (id === '')
      return { ...root, children: [{ name: 'ResourceGroupId', text: DEFAULT_RESOURCE_GROUP, children: [] }] };
    if (!isGroup(id)) fail('ResourceGroupIdPreCheckError');
    return root;
  },
};

export default resourceGroup;
