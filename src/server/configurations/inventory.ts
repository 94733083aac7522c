import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, needed, neededText, wordIn } from '../configuration-checks.ts';
import { childOf, type XmlElement } from '../xml.ts';

const inventory: Configuration = {
  key: 'inventory',
  id: 'inventoryId',
  root: 'InventoryConfiguration',
  names: { put: 'PutBucketInventory', get: 'GetBucketInventory', delete: 'DeleteBucketInventory' },
  stored: 'no inventories are written',
  absent: 'NoSuchInventory',
  check(root, req) {
    const id = req.query.get('inventoryId') ?? '';
    if (id === '' || neededText(root, 'Id') !== id) {
      fail('InvalidArgument', {
        message: 'The inventory id in the query and that in the body must be the same.',
        elements: { ArgumentName: 'inventoryId', ArgumentValue: id },
      });
    }
    needed(root, 'IsEnabled');
    flagIn(root, 'IsEnabled');
    const destination = needed(needed(root, 'Destination'), 'OSSBucketDestination');
    checkDestination(destination);
    const schedule = needed(root, 'Schedule');
    needed(schedule, 'Frequency');
    wordIn(schedule, 'Frequency', ['Daily', 'Weekly']);
    wordIn(root, 'IncludedObjectVersions', ['All', 'Current']);
    return withClasses(root);
  },
};

/** The Go SDK's tests find a bare name refused, and two ways to encrypt; with which code is assumed. */
function checkDestination(destination: XmlElement): void {
  neededText(destination, 'Format');
  if (!neededText(destination, 'Bucket').startsWith('acs:oss:')) malformed('Bucket must be an ARN: acs:oss:::bucket');
  const encryption = childOf(destination, 'Encryption');
  if (encryption && childOf(encryption, 'SSE-KMS') && childOf(encryption, 'SSE-OSS'))
    malformed('SSE-KMS and SSE-OSS exclude each other');
}

/** Storage classes of the filter stand in order (tests of the Python SDK). */
const withClasses = (root: XmlElement): XmlElement =>
  within(root, 'Filter', (filter) =>
    within(filter, 'StorageClass', (classes) => ({
      ...classes,
      text: classes.text.trim().split(',').sort().join(','),
    })),
  );

const within = (parent: XmlElement, name: string, change: (child: XmlElement) => XmlElement): XmlElement => ({
  ...parent,
  children: parent.children.map((child) => (child.name === name ? change(child) : child)),
});

export default inventory;
