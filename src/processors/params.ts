/**
 * The kinds of parameters an operation may take. A parameter parses itself, explains itself (the "expected …" of an
 * error) and describes itself (docs, control API, console form) from the same words.
 */
import { base64Text } from '../store/names.ts';

/** How a parameter is shown to people and described to the control API. */
export interface Field {
  readonly type: 'number' | 'choice' | 'text' | 'object' | 'color' | 'size' | 'pages';
  /** Completes "must be …". */
  readonly hint: string;
  readonly min?: number;
  readonly max?: number;
  /** Of numbers: none but whole ones. */
  readonly integer?: true;
  readonly unit?: 'ms';
  readonly choices?: readonly string[];
}

/** EC codes of one parameter (image.md §16.2); absent where OSS's is unknown. */
export interface Codes {
  /** EC when the value is bad. */
  readonly ec?: string;
  /** EC when the parameter is required and missing. */
  readonly missingEc?: string;
}

export interface Param<T> extends Codes {
  readonly doc: string;
  readonly field: Field;
  /** Written without a key, as in `rotate,90`. */
  readonly bare?: true;
  /** The value is Base64: a `/` inside it does not separate (spec README rule 4). */
  readonly base64?: true;
  /** The name OSS reports when it is not the parameter's own: `format` reports `f`. */
  readonly reportedAs?: string;
  /** Bare tokens that continue this value after a comma: `pages_1,2,4-10`. */
  readonly continues?: RegExp;
  readonly absent: { readonly allowed: false } | { readonly allowed: true; readonly value: T };
  /** @throws BadValue */
  parse(raw: string): T;
}

export type ParamSpecs = Readonly<Record<string, Param<unknown>>>;

/** The typed values of a set of parameters. */
export type Values<S extends ParamSpecs> = { readonly [K in keyof S]: S[K] extends Param<infer T> ? T : never };

/** What a parameter throws; plan.ts adds the names and turns it into the error OSS would give. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
  readonly notBase64: boolean;

  /** @param expected completes "must be …" */
  constructor(expected: string, notBase64 = false) {
    super(expected);
    this.notBase64 = notBase64;
  }
}

const required = { allowed: false } as const;

/** A decimal integer: optional minus sign, leading zeros allowed, no plus sign, no exponent (image.md §1.1). */
export function int(
  doc: string,
  range: { readonly min: number; readonly max: number },
  codes: Codes = {},
): Param<number> {
  const hint = `an integer from ${range.min} to ${range.max}`;
  return {
    doc,
    ...codes,
    field: { type: 'number', hint, ...range, integer: true },
    absent: required,
    parse: (raw) => numberIn(raw, /^-?\d+$/, range, hint),
  };
}

/** A decimal number with an optional fraction, such as `fps_29.97`. */
export function decimal(
  doc: string,
  range: { readonly min: number; readonly max: number },
  codes: Codes = {},
): Param<number> {
  const hint = `a number from ${range.min} to ${range.max}`;
  return {
    doc,
    ...codes,
    field: { type: 'number', hint, ...range },
    absent: required,
    parse: (raw) => numberIn(raw, /^\d+(\.\d+)?$/, range, hint),
  };
}

/** A time or duration in whole milliseconds (media.md §0.1). */
export function millis(doc: string, codes: Codes = {}): Param<number> {
  const whole = int(doc, { min: 0, max: Number.MAX_SAFE_INTEGER }, codes);
  return { ...whole, field: { ...whole.field, unit: 'ms' } };
}

function numberIn(raw: string, shape: RegExp, range: { min: number; max: number }, hint: string): number {
  const value = Number(raw);
  if (!shape.test(raw) || value < range.min || value > range.max) throw new BadValue(hint);
  return value;
}

/** One of a fixed set of words. */
export function oneOf<const C extends readonly string[]>(doc: string, choices: C, codes: Codes = {}): Param<C[number]> {
  const hint = `one of ${choices.join(', ')}`;
  return {
    doc,
    ...codes,
    field: { type: 'choice', hint, choices },
    absent: required,
    parse(raw) {
      if (!choices.includes(raw)) throw new BadValue(hint);
      return raw;
    },
  };
}

/** One of a fixed set of integers, such as `sopt_0|1|2`. */
export function oneOfInts<const C extends readonly number[]>(
  doc: string,
  choices: C,
  codes: Codes = {},
): Param<C[number]> {
  const words = choices.map(String);
  const text = oneOf(doc, words, codes);
  return { ...text, absent: required, parse: (raw) => Number(text.parse(raw)) };
}

/** `0` or `1`. */
export function flag(doc: string, codes: Codes = {}): Param<boolean> {
  const text = oneOf(doc, ['0', '1'], codes);
  return { ...text, absent: required, parse: (raw) => text.parse(raw) === '1' };
}

/** An RGB colour as six hexadecimal digits, any case, no `#`. */
export function color(doc: string, codes: Codes = {}): Param<string> {
  const hint = 'six hexadecimal digits, such as FF6A00';
  return {
    doc,
    ...codes,
    field: { type: 'color', hint },
    absent: required,
    parse(raw) {
      if (!/^[0-9A-Fa-f]{6}$/.test(raw)) throw new BadValue(hint);
      return raw.toUpperCase();
    },
  };
}

/** Text in Base64, either alphabet, padded or not. Empty text is a bad value. */
export function base64(
  doc: string,
  options: { readonly maxBytes?: number; readonly type?: 'text' | 'object' } & Codes = {},
): Param<string> {
  const { maxBytes = Number.POSITIVE_INFINITY, type = 'text', ...codes } = options;
  const limit = Number.isFinite(maxBytes) ? ` of at most ${maxBytes} bytes` : '';
  const hint = `text${limit}, encoded as URL-safe Base64`;
  return {
    doc,
    ...codes,
    base64: true,
    field: { type, hint },
    absent: required,
    parse(raw) {
      if (raw === '') throw new BadValue(hint);
      const text = base64Text(raw);
      if (text === undefined) throw new BadValue(hint, true);
      if (Buffer.byteLength(text) > maxBytes) throw new BadValue(hint);
      return text;
    },
  };
}

/**
 * The name of an object, bucket or topic in Base64. CR and LF at its end are dropped and nothing else: the seed page's
 * own examples carry them (spec README rule 2).
 */
export function base64Name(doc: string, codes: Codes = {}): Param<string> {
  const text = base64(doc, { type: 'object', ...codes });
  return {
    ...text,
    parse(raw) {
      const name = text.parse(raw).replace(/[\r\n]+$/, '');
      if (name === '') throw new BadValue(text.field.hint);
      return name;
    },
  };
}

/** Makes a parameter optional, `undefined` when absent. */
export function optional<T>(param: Param<T>): Param<T | undefined> {
  return { ...param, absent: { allowed: true, value: undefined } };
}

/** Gives a parameter a default. */
export function fallback<T, const D>(param: Param<T>, value: D): Param<T | D> {
  return { ...param, absent: { allowed: true, value } };
}

/** Makes a parameter bare: written without a key, as in `rotate,90`. `reportedAs` is the name OSS puts in its message. */
export function bare<T>(param: Param<T>, reportedAs?: string): Param<T> {
  return reportedAs === undefined ? { ...param, bare: true } : { ...param, bare: true, reportedAs };
}
