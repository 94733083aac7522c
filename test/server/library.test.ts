import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Ossite, type OssiteOptions, startOssite } from '../../src/server/index.ts';
import { fixture, frontDoor, saveas } from '../helpers/ossite.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-library-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

const running: Ossite[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(options: OssiteOptions = {}) {
  const server = await startOssite({ port: 0, storage: 'memory', log: 'silent', ...options });
  running.push(server);
  return { server, door: frontDoor(server.endpoint) };
}

/** Submits a task. @returns its id */
async function submit(door: ReturnType<typeof frontDoor>, process: string): Promise<string> {
  await door.put('media', 'clip.mp4', fixture('clip.mp4'));
  const { text } = await door.submitted('media', 'clip.mp4', process);
  return (JSON.parse(text) as { TaskId: string }).TaskId;
}

describe('startOssite', () => {
  it('is ready when it resolves, and takes settings in camel case', async () => {
    const { server, door } = await start({
      buckets: ['media', 'site:public-read'],
      strictParams: true,
      accessKeys: ['a:b', 'c:d'],
    });
    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await door.request('get', '/_ossite/ready')).status).toBe(200);
    expect((await door.request('get', '/site/?acl')).text).toContain('public-read');
    const { settings } = JSON.parse((await door.request('get', '/_ossite/info')).text) as {
      settings: Record<string, unknown>;
    };
    expect(settings).toMatchObject({ 'strict-params': true, 'access-keys': expect.arrayContaining(['a', 'c']) });
  });

  it('tasks.wait resolves with the task, however it ended', async () => {
    const { server, door } = await start({ buckets: ['media'] });
    const good = await server.tasks.wait(await submit(door, `video/convert,f_mkv${saveas('out.mkv')}`));
    expect(good).toMatchObject({ state: 'Succeeded', outputs: [{ bucket: 'media', key: 'out.mkv' }] });
    const bad = await server.tasks.wait(await submit(door, `video/convert,f_webm${saveas('out.webm')}`));
    expect(bad).toMatchObject({ state: 'Failed', code: 'InvalidArgument' });
  });

  it('tasks.wait rejects when time is over, and for a task that is not there', async () => {
    const { server, door } = await start({ buckets: ['media'] });
    const id = await submit(door, `video/convert,f_mkv,vcodec_vp9,crf_0,s_1920x1080${saveas('out.mkv')}`);
    await expect(server.tasks.wait(id, 50)).rejects.toThrow(`task ${id} has not ended after 50 ms`);
    await expect(server.tasks.wait('nope')).rejects.toThrow('there is no task nope');
  });

  it('reset brings the start back', async () => {
    const { server, door } = await start({ buckets: ['media', 'other'] });
    await door.ensureBucket('later');
    for (const bucket of ['media', 'other']) await door.put(bucket, 'a', Buffer.from('x'));
    await server.reset({ buckets: ['media'] });
    expect([(await door.head('media', 'a')).status, (await door.head('other', 'a')).status]).toEqual([404, 200]);
    await server.reset();
    expect((await door.get('later', '')).status).toBe(404);
    expect((await door.get('other', '')).status).toBe(200);
  });

  it('close frees everything, and may be called again', async () => {
    const dataDir = join(dir, 'data');
    const { server, door } = await start({ storage: 'disk', dataDir, buckets: ['media'] });
    await submit(door, `video/convert,f_mkv,vcodec_vp9,crf_0,s_1920x1080${saveas('out.mkv')}`);
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await expect(fetch(server.endpoint)).rejects.toThrow();
    // The directory is free for the next one, and the port as well.
    const { port } = new URL(server.endpoint);
    const { door: again } = await start({ storage: 'disk', dataDir, port: Number(port) });
    expect((await again.head('media', 'clip.mp4')).status).toBe(200);
  });

  it('close wakes whoever waits for a task, and does not wait for them', async () => {
    const { server, door } = await start({ storage: 'memory', buckets: ['media'] });
    const id = await submit(door, `video/convert,f_mkv,vcodec_vp9,crf_0,s_1920x1080${saveas('out.mkv')}`);
    const waiting = expect(server.tasks.wait(id)).rejects.toThrow(/^the server at .* is closed$/);
    const polls = [
      door.request('get', `/_ossite/tasks/${id}?wait=60`),
      door.request('post', '/_ossite/tasks/drain?timeout=60'),
    ];
    // They wait when somebody who came later has been answered.
    await door.request('get', '/_ossite/live');
    await server.close();
    const [one, drain] = await Promise.all(polls);
    // What closes the server breaks no connection off: that would be after ten seconds.
    expect([one?.status, (JSON.parse(one?.text ?? '') as { Status: string }).Status]).toEqual([200, 'Queued']);
    expect([drain?.status, JSON.parse(drain?.text ?? '')]).toEqual([408, { drained: false, pending: 1 }]);
    await waiting;
  });

  it('what is asked of a closed one is refused', async () => {
    const { server } = await start({});
    await server.close();
    await expect(server.reset()).rejects.toThrow(/^the server at .* is closed$/);
    await expect(server.tasks.wait('x')).rejects.toThrow(/^the server at .* is closed$/);
  });

  it.each([
    [{ workers: 0 }, '--workers must be an integer from 1 to 64, not "0"'],
    [{ colour: 'red' }, 'unknown setting colour'],
  ])('%j is refused', async (options, message) => {
    await expect(startOssite(options as OssiteOptions)).rejects.toThrow(message);
  });
});
