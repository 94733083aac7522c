/** How OSS writes times and names on the wire (rest-core.md W4, W5, W9, W13). */

/** `2026-11-22T09:11:54.000Z`: the milliseconds are always literally 000. */
export const isoTime = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, '.000Z');

/** `Sun, 22 Nov 2026 09:11:54 GMT` */
export const httpTime = (date: Date): string => date.toUTCString();

/** ETags are quoted, in headers and in XML. */
export const quoted = (etag: string): string => `"${etag}"`;

/** Percent-encodes as addresses want it: only `A-Z a-z 0-9 - _ . ~` and `/` stay. */
export function urlEncode(text: string): string {
  // Half a character, which only JSON can bring, can not be encoded.
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');
}

/** The same with no exception for `/`, as canonical queries and `encoding-type=url` want it. */
export const urlEncodeAll = (text: string): string => urlEncode(text).replaceAll('/', '%2F');

/** The same in every encoding; nearly all headers are. */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** Is a header's value the same in every encoding? */
export const isPlain = (value: string): boolean => PLAIN.test(value);

/** Header values are bytes that Node shows as latin1; people mean UTF-8. Values that are not UTF-8 stay as they came. */
export function fromHeader(value: string): string {
  if (isPlain(value)) return value;
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value : text;
}

/** The reverse, for output; characters no header may carry are dropped. */
export function toHeader(text: string): string {
  if (isPlain(text)) return text;
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');
}
