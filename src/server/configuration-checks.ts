/** What configurations check of their documents. How OSS words each refusal is assumed: its schema does not match. */
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

/** Texts of all children of a name. */
export const textsOf = (parent: XmlElement | undefined, name: string): readonly string[] =>
  parent === undefined ? [] : childrenOf(parent, name).map(({ text }) => text.trim());
