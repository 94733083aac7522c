/** IMM's GetTask and ListTasks, as RPC clients call them (documents-styles-tasks.md §6.2). */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { immCall, type Json, type Params, type Style, styleNames } from '../helpers/imm.ts';
import { b64, fixture, frontDoor, saveas } from '../helpers/ossite.ts';

interface Info extends Json {
  readonly TaskId: string;
}

let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
/** Task ids by what became of them. */
const ids: Record<'succeeded' | 'failed' | 'canceled' | 'running' | 'queued', string> = {
  succeeded: '',
  failed: '',
  canceled: '',
  running: '',
  queued: '',
};
let submittedAs: Json;

const slow = 'video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_20';

async function submit(process: string, key = 'clip.mp4'): Promise<string> {
  const { status, text } = await door.submitted('media', key, process);
  if (status !== 200) throw new Error(text);
  const { TaskId } = JSON.parse(text) as { TaskId: string };
  return TaskId;
}

beforeAll(async () => {
  // One worker: the slow task keeps the last one waiting.
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    workers: 1,
    buckets: ['media'],
  });
  door = frontDoor(ossite.endpoint);
  await door.put('media', 'clip.mp4', fixture('clip.mp4'));
  const tiny = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  await door.put('media', 'tiny.png', tiny);
  const answer = await door.submitted(
    'media',
    'clip.mp4',
    `video/convert,f_mkv${saveas('a.mkv')}/notify,topic_${b64('t')}`,
  );
  submittedAs = JSON.parse(answer.text) as Json;
  ids.succeeded = String(submittedAs.TaskId);
  ids.failed = await submit('image/deblindwatermark,s_low,t_text|sys/notify', 'tiny.png');
  await door.finished(ids.failed);
  ids.canceled = await submit(`${slow}${saveas('b.mp4')}`);
  await door.request('post', `/_ossite/tasks/${ids.canceled}/cancel`);
  await door.finished(ids.canceled);
  ids.running = await submit(`${slow}${saveas('c.mp4')}`);
  ids.queued = await submit(`${slow}${saveas('d.mp4')}`);
});
afterAll(async () => {
  for (const id of [ids.queued, ids.running]) await door.request('post', `/_ossite/tasks/${id}/cancel`);
  await ossite.close();
});

const call = (params: Params, style?: Style) => immCall(door.request, params, style);
const getTask = (id: string, more: Params = {}) =>
  call({ Action: 'GetTask', TaskType: id.slice(0, id.indexOf('-')), TaskId: id, ...more });

async function listTasks(params: Params = {}): Promise<Json & { readonly Tasks: readonly Info[] }> {
  const { status, body } = await call({ Action: 'ListTasks', ...params });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Json & { Tasks: readonly Info[] };
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);

describe('GetTask', () => {
  it.each(styleNames)('%s', async (style) => {
    const params = { Action: 'GetTask', TaskType: 'MediaConvert', TaskId: ids.succeeded };
    const { status, body } = await call(params, style);
    expect(status).toBe(200);
    // Members without a value are absent.
    expect(body).toEqual({
      RequestId: expect.any(String),
      ProjectName: 'my-project',
      EventId: submittedAs.EventId,
      TaskType: 'MediaConvert',
      TaskId: ids.succeeded,
      Status: 'Succeeded',
      StartTime: time,
      EndTime: time,
      Progress: 100,
    });
  });

  it('a failed task has a code and a message', async () => {
    expect((await getTask(ids.failed)).body).toMatchObject({
      TaskType: 'DecodeBlindWatermark',
      Status: 'Failed',
      Code: 'InvalidArgument',
      Message: 'No mark of this strength can be read from the image.',
      EndTime: time,
    });
  });

  it('IMM knows no cancel: the task has failed', async () => {
    expect((await getTask(ids.canceled)).body).toMatchObject({ Status: 'Failed', Code: 'Canceled', EndTime: time });
  });

  it.each(['running', 'queued'] as const)('a %s task is running, and has no end', async (which) => {
    const { body } = await getTask(ids[which]);
    expect(body).toMatchObject({ Status: 'Running', StartTime: time });
    expect(Object.keys(body)).not.toContain('EndTime');
    expect(body.Progress).toBeLessThan(100);
  });

  it.each([['true'], ['True']])('RequestDefinition %s adds what was asked for', async (flag) => {
    const { body } = await getTask(ids.succeeded, { RequestDefinition: flag });
    expect(JSON.parse(String(body.TaskRequestDefinition))).toEqual({
      ProjectName: 'default',
      Sources: [{ URI: 'oss://media/clip.mp4' }],
      Process: `video/convert,f_mkv${saveas('a.mkv')}/notify,topic_${b64('t')}`,
      Notification: { MNS: { TopicName: 't' } },
    });
  });

  it('a task of another type is not found', async () => {
    const { status } = await call({ Action: 'GetTask', TaskType: 'OfficeConversion', TaskId: ids.succeeded });
    expect(status).toBe(404);
  });
});

describe('ListTasks', () => {
  const known = () => Object.values(ids);

  it('lists all, by id', async () => {
    const { Tasks, ...rest } = await listTasks();
    expect(rest).toEqual({ RequestId: expect.any(String), ProjectName: 'my-project', MaxResults: '100' });
    expect(Tasks.map(({ TaskId }) => TaskId)).toEqual(known().sort());
    for (const task of Tasks)
      for (const name of ['EventId', 'ProjectName', 'RequestId']) expect(task).not.toHaveProperty(name);
  });

  it.each([
    ['Succeeded', ['succeeded']],
    ['Failed', ['failed', 'canceled']],
    ['Running', ['running', 'queued']],
  ] as const)('Status %s', async (Status, which) => {
    const { Tasks } = await listTasks({ Status });
    expect(Tasks.map(({ TaskId }) => TaskId)).toEqual(which.map((name) => ids[name]).sort());
    expect(new Set(Tasks.map((task) => task.Status))).toEqual(new Set([Status]));
  });

  it.each([
    [{ TaskTypes: '["DecodeBlindWatermark"]' }],
    [{ 'TaskTypes.1': 'OfficeConversion', 'TaskTypes.2': 'DecodeBlindWatermark' }],
  ] as Params[][])('by type: %j', async (params) => {
    expect((await listTasks(params)).Tasks.map(({ TaskId }) => TaskId)).toEqual([ids.failed]);
    expect((await listTasks({ TaskTypes: '["FaceClustering"]' })).Tasks).toEqual([]);
  });

  it.each(['StartTime', 'EndTime'] as const)('by range of %s, as JSON and flat', async (name) => {
    const at = String((await getTask(ids.succeeded)).body[name]);
    const range = { Start: at, End: at };
    const flat = { [`${name}Range.Start`]: at, [`${name}Range.End`]: at };
    for (const params of [{ [`${name}Range`]: JSON.stringify(range) }, flat]) {
      expect((await listTasks(params)).Tasks.map(({ TaskId }) => TaskId)).toContain(ids.succeeded);
    }
    const later = new Date(Date.parse(at) + 1).toISOString();
    const after = await listTasks({ [`${name}Range.Start`]: later });
    expect(after.Tasks.map(({ TaskId }) => TaskId)).not.toContain(ids.succeeded);
    // Without an end no range of ends can fit.
    if (name === 'EndTime') expect(after.Tasks.map((task) => task.Status)).not.toContain('Running');
  });

  it('no task has a tag', async () => {
    expect((await listTasks({ TagSelector: 'test=val1' })).Tasks).toEqual([]);
  });

  it.each([
    ['TaskId', 'ASC'],
    ['TaskId', 'DES'],
    ['StartTime', 'asc'],
    ['EndTime', 'desc'],
  ])('pages by %s %s, two at a time, miss nothing; the last has no NextToken', async (Sort, Order) => {
    const whole = await listTasks({ Sort, Order });
    const pages: string[][] = [];
    for (let token: string | undefined; ; ) {
      const page = await listTasks({
        Sort,
        Order,
        MaxResults: '2',
        ...(token === undefined ? {} : { NextToken: token }),
      });
      pages.push(page.Tasks.map(({ TaskId }) => TaskId));
      token = page.NextToken as string | undefined;
      if (token === undefined) break;
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(whole.Tasks.map(({ TaskId }) => TaskId));
    expect(pages.flat().sort()).toEqual(known().sort());
  });
});
