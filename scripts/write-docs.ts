/**
 * Writes the parts of the documentation that are derived from the code: `npm run docs`. A test compares, so they can not
 * go stale. A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadRegistry, type OperationFacts } from '../src/processors/registry.ts';
import { describeVariables } from '../src/processors/variables.ts';
import { environmentName, settingNames, table } from '../src/server/config.ts';
import { loadRoutes } from '../src/server/control/index.ts';
import { loadActions } from '../src/server/router.ts';

const root = new URL('../', import.meta.url);

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const title = (facts: OperationFacts) => `\`${facts.family}/${facts.name}\``;

/** The derived parts by name. */
export async function derivedParts(): Promise<Readonly<Record<string, string>>> {
  const operations = (await loadRegistry()).describe();
  const available = operations.filter(({ fidelity }) => fidelity !== 'refused');
  const actions = [...(await loadActions())].sort((a, b) => a.name.localeCompare(b.name));
  const settings = settingNames.map((name) => {
    const usual = table[name].default;
    return [`\`--${name}\``, `\`${environmentName(name)}\``, usual === '' ? '' : `\`${usual}\``, table[name].doc];
  });
  return {
    operations: markdownTable(
      ['operation', 'request', 'does', 'fidelity'],
      available.map((facts) => [title(facts), facts.modes.join(', '), facts.summary, facts.fidelity]),
    ),
    fidelity: markdownTable(
      ['operation', 'fidelity', 'visible difference, or reason'],
      operations.map((facts) => [title(facts), facts.fidelity, facts.because ?? '']),
    ),
    parameters: available
      .map((facts) => {
        const rows = facts.parameters.map((p) => [
          p.bare ? '(bare)' : `\`${p.name}\``,
          p.expected,
          p.required ? 'required' : p.default === undefined ? '' : `\`${String(p.default)}\``,
          p.doc,
        ]);
        const examples = facts.examples.map((e) => `- \`${e.process}\` on \`${e.of}\`: ${e.shows}`);
        const body =
          rows.length === 0 ? 'No parameters.' : markdownTable(['parameter', 'must be', 'default', 'meaning'], rows);
        return [
          `### ${title(facts)}`,
          '',
          facts.summary,
          '',
          body,
          ...(examples.length === 0 ? [] : ['', ...examples]),
        ].join('\n');
      })
      .join('\n\n'),
    variables: markdownTable(
      ['variable', 'meaning'],
      describeVariables().map(({ name, doc }) => [`\`{${name}}\``, doc]),
    ),
    actions: actions.map(({ name, docs }) => `[${name}](${docs})`).join(' · '),
    control: markdownTable(
      ['request', 'answer'],
      (await loadRoutes()).map(({ method, path, doc }) => [`\`${method} /_ossite/${path}\``, doc]),
    ),
    settings: markdownTable(['flag', 'environment', 'default', 'meaning'], settings),
  };
}

/** Files that hold derived parts. */
export const derivedFiles = [
  'README.md',
  'README.zh-CN.md',
  'docs/fidelity.md',
  'docs/operations.md',
  'docs/settings.md',
] as const;

/** A file's text with its derived parts as they should be. */
export function withParts(text: string, parts: Readonly<Record<string, string>>): string {
  return text.replace(
    /(<!-- begin ([a-z]+) -->\n)[\s\S]*?(<!-- end \2 -->)/g,
    (_, begin: string, name: string, end: string) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`no derived part is called ${name}`);
      return `${begin}${part}\n${end}`;
    },
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parts = await derivedParts();
  for (const name of derivedFiles) {
    const file = new URL(name, root);
    writeFileSync(file, withParts(readFileSync(file, 'utf8'), parts));
  }
}
