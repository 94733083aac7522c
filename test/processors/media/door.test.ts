/** The door to ffmpeg itself: nothing outlives a deadline or the server. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createChildren } from '../../../src/processors/children.ts';
import { ffmpeg } from '../../../src/processors/media/ffmpeg.ts';
import { endless } from './endless.ts';

const children = createChildren();
let server: ChildProcess | undefined;
afterEach(() => server?.kill('SIGKILL'));

/** Lines of `ps` about the living ffmpegs with a mark in their arguments. */
function running(mark: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'comm,stat,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => /^ffmpeg +[^Z]/.test(line) && line.includes(mark));
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited 30 s in vain');
    await new Promise((next) => setTimeout(next, 50));
  }
}

it('ends ffmpeg at the deadline and passes the reason on', async () => {
  const deadline = new AbortController();
  const run = ffmpeg(...endless('mark-deadline', children, deadline.signal));
  const failed = expect(run).rejects.toThrow('too late');
  await until(() => running('mark-deadline').length === 1);
  deadline.abort(new Error('too late'));
  await failed;
  await until(() => running('mark-deadline').length === 0);
});

it('leaves no ffmpeg behind when the server is killed', async () => {
  const script = fileURLToPath(new URL('./endless.ts', import.meta.url));
  server = spawn(process.execPath, ['--import', 'tsx', script, 'mark-killed'], { stdio: 'ignore' });
  await until(() => running('mark-killed').length === 1);
  server.kill('SIGKILL');
  await until(() => running('mark-killed').length === 0);
});
