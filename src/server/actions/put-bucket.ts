import { storageClasses } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import { checkBucketName } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { putTags, tagsFromHeader } from '../bucket-tags.ts';
import { configure } from '../configuration.ts';
import encryption from '../configurations/encryption.ts';
import resourceGroup, { isGroup } from '../configurations/resource-group.ts';
import { ENCRYPTION_HEADERS, encryptionHeaders } from '../encryption.ts';
import { bucketAclFrom } from '../object-headers.ts';
import { type OssRequest, readBody } from '../request.ts';
import { childText, readXml, type XmlElement } from '../xml.ts';

const MAX_BODY = 64 * 1024;
const redundancies = ['LRS', 'ZRS'] as const;

const action: Action = {
  name: 'PutBucket',
  on: { method: 'PUT', target: 'bucket' },
  withoutBucket: true,
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putbucket',
  async run(req, { store, settings }) {
    checkBucketName(req.bucket);
    const acl = bucketAclFrom(req);
    const body = (await readBody(req, MAX_BODY)).toString('utf8');
    const asked = body.trim() === '' ? undefined : readXml(body, 'CreateBucketConfiguration');
    const storageClass = choiceIn(asked, 'StorageClass', storageClasses, 'No such bucket storage class exists.');
    const redundancy = choiceIn(asked, 'DataRedundancyType', redundancies, 'No such data redundancy type exists.');
    const location = asked && childText(asked, 'LocationConstraint');
    if (location && location !== `oss-${settings.region}`) fail('InvalidLocationConstraint');
    const tags = tagsFromHeader(req);
    const rule = encryptionRuleFrom(req);
    const group = groupFrom(req);
    const existing = store.buckets.get(req.bucket);
    if (existing === undefined) {
      const bucket = store.buckets.create({
        name: req.bucket,
        acl: acl ?? 'private',
        ...(storageClass === undefined ? {} : { storageClass }),
        ...(redundancy === undefined ? {} : { redundancy }),
      });
      if (tags.length > 0) putTags(store, bucket, tags);
      if (rule !== undefined) configure(encryption, rule, bucket, store);
      if (group !== undefined) configure(resourceGroup, group, bucket, store);
    } else {
      if (storageClass !== undefined && storageClass !== existing.storageClass) {
        fail('BucketAlreadyExists', {
          message: "Cannot modify existing bucket's storage class.",
          elements: { BucketName: req.bucket },
        });
      }
      if (acl !== undefined) store.buckets.setAcl(req.bucket, acl);
    }
    return { status: 200, headers: { Location: `/${req.bucket}` } };
  },
};

/** The rule of a bucket that is made with the headers of an encrypted object. @throws InvalidEncryptionAlgorithmError */
function encryptionRuleFrom(req: OssRequest): XmlElement | undefined {
  const [algorithm, data, key] = ENCRYPTION_HEADERS.map((name) => req.header(name));
  if (algorithm === undefined) return undefined;
  encryptionHeaders(algorithm, data, key);
  const texts = Object.entries({ SSEAlgorithm: algorithm, KMSDataEncryption: data, KMSMasterKeyID: key });
  const children = texts.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text, children: [] }]));
  return {
    name: encryption.root,
    text: '',
    children: [{ name: 'ApplyServerSideEncryptionByDefault', text: '', children }],
  };
}

/** The resource group that a bucket is made in. The code is that of the Java SDK's test, the message is assumed. @throws InvalidArgument */
function groupFrom(req: OssRequest): XmlElement | undefined {
  const name = 'x-oss-resource-group-id';
  const id = req.header(name);
  if (!id) return undefined;
  if (!isGroup(id))
    fail('InvalidArgument', {
      message: 'The resource group id is not valid.',
      elements: { ArgumentName: name, ArgumentValue: id },
    });
  return {
    name: resourceGroup.root,
    text: '',
    children: [{ name: 'ResourceGroupId', text: id, children: [] }],
  };
}

/** An element that must be one of some words. @throws InvalidArgument */
function choiceIn<T extends string>(
  asked: XmlElement | undefined,
  name: string,
  choices: readonly T[],
  message: string,
): T | undefined {
  const value = asked && childText(asked, name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  return found ?? fail('InvalidArgument', { message, elements: { ArgumentName: name, ArgumentValue: value } });
}

export default action;
