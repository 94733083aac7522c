/** XML in and out. One writer, one order, the prolog OSS sends, no xmlns (rest-core.md W1-W3, W10, W18). */
import { SaxesParser } from 'saxes';
import { fail } from '../store/errors.ts';

/** Children in order: text, or further elements. Entries with `undefined` are left out. */
export type Xml = readonly (readonly [name: string, value: string | number | Xml | undefined])[];

/** Writes a document with one root element. */
export function writeXml(root: string, content: Xml | string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content, '')}`;
}

function element(name: string, value: string | number | Xml, indent: string): string {
  if (typeof value !== 'object') {
    const text = escapeXml(String(value));
    return text === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>${text}</${name}>\n`;
  }
  const children = value.map(([child, inner]) => (inner === undefined ? '' : element(child, inner, `${indent}  `)));
  const body = children.join('');
  return body === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>\n${body}${indent}</${name}>\n`;
}

/** Control characters become numeric references, which XML 1.0 forbids but OSS sends and its SDKs read (W10). */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
      (c) => named[c] ?? (c >= '\ufffe' ? '\ufffd' : `&#${c.charCodeAt(0)};`),
    );
}

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** An element as read: local name, text directly inside it, child elements. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/**
 * Control characters stand in keys, as references or as they are. XML 1.0 has neither; XML 1.1 has the references, but
 * takes two characters more for line ends (W10).
 */
const withReferences = (text: string): string =>
  withAmpersands(text).replace(
    /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028]/g,
    (c) => `&#${c.charCodeAt(0)};`,
  );

/** The Java SDK sends `&` as it is, and OSS takes it for one. */
const withAmpersands = (text: string): string => text.replace(/&(?![\w#]+;)/g, '&amp;');

const MAX_DEPTH = 64;

/**
 * Reads a document strictly: no DOCTYPE, no entities but the five of XML.
 * @param ec that of the action whose body it is, where one is known
 * @throws MalformedXML, also when the root is not `root`
 */
export function readXml(text: string, root: string, ec?: string): XmlElement {
  const malformed = (detail: string): never =>
    fail('MalformedXML', { ...(ec && { ec }), elements: { ErrorDetail: detail } });
  const parser = new SaxesParser({ defaultXMLVersion: '1.1', forceXMLVersion: true });
  const stack: { name: string; text: string; children: XmlElement[] }[] = [{ name: '', text: '', children: [] }];
  parser.on('error', (error) => malformed(error.message));
  parser.on('doctype', () => malformed('a DOCTYPE is not allowed'));
  parser.on('opentag', ({ name: written }) => {
    if (stack.length > MAX_DEPTH) malformed(`more than ${MAX_DEPTH} nested elements`);
    const name = written.slice(written.indexOf(':') + 1);
    if (!/^[\p{L}_]/u.test(name)) malformed(`${written} is no name of an element`);
    stack.push({ name, text: '', children: [] });
  });
  const append = (piece: string) => {
    const open = stack.at(-1);
    if (open !== undefined) open.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const done = stack.pop();
    if (done !== undefined) stack.at(-1)?.children.push(done);
  });
  // OSS takes blanks before the declaration (the Go SDK's test).
  parser.write(withReferences(text.trimStart())).close();
  const found = stack[0]?.children[0];
  if (found === undefined || found.name !== root) return malformed(`the root node is not named ${root}.`);
  return found;
}

/** Text of the first child of that name. */
export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

/** First child of that name. */
export const childOf = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((child) => child.name === name);

/** All children of that name. */
export const childrenOf = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.filter((child) => child.name === name);

/** What an element that was read holds, as the writer takes it: names and order stay, attributes and indents go. */
export function contentOf({ text, children }: XmlElement): Xml | string {
  if (children.length > 0) return children.map((child) => [child.name, contentOf(child)] as const);
  return text.trim() === '' && text.includes('\n') ? '' : text;
}
