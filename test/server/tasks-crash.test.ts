/** Many tasks and many SIGKILLs: each task ends once and is told once, whatever happens to the server in between. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentOf, messages } from '../helpers/messages.ts';
import { b64, fixture, saveas, type Task } from '../helpers/ossite.ts';
import { type ServerProcess, startProcess } from '../helpers/process.ts';
import { startReceiver } from '../helpers/receiver.ts';

/** `npm run test:long` sets it. */
const long = process.env.OSSITE_LONG !== undefined;
const TASKS = long ? 500 : 30;
const KILLS = long ? 8 : 3;

const root = mkdtempSync(join(tmpdir(), 'ossite-tasks-'));
const started: ServerProcess[] = [];
afterAll(async () => {
  for (const server of started) await server.stop('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

async function start(dir: string, ...flags: readonly string[]): Promise<ServerProcess> {
  const server = await startProcess(dir, ['--buckets', 'media', ...flags]);
  started.push(server);
  return server;
}

function clip(name: string, source: string): Buffer {
  const file = join(root, name);
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...encoder, file]);
  return readFileSync(file);
}

async function submit(server: ServerProcess, key: string, text: string): Promise<string> {
  const answer = await server.submitted('media', key, text);
  if (answer.status !== 200) throw new Error(answer.text);
  return (JSON.parse(answer.text) as { TaskId: string }).TaskId;
}

const told = (server: ServerProcess) => messages(server, 'limit=1000');
const allDelivered = async (server: ServerProcess) => (await told(server)).every(({ State }) => State === 'Delivered');

/** Tasks that have ended, by id, as they will have to stay. */
async function ended(server: ServerProcess): Promise<ReadonlyMap<string, Task>> {
  const { text } = await server.request('get', '/_ossite/tasks?limit=1000');
  const { tasks } = JSON.parse(text) as { tasks: readonly Task[] };
  return new Map(tasks.filter(({ Status }) => /Succeeded|Failed/.test(Status)).map((task) => [task.TaskId, task]));
}

const until = (done: () => Promise<boolean>) => vi.waitUntil(done, { timeout: 120_000, interval: 20 });

describe(`${TASKS} tasks and ${KILLS} SIGKILLs`, () => {
  it('each task ends once, with one message and whole outputs, in bounded memory', { timeout: 600_000 }, async () => {
    const dir = join(root, 'many');
    const hook = await startReceiver();
    const flags = ['--notify', `*=${hook.url}`];
    let server = await start(dir, ...flags);
    await server.put('media', 'in.mp4', clip('in.mp4', 'testsrc2=s=64x64:r=25:d=0.4'));
    const plain = sharp({ create: { width: 80, height: 80, channels: 3, background: '#888' } });
    await server.put('media', 'plain.png', await plain.png().toBuffer());

    // Most tasks are pictures without a mark, which fail in a moment; every fifth writes an object.
    const expected = new Map<string, string | undefined>();
    for (let i = 0; i < TASKS; i += 1) {
      const key = i % 5 === 0 ? `out/${i}.mkv` : undefined;
      const work = key === undefined ? 'image/deblindwatermark,s_low,t_text|sys' : `video/convert,f_mkv${saveas(key)}`;
      const source = key === undefined ? 'plain.png' : 'in.mp4';
      expected.set(await submit(server, source, `${work}/notify,topic_${b64('stress')}`), key);
    }

    const before = new Map<string, Task>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      // At a random moment of each part of the way.
      const target = ((kill + Math.random()) / KILLS) * (TASKS - 2);
      await until(async () => (await ended(server)).size > target);
      for (const [id, task] of await ended(server)) before.set(id, before.get(id) ?? task);
      await server.stop('SIGKILL');
      server = await start(dir, ...flags);
    }
    await server.request('post', '/_ossite/tasks/drain?timeout=300');
    const after = await ended(server);

    // Once, and as it was: what had ended before a kill has the very same end.
    expect([...after.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [id, task] of before) expect(after.get(id)).toEqual(task);
    for (const [id, key] of expected) {
      const task = after.get(id);
      expect(task, task?.Message).toMatchObject(
        key === undefined
          ? { Status: 'Failed', Code: 'InvalidArgument', Outputs: [] }
          : { Status: 'Succeeded', Outputs: [{ Key: key }] },
      );
      if (key === undefined) continue;
      const { bytes } = await server.get('media', key);
      const md5 = createHash('md5').update(bytes).digest('hex');
      expect([bytes.length, md5.toUpperCase()]).toEqual([task?.Outputs[0]?.Size, task?.Outputs[0]?.ETag]);
      expect(packets(bytes)).toBe(10);
    }

    // One message a task, which the receiver may have got twice.
    const sent = await told(server);
    expect(sent.map(({ TaskId }) => TaskId).sort()).toEqual([...expected.keys()].sort());
    for (const message of sent) expect(contentOf(message).Status).toBe(after.get(message.TaskId)?.Status);
    await until(() => allDelivered(server));
    const ids = new Map(
      hook.received.map(({ headers, body }) => [headers['x-ossite-message-id'], body.content.TaskId]),
    );
    expect([...ids.values()].sort()).toEqual([...expected.keys()].sort());

    expect(readdirSync(join(dir, 'tmp')).filter((name) => name.startsWith('run-'))).toEqual([]);
    if (existsSync('/proc/self/status')) {
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8')) ?? [];
      expect(Number(kilobytes)).toBeLessThan(300_000);
    }
    expect(await server.stop('SIGTERM')).toBe(0);
    await hook.close();
  });
});

/** How many pictures are in a video. */
function packets(video: Buffer): number {
  const file = join(root, 'probe.mkv');
  writeFileSync(file, video);
  const show = ['-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0'];
  return Number(
    execFileSync('ffprobe', ['-v', 'error', ...show, file])
      .toString()
      .trim(),
  );
}

describe('a task that takes the server down each time', () => {
  let source: Buffer;
  beforeAll(() => {
    source = clip('long.mp4', 'testsrc2=s=1280x720:r=25:d=4');
  });

  it('is given up the third time, is told of once, and holds up nobody', { timeout: 120_000 }, async () => {
    const dir = join(root, 'poisoned');
    // Nobody listens there until the last start: delivery goes on across restarts.
    const probe = await startReceiver();
    const port = Number(new URL(probe.url).port);
    await probe.close();
    const flags = ['--encoder-preset', 'slow', '--workers', '1', '--notify', `*=${probe.url}`];
    const notify = `/notify,topic_${b64('t')}`;

    let server = await start(dir, ...flags);
    await server.put('media', 'long.mp4', source);
    await server.put('media', 'marked.jpg', fixture('marked.jpg'));
    const harmless = () => submit(server, 'marked.jpg', `image/deblindwatermark,s_medium,t_text|sys${notify}`);
    const first = await harmless();
    expect(await server.finished(first)).toMatchObject({ Status: 'Succeeded' });
    const poisoned = await submit(server, 'long.mp4', `video/convert,f_mp4,vcodec_h265${saveas('bad.mp4')}${notify}`);
    const innocent = await harmless();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await until(async () => {
        const task = JSON.parse((await server.request('get', `/_ossite/tasks/${poisoned}`)).text) as Task;
        return task.Status === 'Running' && task.Attempts === attempt;
      });
      await server.stop('SIGKILL');
      if (attempt < 3) server = await start(dir, ...flags);
    }

    const hook = await startReceiver(() => 204, port);
    server = await start(dir, ...flags);
    expect(await server.finished(innocent)).toMatchObject({ Status: 'Succeeded', Attempts: 1 });
    expect(await server.finished(poisoned)).toMatchObject({
      Status: 'Failed',
      Code: 'InternalError',
      Message: 'Given up: the server ended unexpectedly 3 times while this task was running.',
      Attempts: 3,
      Outputs: [],
    });
    expect((await server.request('head', '/media/bad.mp4')).status).toBe(404);
    await until(() => allDelivered(server));
    const sent = await told(server);
    expect(sent.map(({ TaskId }) => TaskId).sort()).toEqual([first, innocent, poisoned].sort());
    expect(sent.find(({ TaskId }) => TaskId === first)?.Attempts).toBeGreaterThan(1);
    expect(hook.received.find(({ body }) => body.content.TaskId === poisoned)?.body.content).toMatchObject({
      Status: 'Failed',
      Code: 'InternalError',
      Targets: [],
    });
    expect(await server.stop('SIGTERM')).toBe(0);
    await hook.close();
  });
});
