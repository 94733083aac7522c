/** Tags of objects: in the header of a write, and as XML (rest-core.md §1.2). */
import { fail } from '../store/errors.ts';
import { decodeName, type OssRequest } from './request.ts';
import { childText, readXml, type Xml } from './xml.ts';

export type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 10;

/** Letters and digits of any script, spaces and `+ - = . _ : /`; characters are counted, not bytes. */
const KEY = /^[\p{L}\p{M}\p{N} +\-=._:/]{1,128}$/u;
const VALUE = /^[\p{L}\p{M}\p{N} +\-=._:/]{0,256}$/u;

/** Whether a text is made of what tags are made of, however long it is. */
export const isTagText = (text: string): boolean => /^[\p{L}\p{M}\p{N} +\-=._:/]*$/u.test(text);

/** @throws InvalidTag */
function checkTags(pairs: readonly (readonly [key: string, value: string])[]): Tags {
  for (const [key, value] of pairs) {
    if (!KEY.test(key)) fail('InvalidTag', { elements: { TagKey: key } });
    if (!VALUE.test(value))
      fail('InvalidTag', { message: 'The TagValue you have provided is invalid', elements: { TagValue: value } });
  }
  return Object.fromEntries(pairs);
}

const hasRepeated = (pairs: readonly (readonly [string, string])[]) =>
  new Set(pairs.map(([key]) => key)).size < pairs.length;

/**
 * `x-oss-tagging: k=v&k2=v2` of a request that writes an object, url-encoded.
 * @throws BadRequest for too many, InvalidArgument for a repeated key, InvalidTag
 */
export function tagsFromHeader(req: Pick<OssRequest, 'header'>): Tags {
  const text = req.header('x-oss-tagging');
  if (text === undefined || text === '') return {};
  const decode = (part: string) => decodeName(part.replaceAll('+', ' '));
  const pairs = text.split('&').map((pair): readonly [string, string] => {
    const at = pair.indexOf('=');
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
  if (pairs.length > MAX_TAGS) fail('BadRequest', { message: `Object tags cannot be greater than ${MAX_TAGS}` });
  if (hasRepeated(pairs)) {
    fail('InvalidArgument', {
      message:
        "The header 'x-oss-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      elements: { ArgumentName: 'x-oss-tagging', ArgumentValue: text },
    });
  }
  return checkTags(pairs);
}

/** The body of PutObjectTagging. @throws MalformedXML, InvalidTag */
export function tagsFromXml(text: string): Tags {
  const root = readXml(text, 'Tagging');
  const set = root.children.find(({ name }) => name === 'TagSet');
  if (set === undefined) return fail('MalformedXML', { elements: { ErrorDetail: 'TagSet is missing' } });
  const pairs = set.children
    .filter(({ name }) => name === 'Tag')
    .map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? ''] as const);
  // That too many are InvalidTag here is assumed.
  if (pairs.length > MAX_TAGS) fail('InvalidTag', { message: `Object tags cannot be greater than ${MAX_TAGS}` });
  if (hasRepeated(pairs)) fail('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' });
  return checkTags(pairs);
}

/** Content of a Tagging document. */
export const tagsXml = (tags: Tags): Xml => [
  [
    'TagSet',
    Object.entries(tags).map(
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
