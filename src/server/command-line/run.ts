/** Runs a command line to its exit code. */
import { CommanderError } from 'commander';
import { EngineMissing } from '../../processors/children.ts';
import { TaskFailure } from '../../processors/failure.ts';
import { OssError } from '../../store/errors.ts';
import { BadSetting } from '../config.ts';
import { CommandFailed, type ExitCode } from './failure.ts';
import { createProgram } from './program.ts';

/**
 * @param args without the program's name
 * @returns when the command is done, which for `start` is when the server is ready
 */
export async function runCommandLine(args: readonly string[]): Promise<ExitCode> {
  try {
    const program = await createProgram();
    // With a default command, commander takes a mistyped one for an argument of it.
    const [word = ''] = args;
    const known = [...program.commands.map((command) => command.name()), 'help'];
    if (word !== '' && !word.startsWith('-') && !known.includes(word))
      throw new CommandFailed(`unknown command ${word}; known are ${known.join(', ')}`, 2);
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has written what it has to say.
    if (!(error instanceof CommanderError)) process.stderr.write(`ossite: ${await whyNot(error)}\n`);
    return exitCodeOf(error);
  }
}

/** What the user can mend is one line; a stack is for what we must. */
async function whyNot(error: unknown): Promise<string> {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${message}: the port is taken; choose another with --port (0 takes any free one)`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') return `${message}: --host must be an address of this machine`;
  if (error instanceof OssError) {
    return [`${error.code}: ${message}`, error.elements.Detail ?? error.ec].filter((part) => part).join(' · ');
  }
  // The database is heavy, and loaded already when it is what failed.
  const { StoreUnavailable } = await import('../../store/db.ts');
  const kinds = [BadSetting, CommandFailed, EngineMissing, StoreUnavailable, TaskFailure];
  const theirs = code !== undefined || kinds.some((kind) => error instanceof kind);
  return theirs ? message : (stack ?? message);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandFailed) return error.exitCode;
  return error instanceof BadSetting ? 2 : 1;
}
