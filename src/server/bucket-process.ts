/** BucketProcessConfiguration as the Java SDK writes and reads it (documents-styles-tasks.md §4.3). */
import { type BucketProcess, compliedHosts, styleDelimiters } from '../store/bucket-process.ts';
import { fail } from '../store/errors.ts';
import { childText, type Xml, type XmlElement } from './xml.ts';

/**
 * Reads a configuration. An element that is left out has the value of a new bucket (assumed).
 * @throws InvalidArgument naming the element, NotImplemented for rules that OSS does not document
 */
export function bucketProcessFrom(root: XmlElement): BucketProcess {
  if (root.children.some(({ name }) => name === 'BucketChannelConfig')) {
    fail('NotImplemented', { elements: { Detail: 'BucketChannelConfig is not available in this emulator.' } });
  }
  const suffixes = items(root, 'SourceFileProtectSuffix').map((suffix) => suffix.replace(/^\./, ''));
  const isProtected = isEnabled(root, 'SourceFileProtect');
  // OSS's page demands suffixes; how it answers when there are none is assumed.
  if (isProtected && suffixes.length === 0) invalid('SourceFileProtectSuffix', '');
  return {
    compliedHost: wordOf(root, 'CompliedHost', compliedHosts, 'Both'),
    // What the SDK's test finds: without protection the suffixes are forgotten.
    protectedSuffixes: isProtected ? suffixes : [],
    delimiters: delimitersOf(root),
    ossDomainSupport: isEnabled(root, 'OssDomainSupportAtProcess'),
  };
}

/** A configuration as GetBucketProcess shows it. */
export const bucketProcessXml = (process: BucketProcess): Xml => [
  ['CompliedHost', process.compliedHost],
  ['SourceFileProtect', enabled(process.protectedSuffixes.length > 0)],
  ['SourceFileProtectSuffix', process.protectedSuffixes.join(',')],
  ['StyleDelimiters', process.delimiters.join(',')],
  ['OssDomainSupportAtProcess', enabled(process.ossDomainSupport)],
  ['Version', 2],
];

const enabled = (on: boolean) => (on ? 'Enabled' : 'Disabled');

const invalid = (name: string, value: string): never =>
  fail('InvalidArgument', {
    message: `The value: ${value} of parameter: ${name} is invalid.`,
    elements: { ArgumentName: name, ArgumentValue: value },
  });

const items = (root: XmlElement, name: string): readonly string[] =>
  (childText(root, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** The SDK's test writes `img` and reads `Img`. */
function wordOf<T extends string>(root: XmlElement, name: string, words: readonly T[], usual: T): T {
  const text = childText(root, name) ?? usual;
  return words.find((word) => word.toLowerCase() === text.toLowerCase()) ?? invalid(name, text);
}

const isEnabled = (root: XmlElement, name: string): boolean =>
  wordOf(root, name, ['Enabled', 'Disabled'], 'Disabled') === 'Enabled';

/** The SDK's test writes `/,-` and reads `-,/`. */
function delimitersOf(root: XmlElement): BucketProcess['delimiters'] {
  const asked = items(root, 'StyleDelimiters');
  if (!asked.every((item) => styleDelimiters.some((known) => known === item))) {
    invalid('StyleDelimiters', asked.join(','));
  }
  return styleDelimiters.filter((known) => asked.includes(known));
}
