/** What the commands have in common. */
import { Command, Option } from 'commander';
import { table } from '../config.ts';

/** The default export of a file in `commands/`. */
export type MakeCommand = () => Command;

/** A command whose help ends with an example. */
export const command = (name: string, summary: string, ...examples: readonly string[]): Command =>
  new Command(name)
    .description(summary)
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);

/** Where a server is looked for when nobody says. */
const defaultEndpoint = (): string => `http://127.0.0.1:${process.env.OSSITE_PORT || table.port.default}`;

/** The option of every command that talks to a server. */
export const endpointOption = (): Option =>
  new Option('--endpoint <url>', 'Where the server is.')
    .env('OSSITE_ENDPOINT')
    .default(defaultEndpoint(), `http://127.0.0.1:${table.port.default}`);

/** Writes a line to standard output. */
export const print = (line: string): void => void process.stdout.write(`${line}\n`);
