/** Blocking public access: whatever ACLs and policies say, nobody comes in without a signature. */
import type { Bucket } from '../store/buckets.ts';
import type { Store } from '../store/store.ts';
import { type Configuration, configurationReader } from './configuration.ts';
import { flagIn, needed } from './configuration-checks.ts';
import { readXml, type XmlElement } from './xml.ts';

/** What the block of a bucket and that of the account have in common. */
export const publicAccessBlock = {
  key: 'publicAccessBlock',
  root: 'PublicAccessBlockConfiguration',
  absent: [['BlockPublicAccess', 'false']],
} as const satisfies Partial<Configuration>;

/** @throws MalformedXML */
export function checkPublicAccessBlock(root: XmlElement): XmlElement {
  needed(root, 'BlockPublicAccess');
  flagIn(root, 'BlockPublicAccess');
  return root;
}

const blocks = (root: XmlElement) => flagIn(root, 'BlockPublicAccess') === true;

const blocksBucket = configurationReader(publicAccessBlock, blocks);

/** Whether a bucket, or the account, lets nobody in without a signature. */
export function isPublicAccessBlocked(store: Store, bucket: Bucket): boolean {
  const ofAccount = store.configurations.account.get(publicAccessBlock.key);
  if (ofAccount !== undefined && blocks(readXml(ofAccount, publicAccessBlock.root))) return true;
  return blocksBucket(store, bucket) === true;
}
