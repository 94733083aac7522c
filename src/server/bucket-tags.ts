/** Tags of buckets: in XML, in the header of PutBucket, and as what ListBuckets looks for (rest-core.md §1.1, §6). */
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { type Configuration, configurationReader } from './configuration.ts';
import { malformed, needed } from './configuration-checks.ts';
import type { OssRequest } from './request.ts';
import { childrenOf, childText, writeXml, type Xml, type XmlElement } from './xml.ts';

/** Where the tags are kept. */
export const bucketTagging = { key: 'tagging', root: 'Tagging' } as const satisfies Partial<Configuration>;

type Tag = readonly [key: string, value: string];

const MAX_TAGS = 20;
const MAX_KEY = 64;
const MAX_VALUE = 128;

/** @throws TooManyTags, InvalidTag, RepeatedTags */
function checkTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) fail('TooManyTags');
  for (const [key, value] of tags) {
    if (key === '' || [...key].length > MAX_KEY) fail('InvalidTag');
    if ([...value].length > MAX_VALUE) fail('InvalidTag', { message: 'The TagValue you have provided is invalid' });
  }
  if (new Set(tags.map(([key]) => key)).size < tags.length) fail('RepeatedTags');
}

/** @throws MalformedXML, TooManyTags, InvalidTag, RepeatedTags */
export function checkTagging(root: XmlElement): XmlElement {
  const tags = readTags(root);
  if (tags.length === 0) malformed('TagSet needs Tag');
  checkTags(tags);
  return root;
}

const readTags = (root: XmlElement): readonly Tag[] =>
  childrenOf(needed(root, 'TagSet'), 'Tag').map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']);

const read = configurationReader(bucketTagging, readTags);

/** Tags of a bucket; none when it has none. */
export const tagsOf = (store: Store, bucket: Bucket): readonly Tag[] => read(store, bucket) ?? [];

/** Content of a Tagging document. */
export const taggingXml = (tags: readonly Tag[]): Xml => [
  [
    'TagSet',
    tags.map(
      ([key, value]) =>
        [
          'Tag',
          [
            ['Key', key],
            ['Value', value],
          ],
        ] as const,
    ),
  ],
];

/** `x-oss-bucket-tagging: k=v&k2=v2` of PutBucket. @throws TooManyTags, InvalidTag */
export function tagsFromHeader(req: OssRequest): readonly Tag[] {
  const tags = [...new URLSearchParams(req.header('x-oss-bucket-tagging') ?? '')];
  checkTags(tags);
  return tags;
}

/** Replaces a bucket’s tags. They have been checked. */
export function putTags(store: Store, bucket: Bucket, tags: readonly Tag[]): void {
  store.configurations.put(bucket, bucketTagging.key, writeXml(bucketTagging.root, taggingXml(tags)));
}

/**
 * What ListBuckets looks for; `undefined`: buckets with any tags or none.
 * @throws InvalidArgument when `tagging` is neither `"k":"v","k2":"v2"` nor `k:v`
 */
export function tagFilterFrom({ query }: OssRequest): ((tags: readonly Tag[]) => boolean) | undefined {
  const key = query.get('tag-key');
  const value = query.get('tag-value');
  const list = query.get('tagging');
  if (key === undefined && value === undefined && list === undefined) return undefined;
  if (key === undefined && value !== undefined) {
    // Code and message are assumed.
    fail('InvalidArgument', {
      message: 'tag-value goes with tag-key.',
      elements: { ArgumentName: 'tag-value', ArgumentValue: value },
    });
  }
  const wanted = list === undefined ? [] : pairsIn(list);
  return (tags) =>
    (key === undefined || tags.some(([k, v]) => k === key && (value === undefined || v === value))) &&
    wanted.every(([wantedKey, wantedValue]) => tags.some(([k, v]) => k === wantedKey && v === wantedValue));
}

function pairsIn(text: string): readonly Tag[] {
  // One pair without quotes, as the PHP SDK v2 sends it.
  const [, key, value] = /^([^":,]+):([^":,]*)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [[key, value]];
  try {
    const pairs = Object.entries(JSON.parse(`{${text}}`) as Record<string, unknown>);
    if (pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')) return pairs;
  } catch {
    // Answered below, as is a value that is no text.
  }
  return fail('InvalidArgument', {
    message: 'tagging must look like "k":"v","k2":"v2".',
    elements: { ArgumentName: 'tagging', ArgumentValue: text },
  });
}
