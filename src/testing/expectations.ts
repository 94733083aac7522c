/** What matchers compare: a list of wishes against what is there, and a message that shows all of it. */

/** One thing that was asked for. */
export interface Wish {
  /** `video.width` */
  readonly name: string;
  readonly wanted: unknown;
  readonly found: unknown;
  readonly right: boolean;
}

/** Exactly that. */
export const same = (name: string, wanted: unknown, found: unknown): readonly Wish[] =>
  wanted === undefined ? [] : [{ name, wanted, found, right: Object.is(wanted, found) }];

/** That, or as much more or less as is allowed. */
export const around = (name: string, wanted: number | undefined, found: number, within: number): readonly Wish[] =>
  wanted === undefined
    ? []
    : [
        {
          name,
          wanted: within === 0 ? wanted : `${wanted} ± ${within}`,
          found: rounded(found),
          right: Math.abs(found - wanted) <= within,
        },
      ];

const rounded = (value: number) => Math.round(value * 1000) / 1000;

export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/**
 * Judges wishes about bytes.
 * @param what `an image`
 */
export function judge(what: string, wishes: readonly Wish[], facts: unknown): Verdict {
  const wrong = wishes.filter(({ right }) => !right);
  const told = (list: readonly Wish[]) =>
    list.map(({ name, wanted, found }) => `  ${name}: expected ${show(wanted)}, found ${show(found)}`).join('\n');
  return {
    pass: wrong.length === 0,
    message: () =>
      wrong.length === 0
        ? `expected the bytes not to be ${what} like that, but they are: ${show(facts)}`
        : `expected the bytes to be ${what} like that, but not everything is:\n${told(wrong)}\nthey are: ${show(facts)}`,
    expected: Object.fromEntries(wrong.map(({ name, wanted }) => [name, wanted])),
    actual: Object.fromEntries(wrong.map(({ name, found }) => [name, found])),
  };
}

/** The verdict on bytes that can not be read at all; what they look like often says why. */
export function unreadable(what: string, bytes: Uint8Array, error: unknown): Verdict {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('utf8');
  const looks =
    /^[\x20-\x7e\s]+/.exec(start)?.[0].trim() || `bytes ${Buffer.from(bytes.subarray(0, 16)).toString('hex')}`;
  return {
    pass: false,
    message: () =>
      `expected ${what}, but the ${bytes.length} bytes can not be read as one: ${(error as Error).message}\nthey begin with: ${looks}`,
  };
}

const show = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
