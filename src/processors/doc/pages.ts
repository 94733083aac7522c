/** The `pages` parameter, and which pages it means in a document. */
import { base64Text } from '../../store/names.ts';
import { BadValue, type Param } from '../params.ts';

/** Ranges of page numbers, from 1, both ends included. */
export type Ranges = readonly { readonly from: number; readonly to: number }[];

const PIECE = /^\d+(-\d+)?$/;
const LIST = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;
const HINT = 'page numbers and ranges from 1, such as 1,2,4-10, plain or as URL-safe Base64';

/**
 * `pages_1,2,4-10`, or the same in Base64 (rules P1 and P2). Base64 of a digit never begins with a digit, so the two
 * cannot be taken for each other.
 */
export function pages(doc: string): Param<Ranges> {
  return {
    doc,
    field: { type: 'pages', hint: HINT },
    continues: PIECE,
    absent: { allowed: false },
    parse(raw) {
      const plain = /^\d/.test(raw);
      const list = plain ? raw : base64Text(raw);
      if (list === undefined) throw new BadValue(HINT, true);
      if (!LIST.test(list)) throw new BadValue(HINT);
      return list.split(',').map(range);
    },
  };
}

function range(piece: string): { from: number; to: number } {
  const [from = 0, to = from] = piece.split('-').map(Number);
  if (from < 1 || to < from || !Number.isSafeInteger(to)) throw new BadValue(HINT);
  return { from, to };
}

/** The numbers of 1 to `count` that the ranges mention, ascending, each once (rule P3); all of them without ranges. */
export function chosen(ranges: Ranges | undefined, count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, i) => i + 1);
  return ranges === undefined ? all : all.filter((n) => ranges.some(({ from, to }) => from <= n && n <= to));
}
