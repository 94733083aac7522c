/** The command line, run in this process: a new one takes a second to load. */
import { runCommandLine } from '../../src/server/command-line/run.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

/** Runs `ossite …` to its end. One at a time: what it writes is taken from the streams of this process. */
export async function ossite(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const before = {
    env: { ...process.env },
    cwd: process.cwd(),
    stdout: process.stdout.write,
    stderr: process.stderr.write,
  };
  const catching = (name: keyof typeof written): Write =>
    ((chunk: string | Uint8Array) => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }) as Write;
  Object.assign(process.env, env);
  if (cwd !== undefined) process.chdir(cwd);
  process.stdout.write = catching('stdout');
  process.stderr.write = catching('stderr');
  try {
    const code = await runCommandLine(args);
    return { code, ...written };
  } finally {
    process.stdout.write = before.stdout;
    process.stderr.write = before.stderr;
    process.chdir(before.cwd);
    for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
    Object.assign(process.env, before.env);
  }
}
