/** Bounds of keys as bytes, and the groups a delimiter makes of them: what all listings share. */

/** The first possible key after this one. */
export const after = (key: string): Buffer => Buffer.concat([Buffer.from(key), Buffer.of(0)]);

/** A bound above every key that starts with these bytes: UTF-8 never contains 0xFF. */
export const behind = (prefix: string): Buffer => Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]);

/** The later of two bounds. */
export const later = (a: Buffer, b: Buffer): Buffer => (Buffer.compare(a, b) > 0 ? a : b);

/**
 * Tells the common prefix a key belongs to.
 * @returns a function that gives `undefined` for keys that stand for themselves
 */
export function grouping(prefix: string, delimiter: string): (key: string) => string | undefined {
  return (key) => {
    if (delimiter === '' || !key.startsWith(prefix)) return undefined;
    const at = key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  };
}
