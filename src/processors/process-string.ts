/**
 * The grammar of process strings, for all media: text to segments, actions and tokens. Pure: it knows no operation,
 * only what `Words` tells it. Spec: documents-styles-tasks.md §0, image.md §1.1, media.md §3.
 */

import type { Span } from './places.ts';

/** `w_100` (key `w`), or a bare value `90` (no key). Operations with bare values decide by `text`. */
export interface Token {
  readonly text: string;
  readonly key: string | undefined;
  readonly value: string;
  readonly at: Span;
}

export interface Action {
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly at: Span;
  /** The style that it stands in; all of it is where the style's name is. */
  readonly style?: string;
}

export type Segment =
  | { readonly kind: 'style'; readonly name: string; readonly at: Span }
  /** `category` may be unknown and `actions` empty (`image/`): plan.ts answers for that. */
  | {
      readonly kind: 'actions';
      readonly category: string;
      readonly actions: readonly Action[];
      readonly at: Span;
    };

/** What the grammar must know of the operations: which words may follow a `/`, and which keys hold Base64. */
export interface Words {
  /** Names that may stand after a `/` in a segment of this category: its operations and their clauses. */
  isAction(category: string, word: string): boolean;
  /** Keys of this action whose values are Base64, so that a `/` inside them does not separate. */
  isBase64(category: string, action: string, key: string): boolean;
}

/**
 * Takes a process string apart.
 * @param text decoded once from its transport; `+` is a plus
 * @returns the segments in order; empty when the string is empty
 */
export function parseProcess(text: string, words: Words): readonly Segment[] {
  const trimmed = text.replace(/[\r\n ]+$/, '');
  if (trimmed === '') return [];
  return cut(trimmed, '|', 0).map((segment) => parseSegment(segment, words));
}

/** A part of the text, and where it begins. */
interface Piece {
  readonly text: string;
  readonly start: number;
}

const spanOf = ({ text, start }: Piece): Span => ({ start, end: start + text.length });

/** Splits a text that begins at `start`. */
function cut(text: string, separator: string, start: number): readonly Piece[] {
  let next = start;
  return text.split(separator).map((part) => {
    const piece = { text: part, start: next };
    next += part.length + separator.length;
    return piece;
  });
}

function parseSegment(piece: Piece, words: Words): Segment {
  const { text, start } = piece;
  const at = spanOf(piece);
  const word = /^[^,/]*/.exec(text)?.[0] ?? '';
  // `notify,topic_…` is allowed without a category, `saveas,o_…` and `test` are the user's mistake: plan.ts tells which.
  if (text[word.length] !== '/') return { kind: 'actions', category: '', actions: [parseAction(piece)], at };
  const rest = text.slice(word.length + 1);
  if (word === 'style') return { kind: 'style', name: rest, at };
  const actions = splitActions(word, { text: rest, start: start + word.length + 1 }, words);
  return { kind: 'actions', category: word, actions: actions.filter((a) => a.text !== '').map(parseAction), at };
}

/** Splits at each `/` that separates. Inside a Base64 value it does so only before a known action and its end. */
function splitActions(category: string, { text, start }: Piece, words: Words): readonly Piece[] {
  const parts: Piece[] = [];
  for (const piece of cut(text, '/', start)) {
    const open = parts.at(-1);
    if (open !== undefined && endsInBase64(category, open.text, words) && !startsAction(category, piece.text, words)) {
      parts[parts.length - 1] = { ...open, text: `${open.text}/${piece.text}` };
    } else parts.push(piece);
  }
  return parts;
}

function endsInBase64(category: string, action: string, words: Words): boolean {
  const [name = '', ...tokens] = action.split(',');
  const last = tokens.at(-1);
  if (last === undefined || last.endsWith('=')) return false;
  const { key } = parseToken({ text: last, start: 0 });
  return key !== undefined && words.isBase64(category, name, key);
}

const startsAction = (category: string, piece: string, words: Words) =>
  words.isAction(category, piece.split(',', 1)[0] ?? '');

function parseAction(piece: Piece): Action {
  const [name, ...tokens] = cut(piece.text, ',', piece.start);
  const given = tokens.filter(({ text }) => text !== '');
  return { name: name?.text ?? '', tokens: given.map(parseToken), at: spanOf(piece) };
}

/** Splits at the first `_` only: Base64url values contain more of them. */
function parseToken(piece: Piece): Token {
  const { text } = piece;
  const at = spanOf(piece);
  const mark = text.indexOf('_');
  return mark < 0
    ? { text, key: undefined, value: text, at }
    : { text, key: text.slice(0, mark), value: text.slice(mark + 1), at };
}

/** The content of a style, as it stands where the style is named. */
export function inStyle<S extends Extract<Segment, { kind: 'actions' }>>(segment: S, name: string, at: Span): S {
  const actions = segment.actions.map((action) => ({
    ...action,
    ...{ at, style: name },
    tokens: action.tokens.map((token) => ({ ...token, at })),
  }));
  return { ...segment, actions, at };
}

/** The token that gives a parameter its value; the last one that names it counts, or the first. */
export function tokenFor({ tokens }: Action, name: string, first = false): Token | undefined {
  const named = tokens.filter(({ key }) => key === name);
  return first ? named[0] : named.at(-1);
}

/** Writes segments back as text: the canonical form that tasks and caches keep. */
export function formatProcess(segments: readonly Segment[]): string {
  return segments
    .map((segment) =>
      segment.kind === 'style'
        ? `style/${segment.name}`
        : [
            // `notify,topic_…` has none.
            ...(segment.category === '' ? [] : [segment.category]),
            ...segment.actions.map((a) => [a.name, ...a.tokens.map((t) => t.text)].join(',')),
          ].join('/'),
    )
    .join('|');
}

/** What a condition around a process string says. */
export interface Unwrapped {
  readonly text: string;
  /** The object is given as it is where it exists; the text is for when it does not. */
  readonly onlyIfMissing: boolean;
}

/** Takes `if_status_eq_404{…}` apart; braces without a condition mean nothing (media.md §17.2). */
export function unwrap(text: string): Unwrapped {
  const [, condition, inner] = /^(if_status_eq_404)?\{(.*)\}\s*$/s.exec(text) ?? [];
  return inner === undefined ? { text, onlyIfMissing: false } : { text: inner, onlyIfMissing: condition !== undefined };
}
