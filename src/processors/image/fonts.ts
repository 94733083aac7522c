/** The fonts OSS names, and what stands in for those that may not be given away (image.md §15). */
import { type Children, findProgram } from '../children.ts';

interface Face {
  /** A free font's family. */
  readonly family: string;
  /** Founder's song, kai, hei and fang-song faces are not free: another font of the same kind is shown. */
  readonly substitute: boolean;
}

const free = (family: string): Face => ({ family, substitute: false });
const substitute = (family: string): Face => ({ family, substitute: true });

/** The font Ossite requires: on machines without another one, that one's texts are written in it. */
const LAST = 'WenQuanYi Zen Hei';

export const DEFAULT_FONT = 'wqy-zenhei';

const faces: Readonly<Record<string, Face>> = {
  [DEFAULT_FONT]: free(LAST),
  'wqy-microhei': free('WenQuanYi Micro Hei'),
  fangzhengshusong: substitute('AR PL UMing CN'),
  fangzhengkaiti: substitute('AR PL UKai CN'),
  fangzhengheiti: substitute(LAST),
  fangzhengfangsong: substitute('AR PL UMing CN'),
  droidsansfallback: free('Droid Sans Fallback'),
};

/** Names of the fonts OSS knows. */
export const fontNames: readonly string[] = Object.keys(faces);

/** @returns a Pango family list, of which the first installed one is used; `undefined` when OSS knows no such font */
export function fontFamilies(name: string): string | undefined {
  const face = Object.hasOwn(faces, name) ? faces[name] : undefined;
  return face && [...new Set([face.family, LAST])].join(', ');
}

/** What a font's texts are written in on this machine. */
export interface FontFacts {
  /** A family, or a sentence why there is none. */
  readonly writtenIn: string;
  /** Whether that is another font than the one OSS names. */
  readonly substitute: boolean;
  /** There is nothing on this machine to write Chinese with. */
  readonly missing?: true;
}

/** Looks for the fonts: what `/_ossite/info` tells of each of OSS's names. */
export async function describeFonts(children: Children): Promise<Readonly<Record<string, FontFacts>>> {
  const installed = await chineseFamilies(children);
  const factsOf = ({ family, substitute }: Face): FontFacts => {
    if (installed === undefined) return { writtenIn: 'unknown: fc-list is not installed', substitute };
    if (installed.has(family)) return { writtenIn: family, substitute };
    // Beyond the list of families Pango takes whatever has the characters; without any, they are empty boxes.
    const other = installed.has(LAST) ? LAST : [...installed][0];
    if (other !== undefined) return { writtenIn: other, substitute: true };
    return { writtenIn: 'none: no font on this machine has Chinese characters', substitute: true, missing: true };
  };
  return Object.fromEntries(Object.entries(faces).map(([name, face]) => [name, factsOf(face)]));
}

async function chineseFamilies(children: Children): Promise<ReadonlySet<string> | undefined> {
  if ((await findProgram('fc-list')) === undefined) return undefined;
  const { stdout } = await children.run('fc-list', [':lang=zh', 'family'], { signal: AbortSignal.timeout(10_000) });
  const names = stdout.toString('utf8').split(/[\n,]/);
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
}
