/** Servers as processes of their own, for tests that kill them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { frontDoor } from './ossite.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** What is started: the sources; or what `npm test` has built, where the loader of sources would count. */
const mains = {
  source: ['--import', 'tsx', path('src/server/main.ts')],
  built: [path('dist/server/main.js')],
} as const;

export interface ServerProcess extends ReturnType<typeof frontDoor> {
  readonly endpoint: string;
  readonly firstLine: string;
  readonly child: ChildProcess;
  /** Sends a signal and waits for the end. @returns exit code, or `null` after a kill */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `ossite start` and waits for its ready line. @param within a command that executes the one behind it */
export async function startProcess(
  dataDir: string,
  flags: readonly string[] = [],
  { within = [], what = 'source' }: { readonly within?: readonly string[]; readonly what?: keyof typeof mains } = {},
): Promise<ServerProcess> {
  const args = [...mains[what], 'start', '--port', '0', '--data-dir', dataDir, '--log', 'error', ...flags];
  const [program = '', ...rest] = [...within, process.execPath, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    out += chunk;
    if (out.includes('\n')) break;
  }
  const firstLine = out.split('\n', 1)[0] ?? '';
  const endpoint = /http:\/\/\S+/.exec(firstLine)?.[0];
  if (endpoint === undefined) throw new Error(`no ready line: ${out}`);
  return {
    ...frontDoor(endpoint),
    endpoint,
    firstLine,
    child,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** Command lines of processes that mention a text, such as a data directory. */
export function processesWith(text: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'args']).toString().split('\n');
  return lines.filter((line) => line.includes(text) && !line.includes('ps -eo'));
}
