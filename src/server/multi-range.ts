/** Several ranges in one answer, for clients that ask with `x-oss-multi-range-behavior: multi-range` (rest-core.md §1.2). */
import { randomBytes } from 'node:crypto';
import { fail } from '../store/errors.ts';
import type { Span } from './conditions.ts';
import type { Piece } from './file-body.ts';

const MAX_RANGES = 50;

/**
 * What a Range header with several ranges asks of an object of `size` bytes. Ranges that reach beyond the end are cut,
 * those that begin there are left out, and what is no list of ranges is ignored, as HTTP has it (assumed).
 * @returns `undefined` for a header with one range, or none
 * @throws MultiRangeFailed, InvalidRange when nothing is left
 */
export function spansOf(range: string | undefined, size: number): readonly Span[] | undefined {
  const [, list = ''] = /^bytes=(.*)$/.exec(range?.trim() ?? '') ?? [];
  const parts = list.split(',').map((part) => /^(\d*)-(\d*)$/.exec(part.trim()));
  if (parts.length < 2) return undefined;
  if (parts.length > MAX_RANGES) fail('MultiRangeFailed');
  const spans: Span[] = [];
  for (const part of parts) {
    const [, first = '', last = ''] = part ?? [];
    if (first + last === '' || (first !== '' && last !== '' && Number(first) > Number(last))) return undefined;
    const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
    if (start <= end) spans.push({ start, end });
  }
  if (spans.length === 0) fail('InvalidRange', { headers: { 'Content-Range': `bytes */${size}` } });
  return spans;
}

/** A multipart/byteranges body. */
export function byteRanges(
  spans: readonly Span[],
  size: number,
  contentType: string,
): { readonly type: string; readonly pieces: readonly Piece[] } {
  const boundary = randomBytes(12).toString('hex');
  // A type that was sent with line breaks would not have come through HTTP: it can not break the parts' headers.
  const head = ({ start, end }: Span) =>
    `\r\n--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Range: bytes ${start}-${end}/${size}\r\n\r\n`;
  return {
    type: `multipart/byteranges; boundary=${boundary}`,
    pieces: [...spans.flatMap((span) => [Buffer.from(head(span)), span]), Buffer.from(`\r\n--${boundary}--\r\n`)],
  };
}
