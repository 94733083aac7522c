/**
 * The one door to child processes. Each runs in a process group of its own and is ended as a group: at its deadline, on
 * cancel, when the server closes, and, through a watchdog, when the server itself is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** How a child ended. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Up to `maxOutput` bytes. */
  readonly stdout: Buffer;
  /** The last 64 KiB. */
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Bytes of standard output kept; more ends the child. Default 16 MiB. */
  readonly maxOutput?: number;
  /** Niceness, so that the API keeps answering while engines work. Default 5. */
  readonly nice?: number;
}

export interface Children {
  /**
   * Runs a program to its end. The exit code is the caller's to judge: engines lie (media.md §23).
   * @throws the signal's reason when it fires, `EngineMissing` when the program is not installed
   */
  run(program: string, args: readonly string[], options: RunOptions): Promise<Finished>;
  /** Starts a program that stays, such as a resident office; it is ended by `end` or `close`. @throws EngineMissing */
  start(program: string, args: readonly string[], options?: { env?: NodeJS.ProcessEnv }): Promise<ChildProcess>;
  /** Guards a group leader that a library started. */
  adopt(pid: number): void;
  /** Ends a whole group at once. Safe to call for one that is gone. */
  end(pid: number): void;
  /** Ends everything that still runs. */
  close(): void;
}

/** A program Ossite needs is not installed. */
export class EngineMissing extends Error {
  override readonly name = 'EngineMissing';
  readonly program: string;
  constructor(program: string) {
    super(`${program} is not installed on this machine`);
    this.program = program;
  }
}

const STDERR_TAIL = 64 * 1024;

/**
 * Reads "+ pid" and "- pid" lines; at the end of its input, which is when the server dies however it dies, it kills the
 * groups still listed. Plain sh, so that Linux and macOS need nothing more.
 */
const WATCHDOG = `trap '' INT TERM HUP
groups=' '
while read -r op id; do
  case $op in
    +) groups="$groups$id " ;;
    -) groups="\${groups%% $id *} \${groups#* $id }" ;;
  esac
done
for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done`;

/** Opens the door; every Ossite instance has its own. */
export function createChildren(): Children {
  const groups = new Set<number>();
  let watchdog: ChildProcess | undefined;

  function tell(line: string): void {
    if (watchdog === undefined) {
      watchdog = spawn('/bin/sh', ['-c', WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
      watchdog.on('error', () => {});
      watchdog.stdin?.on('error', () => {});
      watchdog.unref();
      (watchdog.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    }
    watchdog.stdin?.write(`${line}\n`);
  }

  function adopt(pid: number): void {
    groups.add(pid);
    tell(`+ ${pid}`);
  }

  function forget(pid: number): void {
    if (groups.delete(pid)) tell(`- ${pid}`);
  }

  function end(pid: number): void {
    killGroup(pid);
    forget(pid);
  }

  async function start(
    program: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string; nice?: number } = {},
  ): Promise<ChildProcess> {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new EngineMissing(program) : error),
      );
    });
    child.on('error', () => {});
    const pid = child.pid as number;
    adopt(pid);
    child.once('exit', () => {
      // The leader may leave children of its own behind.
      end(pid);
    });
    return child;
  }

  async function run(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
    options.signal.throwIfAborted();
    const niced = ['-n', String(options.nice ?? 5), program, ...args];
    await mustExist(program);
    const child = await start('nice', niced, options);
    const kept: Buffer[] = [];
    const limit = options.maxOutput ?? 16 * 1024 * 1024;
    let size = 0;
    let overflow = false;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) kept.push(chunk);
      else if (!overflow) {
        overflow = true;
        end(child.pid as number);
      }
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_TAIL);
    });
    const abort = () => end(child.pid as number);
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
        child.once('close', (code, signal) => resolve([code, signal]));
      });
      options.signal.throwIfAborted();
      return { code: overflow ? (code ?? 1) : code, signal, stdout: Buffer.concat(kept), stderr };
    } finally {
      options.signal.removeEventListener('abort', abort);
    }
  }

  return {
    run,
    start,
    adopt,
    end,
    close() {
      for (const pid of [...groups]) end(pid);
      watchdog?.stdin?.end();
      watchdog = undefined;
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already, or (a library's child in its first instant) not yet the leader of its group.
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone.
    }
  }
}

/** Where a program is, looked up as the shell does. */
export async function findProgram(program: string): Promise<string | undefined> {
  const places = program.includes('/')
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, program));
  for (const path of places) {
    if (await executable(path)) return path;
  }
  return undefined;
}

/** The first of a program's names under which it is installed. */
export async function firstInstalled(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if ((await findProgram(name)) !== undefined) return name;
  return undefined;
}

const executable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function mustExist(program: string): Promise<void> {
  if ((await findProgram(program)) === undefined) throw new EngineMissing(program);
}
