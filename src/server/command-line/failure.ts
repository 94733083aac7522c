/** How a command ends (docs/cli.md). */
export const exitCodes = {
  0: 'it is done',
  1: 'it failed: the server or an operation refused, time ran out, something is missing',
  2: 'the command line, a setting or a seed directory is wrong',
  130: 'it was interrupted',
} as const;

export type ExitCode = keyof typeof exitCodes;

/** A command could not do what it was asked for: one line tells why. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
