/** What a server that is killed or stopped leaves behind, and what the next one makes of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveas, type Task } from '../helpers/ossite.ts';
import { processesWith, type ServerProcess, startProcess } from '../helpers/process.ts';

const root = mkdtempSync(join(tmpdir(), 'ossite-crash-'));
let clip: Buffer;
const started: ServerProcess[] = [];

beforeAll(() => {
  const file = join(root, 'clip.mp4');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=25:d=4',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    file,
  ]);
  clip = readFileSync(file);
});
afterAll(async () => {
  for (const server of started) await server.stop('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** With a slow preset for a transcode that must still be running when the server goes. */
async function start(dir: string, preset: 'slow' | 'ultrafast' = 'ultrafast'): Promise<ServerProcess> {
  const server = await startProcess(dir, ['--encoder-preset', preset]);
  started.push(server);
  return server;
}

const until = async (done: () => boolean | Promise<boolean>) => {
  const end = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** Submits a transcode and returns when it is under way. */
async function underWay(server: ServerProcess): Promise<string> {
  await server.ensureBucket('videos');
  await server.put('videos', 'in.mp4', clip);
  const answer = await server.submitted(
    'videos',
    'in.mp4',
    `video/convert,f_mp4,vcodec_h265,vb_1000000${saveas('out.mp4')}`,
  );
  const { TaskId } = JSON.parse(answer.text) as { TaskId: string };
  await until(async () => {
    const task = JSON.parse((await server.request('get', `/_ossite/tasks/${TaskId}`)).text) as Task;
    if (task.Status !== 'Queued' && task.Status !== 'Running')
      throw new Error(`over too soon: ${task.Status} ${task.Message}`);
    return task.Progress > 0;
  });
  return TaskId;
}

async function finishedWhole(server: ServerProcess, taskId: string): Promise<Task> {
  const task = await server.finished(taskId);
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
  const { bytes } = await server.get('videos', 'out.mp4');
  expect(bytes.length).toBe(task.Outputs[0]?.Size);
  const file = join(root, 'probe.mp4');
  writeFileSync(file, bytes);
  const probed = execFileSync('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-show_entries',
    'stream=codec_name,nb_read_frames',
    '-of',
    'csv=p=0',
    file,
  ]);
  expect(probed.toString().trim()).toBe('hevc,100');
  return task;
}

describe('SIGKILL in the middle of a transcode', () => {
  it('leaves no ffmpeg and no half object; the next start finishes the task', async () => {
    const dir = join(root, 'killed');
    const first = await start(dir, 'slow');
    const id = await underWay(first);
    expect(processesWith(dir).some((line) => line.includes('ffmpeg'))).toBe(true);
    await first.stop('SIGKILL');
    await until(() => processesWith(dir).length === 0);

    const second = await start(dir);
    const listed = await second.get('videos', '');
    const task = JSON.parse((await second.request('get', `/_ossite/tasks/${id}`)).text) as Task;
    if (task.Status !== 'Succeeded') expect(listed.text).not.toContain('out.mp4');
    expect(await finishedWhole(second, id)).toMatchObject({ Attempts: 2 });
    expect(readdirSync(join(dir, 'tmp')).filter((name) => name.startsWith('run-'))).toEqual([]);
    expect(await second.stop('SIGTERM')).toBe(0);
  });
});

describe('SIGTERM in the middle of a transcode', () => {
  it('ends with code 0 at once, leaves nothing running, and the task goes on at the next start', async () => {
    const dir = join(root, 'stopped');
    const first = await start(dir, 'slow');
    const id = await underWay(first);
    const began = Date.now();
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(processesWith(dir)).toEqual([]);
    const second = await start(dir);
    // Being stopped is not a failed attempt.
    expect(await finishedWhole(second, id)).toMatchObject({ Attempts: 1 });
    expect(await second.stop('SIGTERM')).toBe(0);
  });
});

describe('the start', () => {
  it('says where it listens in its first line', async () => {
    const server = await start(join(root, 'line'));
    expect(server.firstLine).toMatch(/^ossite ready on http:\/\/127\.0\.0\.1:\d+ in \d+ ms$/);
    expect((await server.request('get', '/_ossite/ready')).status).toBe(200);
    expect(await server.stop('SIGINT')).toBe(0);
  });

  it.each([
    [['strat'], /unknown command strat; known are doctor, env, /],
    [['start', '--nonsense'], /unknown option '--nonsense'/],
    [['start', '--workers', 'many'], /--workers must be an integer from 1 to 64, not "many"/],
    [['start', '--auth', 'maybe'], /--auth must be one of off, lenient, strict, not "maybe"/],
    [['start', '--buckets', 'A_B'], /--buckets must be/],
  ])('%j stops it with one clear line', (flags, expected) => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/server/main.ts', ...flags], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(stderr).toMatch(expected);
  });
});
