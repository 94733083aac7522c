/** How OSS writes times and names on the wire (rest-core.md W4, W5, W9, W13). */
import { utf8Text } from '../store/names.ts';

/** `2026-11-22T09:11:54.000Z`: the milliseconds are always literally 000. */
export const isoTime = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, '.000Z');

/** `Sun, 22 Nov 2026 09:11:54 GMT` */
export const httpTime = (date: Date): string => date.toUTCString();

/** ETags are quoted, in headers and in XML. */
export const quoted = (etag: string): string => `"${etag}"`;

/**
 * Text of bytes that are meant as UTF-8. What is none stays in it byte by byte, 0x80 to 0xFF as U+DC80 to U+DCFF: lone
 * surrogates, which no UTF-8 can bring. So texts can be read and compared, and `bytesOf` gives back what came.
 * @param latin1 the bytes, as Node shows those of headers
 */
export function textOf(latin1: string): string {
  if (isPlain(latin1)) return latin1;
  return (
    utf8Text(Buffer.from(latin1, 'latin1')) ??
    latin1.replace(RUNS, (run) =>
      run.length === 1 ? String.fromCharCode(ESCAPE + run.charCodeAt(0)) : Buffer.from(run, 'latin1').toString('utf8'),
    )
  );
}

const ESCAPE = 0xdc00;

/** Beyond ASCII: characters in UTF-8, else a single byte. */
const RUNS =
  /(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}){1,64}|[\x80-\xff]/g;

/** The bytes of a text, and of one that has some that are no UTF-8: for signatures, headers, addresses. */
export function bytesOf(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let end = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    // Character by character: a split at each of many such bytes would take its time.
    if (code < 0x80 || (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff)) bytes[end++] = code % ESCAPE;
    else end += bytes.write(char, end);
  }
  return bytes.subarray(0, end);
}

/** Percent-encodes as addresses want it: only `A-Z a-z 0-9 - _ . ~` and `/` stay. */
export function urlEncode(text: string): string {
  const encoded = text.isWellFormed()
    ? encodeURIComponent(text)
    : bytesOf(text)
        .toString('latin1')
        .replace(/[^\w.~-]/g, percent);
  return encoded.replace(/[!'()*]/g, percent).replaceAll('%2F', '/');
}

const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** The same with no exception for `/`, as canonical queries and `encoding-type=url` want it. */
export const urlEncodeAll = (text: string): string => urlEncode(text).replaceAll('/', '%2F');

/** The same in every encoding; nearly all headers are. */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** Is a header's value the same in every encoding? */
export const isPlain = (value: string): boolean => PLAIN.test(value);

/** A text as a header's value; characters no header may carry are dropped. `textOf` is the reverse. */
export function toHeader(text: string): string {
  if (isPlain(text)) return text;
  return bytesOf(text)
    .toString('latin1')
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');
}
