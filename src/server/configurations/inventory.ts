import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, needed, neededText, wordIn } from '../configuration-checks.ts';
import { childOf, childText, type XmlElement } from '../xml.ts';

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
    neededText(destination, 'Format');
    targetOf(destination);
    // The Go SDK's test finds it refused; with which code is assumed.
    const encryption = childOf(destination, 'Encryption');
    if (encryption && childOf(encryption, 'SSE-KMS') && childOf(encryption, 'SSE-OSS'))
      malformed('SSE-KMS and SSE-OSS exclude each other');
    const schedule = needed(root, 'Schedule');
    needed(schedule, 'Frequency');
    wordIn(schedule, 'Frequency', ['Daily', 'Weekly']);
    wordIn(root, 'IncludedObjectVersions', ['All', 'Current']);
    return withClasses(root);
  },
  admit(root, _, store) {
    const target = needed(needed(root, 'Destination'), 'OSSBucketDestination');
    if (store.buckets.get(targetOf(target)) === undefined) noTarget(target);
  },
};

/** The bucket that inventories are to be written to, named by an ARN: `acs:oss:::bucket`. @throws InvalidArgument */
function targetOf(destination: XmlElement): string {
  const [, name] = /^acs:oss:[^:]*:[^:]*:([^:]+)$/.exec(neededText(destination, 'Bucket')) ?? [];
  return name ?? noTarget(destination);
}

/** The code is that of the C++ SDK's test, the message is assumed. */
function noTarget(destination: XmlElement): never {
  return fail('InvalidArgument', {
    message: 'The destination bucket of the inventory does not exist.',
    elements: { ArgumentName: 'Bucket', ArgumentValue: childText(destination, 'Bucket') ?? '' },
  });
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
