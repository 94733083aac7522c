/** YAML that remembers where everything stood, so that a mistake can be told with file, line and key. */
import { BadSetting } from '../config.ts';

/** One value of a file. */
export interface Place {
  /** `seed/ossite.yaml:12` */
  readonly where: string;
  /** `buckets.photos.acl`; empty for the whole file. */
  readonly path: string;
  readonly content:
    | { readonly map: readonly (readonly [key: string, value: Place])[] }
    | { readonly list: readonly Place[] }
    /** `null` for a key with nothing behind it. */
    | { readonly scalar: string | number | boolean | null };
}

/** Says what should have stood in a place. */
export const wrong = ({ where, path }: Place, what: string): never => {
  throw new BadSetting(`${where}: ${path === '' ? 'the file' : path} ${what}`);
};

/** Reads a file's text. @throws BadSetting when it is no YAML */
export async function readYaml(file: string, text: string): Promise<Place> {
  const { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    throw new BadSetting(`${file}:${lines.linePos(mistake.pos[0]).line}: ${mistake.message.split('\n', 1)[0]}`);
  }

  function placeOf(node: unknown, path: string, lineAbove: number): Place {
    const range = (node as { range?: readonly number[] } | null)?.range;
    const line = range?.[0] === undefined ? lineAbove : lines.linePos(range[0]).line;
    const place = { where: `${file}:${line}`, path };
    const below = (name: string) => (path === '' ? name : `${path}.${name}`);
    if (isAlias(node)) return wrong({ ...place, content: { scalar: null } }, 'must not be an alias');
    if (isMap(node)) {
      const pairs = node.items.filter(isPair).map((pair): readonly [string, Place] => {
        const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
        const at = placeOf(pair.key, path, line).where;
        return [key, placeOf(pair.value, below(key), Number(at.slice(at.lastIndexOf(':') + 1)))];
      });
      return { ...place, content: { map: pairs } };
    }
    if (isSeq(node)) {
      return { ...place, content: { list: node.items.map((item, i) => placeOf(item, `${path}[${i}]`, line)) } };
    }
    const value = isScalar(node) ? node.value : null;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { ...place, content: { scalar: plain ? value : null } };
  }
  return placeOf(document.contents, '', 1);
}

/** The values of a mapping; nothing is an empty one. @param known names of the keys, where they are given */
export function entriesOf(place: Place, known?: readonly string[]): readonly (readonly [string, Place])[] {
  const { content } = place;
  if ('scalar' in content && content.scalar === null) return [];
  if (!('map' in content)) return wrong(place, 'must be a mapping');
  const unknown = content.map.find(([key]) => known !== undefined && !known.includes(key));
  if (unknown !== undefined) wrong(unknown[1], `is not known; known here are ${known?.join(', ')}`);
  return content.map;
}

/** The parts of a list. */
export const itemsOf = (place: Place): readonly Place[] =>
  'list' in place.content ? place.content.list : wrong(place, 'must be a list');

/** A text, number or truth value as text. */
export const textOf = (place: Place): string =>
  'scalar' in place.content && place.content.scalar !== null
    ? String(place.content.scalar)
    : wrong(place, 'must be a text');

/** One of some words. */
export function wordOf<const T extends string>(place: Place, words: readonly T[]): T {
  const text = textOf(place);
  return words.find((word) => word === text) ?? wrong(place, `must be one of ${words.join(', ')}, not ${text}`);
}

/** A mapping of names to texts. */
export const textsOf = (place: Place): Readonly<Record<string, string>> =>
  Object.fromEntries(entriesOf(place).map(([key, value]) => [key, textOf(value)]));
