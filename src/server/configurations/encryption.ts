import type { Configuration } from '../configuration.ts';
import { needed, neededText, outside } from '../configuration-checks.ts';
import { encryptionHeaders } from '../encryption.ts';
import { childText, type XmlElement } from '../xml.ts';

const encryption: Configuration = {
  key: 'encryption',
  root: 'ServerSideEncryptionRule',
  names: { put: 'PutBucketEncryption', get: 'GetBucketEncryption', delete: 'DeleteBucketEncryption' },
  stored: 'new objects carry the headers of the encryption; their bytes are kept as they came',
  absent: 'NoSuchServerSideEncryptionRule',
  check(root) {
    headersOf(root);
    // What is empty is not there, and is not shown: Java and Python ask for nothing less. Nor is what only KMS has.
    const filled = ({ text, children }: XmlElement) => children.length > 0 || text.trim() !== '';
    const shownOf = (rule: XmlElement) => (child: XmlElement) =>
      filled(child) && (child.name !== 'KMSDataEncryption' || childText(rule, 'SSEAlgorithm')?.trim() === 'KMS');
    const rules = root.children.map((rule) => ({ ...rule, children: rule.children.filter(shownOf(rule)) }));
    return { ...root, children: rules };
  },
  apply(root, bucket, store) {
    store.buckets.setEncryption(bucket, root === undefined ? {} : headersOf(root));
  },
};

/** What objects say of their encryption. @throws MalformedXML, InvalidArgument, InvalidEncryptionAlgorithmError */
function headersOf(root: XmlElement) {
  const rule = needed(root, 'ApplyServerSideEncryptionByDefault');
  const text = (name: string) => childText(rule, name)?.trim();
  // Only KMS has keys with names.
  if (text('SSEAlgorithm') === 'AES256' && text('KMSMasterKeyID')) outside(rule, 'KMSMasterKeyID');
  return encryptionHeaders(neededText(rule, 'SSEAlgorithm'), text('KMSDataEncryption'), text('KMSMasterKeyID'));
}

export default encryption;
