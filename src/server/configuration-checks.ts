/** What configurations check of their documents. How OSS words each refusal is assumed: its schema does not match. */
import { randomUUID } from 'node:crypto';
import { fail } from '../store/errors.ts';
import { childOf, childrenOf, childText, type XmlElement } from './xml.ts';

/** @throws MalformedXML */
export const malformed = (detail: string, ec?: string): never =>
  fail('MalformedXML', { elements: { ErrorDetail: detail }, ...(ec === undefined ? {} : { ec }) });

/** A child that must be there. @throws MalformedXML */
export const needed = (parent: XmlElement, name: string): XmlElement =>
  childOf(parent, name) ?? malformed(`${parent.name} needs ${name}`);

/** Text of a child that must be there and hold something. @throws MalformedXML */
export function neededText(parent: XmlElement, name: string): string {
  const text = needed(parent, name).text.trim();
  return text === '' ? malformed(`${name} must not be empty`) : text;
}

/** A child that must be one of some words, where it is there. @throws MalformedXML */
export function wordIn<T extends string>(parent: XmlElement, name: string, words: readonly T[]): T | undefined {
  const text = childText(parent, name)?.trim();
  if (text === undefined) return undefined;
  return words.find((word) => word === text) ?? malformed(`${name} must be one of ${words.join(', ')}, not ${text}`);
}

/** What is on or off in all configurations: Python writes `True`, OSS shows `true`, and clients read nothing else. */
const FLAGS: ReadonlySet<string> = new Set(
  [
    'AllowEmptyReferer AllowSmallFile AllowTruncateQueryString BlockPublicAccess Enable EnableReplacePrefix Enabled',
    'ExpiredObjectDeleteMarker IsAccessTime IsEnabled MirrorCheckMd5 MirrorFollowRedirect MirrorPassOriginalSlashes',
    'MirrorPassQueryString MirrorSNI PassAll PassQueryString ResponseVary ReturnToStdWhenVisit SupportSubDir TruncatePath',
  ].flatMap((names) => names.split(' ')),
);

/** A document with its flags as OSS writes them. */
export const withPlainFlags = (element: XmlElement): XmlElement => ({
  ...element,
  text: FLAGS.has(element.name) ? element.text.toLowerCase() : element.text,
  children: element.children.map(withPlainFlags),
});

/** `true` or `false`, where it is there. @throws MalformedXML */
export function flagIn(parent: XmlElement, name: string): boolean | undefined {
  const word = wordIn(parent, name, ['true', 'false']);
  return word === undefined ? undefined : word === 'true';
}

/** A whole number, where it is there. @throws MalformedXML */
export function wholeIn(parent: XmlElement, name: string, least: number, most: number): number | undefined {
  const text = childText(parent, name)?.trim();
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || number < least || number > most)
    return malformed(`${name} must be an integer from ${least} to ${most}, not ${text}`);
  return number;
}

/** A document with texts for what it does not say. */
export function withDefaults(root: XmlElement, defaults: Readonly<Record<string, string>>): XmlElement {
  const missing = Object.entries(defaults).filter(([name]) => childOf(root, name) === undefined);
  return { ...root, children: [...root.children, ...missing.map(([name, text]) => ({ name, text, children: [] }))] };
}

/** A rule without a name gets one. */
export function withId(rule: XmlElement): XmlElement {
  if (childText(rule, 'ID')) return rule;
  const others = rule.children.filter(({ name }) => name !== 'ID');
  return { ...rule, children: [{ name: 'ID', text: randomUUID(), children: [] }, ...others] };
}

/** Refuses the number of a child, in words that name both. @throws InvalidArgument */
export function outside(parent: XmlElement, name: string): never {
  // The message is assumed.
  return fail('InvalidArgument', {
    message: `The value of ${name} is invalid.`,
    elements: { ArgumentName: name, ArgumentValue: childText(parent, name)?.trim() ?? '' },
  });
}

/** Texts of all children of a name. */
export const textsOf = (parent: XmlElement | undefined, name: string): readonly string[] =>
  parent === undefined ? [] : childrenOf(parent, name).map(({ text }) => text.trim());
