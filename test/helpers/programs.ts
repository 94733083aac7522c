/** Programs that tests run beside a server of this process: never synchronously, or it could not answer. */
import { execFile as start } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(start);

/** @returns what it printed; fails where it does */
export async function execFile(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, args, { cwd, timeout: 60_000 });
  return stdout;
}
