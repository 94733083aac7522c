/** Patterns of rules and policies: `*` stands for any text, `?` for one character where that is asked for. */

export interface WildcardOptions {
  /** `?` stands for one character; else for itself. */
  readonly single?: boolean;
  /** The pattern need only cover the text's beginning. */
  readonly prefix?: boolean;
}

/**
 * Whether a text is what a pattern describes. Never slower than length times length: a regular expression with many
 * stars would be.
 */
export function matchesWildcard(
  text: string,
  pattern: string,
  { single = false, prefix = false }: WildcardOptions = {},
): boolean {
  const wanted = prefix ? `${pattern}*` : pattern;
  let at = 0;
  let i = 0;
  // Where the last star was, and how much of the text it covers so far.
  let star = -1;
  let covered = 0;
  while (at < text.length) {
    if (wanted[i] === '*') {
      star = i;
      covered = at;
      i += 1;
    } else if (i < wanted.length && (wanted[i] === text[at] || (single && wanted[i] === '?'))) {
      i += 1;
      at += 1;
    } else if (star >= 0) {
      covered += 1;
      at = covered;
      i = star + 1;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(i));
}
