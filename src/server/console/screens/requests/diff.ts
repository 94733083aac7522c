/** Two texts side by side: their lines put beside one another, and the characters that differ. */

/** A line of each; where one has none, the other's stands alone. */
export interface Pair {
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** A line in three parts: the same at both ends, different in the middle. */
export interface Parts {
  readonly head: string;
  readonly left: string;
  readonly right: string;
  readonly tail: string;
}

/** Cells of the table of common lines: beyond, lines are compared by their number. */
const MOST = 1_000_000;

/** Lines with what ends them: a newline too many, or one of another kind, is a difference. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Puts equal lines beside one another; what stands between them beside what stands there on the other side. */
export function alignLines(left: readonly string[], right: readonly string[]): readonly Pair[] {
  let [from, to] = [0, 0];
  while (from < Math.min(left.length, right.length) && left[from] === right[from]) from += 1;
  while (to < Math.min(left.length, right.length) - from && left.at(-1 - to) === right.at(-1 - to)) to += 1;
  const [a, b] = [left.slice(from, left.length - to), right.slice(from, right.length - to)];
  const same = (lines: readonly string[]) => lines.map((line) => ({ left: line, right: line }));
  return [...same(left.slice(0, from)), ...between(a, b), ...same(left.slice(left.length - to))];
}

function between(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...commonLines(a, b), [a.length, b.length] as const]) {
    for (; i < x || j < y; ) {
      pairs.push({ left: i < x ? a[i] : undefined, right: j < y ? b[j] : undefined });
      i = Math.min(i + 1, x);
      j = Math.min(j + 1, y);
    }
    if (x < a.length) pairs.push({ left: a[x], right: b[y] });
    [i, j] = [x + 1, y + 1];
  }
  return pairs;
}

/** Numbers of the lines of the longest common subsequence. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > MOST) return [];
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}

/** Where two lines differ; whole characters, also those of two units. */
export function partsOf(left: string, right: string): Parts {
  const [a, b] = [[...left], [...right]];
  const most = Math.min(a.length, b.length);
  let [head, tail] = [0, 0];
  while (head < most && a[head] === b[head]) head += 1;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const middle = (chars: readonly string[]) => chars.slice(head, chars.length - tail).join('');
  return {
    head: a.slice(0, head).join(''),
    left: middle(a),
    right: middle(b),
    tail: a.slice(a.length - tail).join(''),
  };
}

/** Makes what can not be seen visible. */
export const visible = (text: string): string =>
  text
    .replaceAll(' ', '·')
    .replaceAll('\t', '→')
    // Control characters have pictures of their own.
    .replace(/[\0-\x1f]/g, (char) => (char === '\n' ? '↵' : String.fromCharCode(0x2400 + char.charCodeAt(0))));
