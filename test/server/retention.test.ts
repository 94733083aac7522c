/** What the next server, a week later, still knows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSettings } from '../../src/server/config.ts';
import { start } from '../../src/server/start.ts';
import { b64, fixture, frontDoor } from '../helpers/ossite.ts';

const DAY = 24 * 3_600_000;

it.each([
  [6.9, 200, 1],
  [7.1, 404, 0],
])('%d days later a task is answered with %i', async (days, status, messages) => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-retention-'));
  const settings = readSettings({ port: '0', 'data-dir': dir, log: 'error', buckets: 'media' }, {});
  const first = await start(settings);
  await first.ready;
  const door = frontDoor(first.endpoint);
  await door.put('media', 'marked.jpg', fixture('marked.jpg'));
  const process = `image/deblindwatermark,s_medium,t_text|sys/notify,topic_${b64('t')}`;
  const task = await door.converted('media', 'marked.jpg', process);
  expect(task.Status).toBe('Succeeded');
  await first.close();

  const later = await start(settings, () => Date.now() + days * DAY);
  const { request } = frontDoor(later.endpoint);
  expect((await request('get', `/_ossite/tasks/${task.TaskId}`)).status).toBe(status);
  const rpc = `Action=GetTask&Version=2020-09-30&ProjectName=p&TaskType=${task.TaskType}&TaskId=${task.TaskId}`;
  expect((await request('get', `/?${rpc}`)).status).toBe(status);
  const { text } = await request('get', '/_ossite/messages');
  expect((JSON.parse(text) as { messages: unknown[] }).messages).toHaveLength(messages);
  await later.close();
  rmSync(dir, { recursive: true });
});
