/**
 * The grammar of process strings, for all media: text to segments, actions and tokens. Pure: it knows no operation,
 * only what `Words` tells it. Spec: documents-styles-tasks.md §0, image.md §1.1, media.md §3.
 */

/** `w_100` (key `w`), or a bare value `90` (no key). Operations with bare values decide by `text`. */
export interface Token {
  readonly text: string;
  readonly key: string | undefined;
  readonly value: string;
}

export interface Action {
  readonly name: string;
  readonly tokens: readonly Token[];
}

export type Segment =
  | { readonly kind: 'style'; readonly name: string }
  /** `category` may be unknown and `actions` empty (`image/`): plan.ts answers for that. */
  | { readonly kind: 'actions'; readonly category: string; readonly actions: readonly Action[] };

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
  return trimmed.split('|').map((segment) => parseSegment(segment, words));
}

function parseSegment(text: string, words: Words): Segment {
  const word = /^[^,/]*/.exec(text)?.[0] ?? '';
  // `notify,topic_…` is allowed without a category, `saveas,o_…` and `test` are the user's mistake: plan.ts tells which.
  if (text[word.length] !== '/') return { kind: 'actions', category: '', actions: [parseAction(text)] };
  const rest = text.slice(word.length + 1);
  if (word === 'style') return { kind: 'style', name: rest };
  const actions = splitActions(word, rest, words).filter((action) => action !== '');
  return { kind: 'actions', category: word, actions: actions.map(parseAction) };
}

/** Splits at each `/` that separates. Inside a Base64 value it does so only before a known action and its end. */
function splitActions(category: string, text: string, words: Words): string[] {
  const parts: string[] = [];
  for (const piece of text.split('/')) {
    const open = parts.at(-1);
    if (open !== undefined && endsInBase64(category, open, words) && !startsAction(category, piece, words)) {
      parts[parts.length - 1] = `${open}/${piece}`;
    } else parts.push(piece);
  }
  return parts;
}

function endsInBase64(category: string, action: string, words: Words): boolean {
  const [name = '', ...tokens] = action.split(',');
  const last = tokens.at(-1);
  if (last === undefined || last.endsWith('=')) return false;
  const { key } = parseToken(last);
  return key !== undefined && words.isBase64(category, name, key);
}

const startsAction = (category: string, piece: string, words: Words) =>
  words.isAction(category, piece.split(',', 1)[0] ?? '');

function parseAction(text: string): Action {
  const [name = '', ...tokens] = text.split(',');
  return { name, tokens: tokens.filter((token) => token !== '').map(parseToken) };
}

/** Splits at the first `_` only: Base64url values contain more of them. */
function parseToken(text: string): Token {
  const at = text.indexOf('_');
  return at < 0 ? { text, key: undefined, value: text } : { text, key: text.slice(0, at), value: text.slice(at + 1) };
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
