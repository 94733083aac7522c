import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
}

/** Rows of action.yml's inputs: name, default, meaning. */
export function actionInputs(): readonly (readonly string[])[] {
  const { inputs } = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8')) as Action;
  return Object.entries(inputs).map(([name, { default: usual, description }]) => [
    `\`${name}\``,
    usual === '' ? '' : `\`${usual}\``,
    description,
  ]);
}
