/** Reading OSS's XML as an SDK would, without a model of each document. */

const plain = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|apos|#(\d+));/g, (_, name: string, code: string | undefined) =>
    code === undefined
      ? ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as const)[name as 'amp']
      : String.fromCodePoint(Number(code)),
  );

/** Texts of all elements of a name, in order; empty ones included. */
export const texts = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:/>|>([^<]*)</${name}>)`, 'g'))].map(([, text = '']) => plain(text));

/** Text of the one element of a name. */
export function textOf(xml: string, name: string): string {
  const found = texts(xml, name);
  if (found.length !== 1) throw new Error(`${found.length} elements ${name} in ${xml}`);
  return found[0] as string;
}

/** The insides of all elements of a name that have children. */
export const blocks = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>\\n([\\s\\S]*?)\\n\\s*</${name}>`, 'g'))].map(([, inner = '']) => inner);
