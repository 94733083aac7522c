/** What the documentation says of each processing operation: its parameters, and a command that can be pasted. */
import type { OperationFacts, ParameterFacts } from '../src/processors/registry.ts';
import { markdownTable } from './markdown.ts';

/** All operations with their parameters and examples. */
export const operationsPage = (facts: readonly OperationFacts[]): string =>
  facts
    .map((one) => {
      const examples = one.examples.map((e) => `- \`${e.process}\` on \`${e.of}\`: ${e.shows}`).join('\n');
      const parts = [`### \`${one.family}/${one.name}\``, one.summary, ...parameters(one), examples];
      return parts.filter((part) => part !== '').join('\n\n');
    })
    .join('\n\n');

/** Names alone, a row for each family, in words that every language reads: for the README. */
export function familiesTable(facts: readonly OperationFacts[]): string {
  const linked = (found: readonly OperationFacts[]) =>
    found.map(({ family, name }) => `[${name}](docs/operations.md#${family}${name})`).join(' · ');
  const rows = [...new Set(facts.map(({ family }) => family))].map((family) => {
    const own = facts.filter((one) => one.family === family);
    return [family, ...['sync', 'async'].map((mode) => linked(own.filter(({ modes }) => modes.includes(mode))))];
  });
  return markdownTable(['', '`x-oss-process`', '`x-oss-async-process`'], rows);
}

/** The families of docs/media.md, in its order. */
const mediaFamilies = ['video', 'audio', 'hls'];

/** Video and audio: parameters, how true it is, and a command. */
export const mediaPage = (facts: readonly OperationFacts[]): string =>
  mediaFamilies
    .flatMap((family) => facts.filter((one) => one.family === family))
    .map((one) =>
      [
        `## ${one.family}/${one.name}`,
        `${one.summary} [OSS's page](${one.docs})`,
        ...(one.because === undefined ? [] : [`Approximate: ${one.because}.`]),
        ...parameters(one),
        ...one.examples.slice(0, 1).flatMap((e) => [`${capital(e.shows)}:`, `\`\`\`sh\n${command(one, e)}\n\`\`\``]),
      ].join('\n\n'),
    )
    .join('\n\n');

function parameters(facts: OperationFacts): readonly string[] {
  const rows = (list: readonly ParameterFacts[]) =>
    markdownTable(
      ['parameter', 'must be', 'default', 'meaning'],
      list.map((p) => [p.bare ? '(bare)' : `\`${p.name}\``, p.expected, standing(p), p.doc]),
    );
  const clauses = Object.entries(facts.clauses ?? {}).flatMap(([name, list]) => [
    `Each \`/${name}\` behind it:`,
    rows(list),
  ]);
  return [facts.parameters.length === 0 ? 'No parameters.' : rows(facts.parameters), ...clauses];
}

const standing = (p: ParameterFacts) =>
  p.required ? 'required' : p.default === undefined ? '' : `\`${String(p.default)}\``;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const ENDPOINT = 'http://127.0.0.1:6770/demo';

/** Where the commands of the page save to: variables give each output a name of its own. */
const TARGET = 'out/{barename}-{index}.{autoext}';
/** A playlist's target is the stem of several names. */
const STEM = 'out/{barename}';

function command({ modes, saved }: OperationFacts, { of, process }: OperationFacts['examples'][number]): string {
  if (saved) return post(of, 'x-oss-process', process, STEM);
  if (modes.includes('async')) return post(of, 'x-oss-async-process', process, TARGET);
  return `curl -s -o result '${ENDPOINT}/${of}?x-oss-process=${process}'`;
}

const post = (of: string, parameter: string, process: string, target: string) =>
  [
    `# o_ is ${target} in Base64`,
    `curl -s -X POST '${ENDPOINT}/${of}?${parameter}' \\`,
    `  -d '${parameter}=${process}|sys/saveas,o_${Buffer.from(target).toString('base64url')}'`,
  ].join('\n');
