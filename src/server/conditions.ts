/** Preconditions and ranges of reads, as OSS has them (rest-core.md §1.2). */
import { fail } from '../store/errors.ts';

export interface Validators {
  /** Unquoted. */
  readonly etag: string;
  /** Whole seconds. */
  readonly modified: Date;
}

/** Names of the four conditions: plain on reads, prefixed on the source of a copy. */
type Header = (name: string) => string | undefined;

const sameTag = (given: string, etag: string) =>
  given
    .split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^"|"$/g, '').toUpperCase() === etag.toUpperCase());

/** A date of a header; what can not be read is ignored. */
function dateOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Checks If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since, in this order (assumed).
 * @returns `unchanged` when the answer is 304
 * @throws PreconditionFailed
 */
export function checkConditions(header: Header, { etag, modified }: Validators): 'unchanged' | 'go on' {
  const failed = (condition: string) => fail('PreconditionFailed', { elements: { Condition: condition } });
  const match = header('if-match');
  if (match !== undefined && !sameTag(match, etag)) failed('If-Match');
  const unmodified = dateOf(header('if-unmodified-since'));
  if (unmodified !== undefined && modified.getTime() > unmodified) failed('If-Unmodified-Since');
  const noneMatch = header('if-none-match');
  if (noneMatch !== undefined && sameTag(noneMatch, etag)) return 'unchanged';
  const since = dateOf(header('if-modified-since'));
  if (noneMatch === undefined && since !== undefined && since >= modified.getTime()) return 'unchanged';
  return 'go on';
}

/** Bytes from `start` to `end`, both included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks of an object of `size` bytes. A range that does not fit gives the whole object, unless the
 * client asks for `x-oss-range-behavior: standard`.
 * @returns `undefined` for the whole object with status 200
 * @throws InvalidRange
 */
export function spanOf(range: string | undefined, size: number, standard: boolean): Span | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)(?:,.*)?$/.exec(range?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const unsatisfiable = () => fail('InvalidRange', { headers: { 'Content-Range': `bytes */${size}` } });
  if (first === '') {
    const length = Number(last);
    if (length === 0) unsatisfiable();
    if (length > size) return standard && size > 0 ? { start: 0, end: size - 1 } : undefined;
    return { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Number(last);
  if (last !== '' && start > end) return undefined;
  if (start >= size) return standard ? unsatisfiable() : undefined;
  if (end >= size) return standard ? { start, end: size - 1 } : undefined;
  return { start, end };
}
