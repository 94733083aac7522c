/** Programs that tests run beside a server of this process: never synchronously, or it could not answer. */
import { fork, execFile as start } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(start);

/** @returns what it printed; fails where it does */
export async function execFile(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, args, { cwd, timeout: 60_000 });
  return stdout;
}

/** Runs programs for Node one after another in one process, as `node PROGRAM` would: what they import is loaded once. */
export function nodeRunner() {
  const child = fork(fileURLToPath(new URL('./node-runner.mjs', import.meta.url)), { execArgv: [] });
  return {
    /** @returns what it printed; fails where it does */
    async run(file: string, cwd: string): Promise<string> {
      child.send({ file, cwd });
      const [{ out, error }] = (await once(child, 'message')) as [{ readonly out?: string; readonly error?: string }];
      if (out === undefined) throw new Error(error);
      return out;
    },
    end: () => child.kill(),
  };
}
