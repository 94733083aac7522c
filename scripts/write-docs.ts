/**
 * Writes the parts of the documentation that are derived from the code: `npm run docs`. A test compares, so they can not
 * go stale. A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeBuiltInStyles } from '../src/processors/built-in-styles.ts';
import { loadRegistry, type OperationFacts } from '../src/processors/registry.ts';
import { describeVariables } from '../src/processors/variables.ts';
import { exitCodes } from '../src/server/command-line/failure.ts';
import { environmentName, settingNames, table } from '../src/server/config.ts';
import { loadRoutes } from '../src/server/control/index.ts';
import { loadImmActions } from '../src/server/imm/index.ts';
import { loadActions } from '../src/server/router.ts';
import type { Setting } from '../src/server/setting-kinds.ts';
import { actionInputs } from './action-docs.ts';
import { commandsPage, sdksPage } from './command-docs.ts';
import { coverageCounts, coveragePage } from './coverage-docs.ts';
import { markdownTable } from './markdown.ts';
import { familiesTable, mediaPage, operationsPage } from './operation-docs.ts';

const root = new URL('../', import.meta.url);

const title = (facts: OperationFacts) => `\`${facts.family}/${facts.name}\``;

/** The derived parts by name. */
export async function derivedParts(): Promise<Readonly<Record<string, string>>> {
  const operations = (await loadRegistry()).describe();
  const actions = await loadActions();
  const available = operations.filter(({ fidelity }) => fidelity !== 'refused');
  const links = (found: readonly { readonly name: string; readonly docs: string }[]) =>
    [...found]
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ name, docs }) => `[${name}](${docs})`)
      .join(' · ');
  const settings = settingNames.map((name) => {
    const { default: usual, doc, shown }: Setting<unknown> = table[name];
    const written = shown ?? (usual === '' ? '' : `\`${usual}\``);
    return [`\`--${name}\``, `\`${environmentName(name)}\``, written, doc];
  });
  return {
    families: familiesTable(available),
    operations: markdownTable(
      ['operation', 'request', 'does', 'fidelity'],
      available.map((facts) => [title(facts), facts.modes.join(', '), facts.summary, facts.fidelity]),
    ),
    fidelity: markdownTable(
      ['operation', 'fidelity', 'visible difference, or reason'],
      operations.map((facts) => [title(facts), facts.fidelity, facts.because ?? '']),
    ),
    parameters: operationsPage(available),
    variables: markdownTable(
      ['variable', 'meaning'],
      describeVariables().map(({ name, doc }) => [`\`{${name}}\``, doc]),
    ),
    styles: markdownTable(
      ['style', 'content'],
      describeBuiltInStyles().map(({ name, content }) => [`\`style/${name}\``, `\`${content}\``]),
    ),
    coverage: coveragePage(actions, markdownTable),
    counts: coverageCounts(actions, markdownTable),
    imm: links(await loadImmActions()),
    control: markdownTable(
      ['request', 'answer'],
      (await loadRoutes()).map(({ method, path, doc }) => [`\`${method} /_ossite/${path}\``, doc]),
    ),
    media: mediaPage(available),
    commands: await commandsPage(),
    sdks: sdksPage(),
    exits: markdownTable(['exit code', 'meaning'], Object.entries(exitCodes)),
    inputs: markdownTable(['input', 'default', 'meaning'], actionInputs()),
    settings: markdownTable(['flag', 'environment', 'default', 'meaning'], settings),
  };
}

/** Files that hold derived parts. */
export const derivedFiles = [
  'README.md',
  'README.zh-CN.md',
  'docs/ci.md',
  'docs/cli.md',
  'docs/coverage.md',
  'docs/fidelity.md',
  'docs/media.md',
  'docs/operations.md',
  'docs/sdks.md',
  'docs/settings.md',
  'docs/testing.md',
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
