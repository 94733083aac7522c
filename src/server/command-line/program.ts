/** All commands, as commander wants them. */
import { Command } from 'commander';
import { loadFolder } from '../folder.ts';
import { version } from '../version.ts';
import type { MakeCommand } from './command.ts';
import { exitCodes } from './failure.ts';

/** What `ossite` without a command does. */
const USUAL = 'start';

/** Finds the commands; nothing runs yet. A wrong command line throws CommanderError instead of ending the process. */
export async function createProgram(): Promise<Command> {
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`);
  const program = new Command('ossite')
    .description('A local emulator of Alibaba Cloud OSS with real media processing.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, 'ossite:')) })
    .addHelpText(
      'after',
      `\nEvery option of start can be given as environment variable OSSITE_… or in ossite.yaml; flags win.`,
    )
    .addHelpText('after', `\nExit codes:\n${codes.join('\n')}`);
  const makers = await loadFolder<MakeCommand>(new URL('../commands/', import.meta.url));
  const commands = makers.map((make) => make().copyInheritedSettings(program).allowExcessArguments(false));
  for (const made of commands.sort((a, b) => a.name().localeCompare(b.name())))
    program.addCommand(made, { isDefault: made.name() === USUAL });
  return program;
}
