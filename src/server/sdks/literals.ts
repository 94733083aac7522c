/** Any text as a literal of a language: what a key or a process string may hold, no quoting of ours may change. */

/** Half a character, which only JSON can bring, has no spelling. */
const json = (value: string): string => JSON.stringify(value.toWellFormed());

const codeOf = (char: string, digits: number): string => char.charCodeAt(0).toString(16).padStart(digits, '0');
const octalOf = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;

/** What editors, terminals and compilers would not keep: controls, and marks that are not seen. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JavaScript, Python and Go: what JSON escapes they read alike. */
export const text = (value: string): string => json(value).replace(UNSEEN, (char) => `\\u${codeOf(char, 4)}`);

/** Java: its compiler may take a file for ASCII. */
export const java = (value: string): string =>
  text(value).replace(/[\u0080-\uffff]/g, (char) => `\\u${codeOf(char, 4)}`);

/** Between single quotes, in which PHP expands nothing; what is not seen needs double ones. */
export function php(value: string): string {
  const well = value.toWellFormed();
  if (well.search(UNSEEN) < 0) return `'${well.replace(/[\\']/g, '\\$&')}'`;
  return `"${well.replace(/[\\"$]/g, '\\$&').replace(UNSEEN, (char) => `\\u{${codeOf(char, 1)}}`)}"`;
}

/** C++: octal escapes end after three digits, hexadecimal ones where the digits do. */
export function cpp(value: string): string {
  const well = value.toWellFormed();
  const escaped = well
    .replace(/[\\"]/g, '\\$&')
    // No trigraphs.
    .replaceAll('??', '?\\?')
    .replace(UNSEEN, (char) => [...Buffer.from(char)].map(octalOf).join(''));
  // A NUL would end it.
  return well.includes('\u0000') ? `std::string("${escaped}", ${Buffer.byteLength(well)})` : `"${escaped}"`;
}

/** A word of a shell. */
export const shell = (value: string): string =>
  /^[\w:/.@%+=,-]+$/.test(value) ? value : `'${value.toWellFormed().replaceAll("'", "'\\''")}'`;

/** The format of `printf`, for texts whose bytes matter, as those that are signed do. */
export const printfFormat = (value: string): string =>
  `'${[...Buffer.from(value.toWellFormed())]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      if (char === '%') return '%%';
      return byte > 31 && byte !== 127 && !/[\\']/.test(char) && byte < 128 ? char : octalOf(byte);
    })
    .join('')}'`;
