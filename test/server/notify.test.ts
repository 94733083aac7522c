/** sys/notify, from the request to the webhook (documents-styles-tasks.md §3.4, §6.3; media.md §5.3, §5.4). */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { contentOf, messages, settled } from '../helpers/messages.ts';
import * as shared from '../helpers/ossite.ts';
import { b64, fixture, frontDoor, saveas } from '../helpers/ossite.ts';
import { type Received, type Receiver, startReceiver } from '../helpers/receiver.ts';

let tiny: Buffer;
let own: Receiver;
let others: Receiver;
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
const answers: Record<string, unknown> = {};
async function submit(process: string, key = 'clip.mp4'): Promise<string> {
  const { status, text } = await door.submitted('media', key, process);
  if (status !== 200) throw new Error(text);
  Object.assign(answers, JSON.parse(text));
  return (JSON.parse(text) as { TaskId: string }).TaskId;
}

const cheap = 'video/convert,f_mkv';
/** Cheaper still: it fails, for want of a mark. */
const unmarked = 'image/deblindwatermark,s_low,t_text|sys';
const notify = (topic: string) => `/notify,topic_${b64(topic)}`;

beforeAll(async () => {
  tiny = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  own = await startReceiver();
  others = await startReceiver();
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    region: 'cn-beijing',
    buckets: ['media'],
    notify: `test-topic=${own.url}/hook?a=1;*=${others.url}`,
  });
  door = frontDoor(ossite.endpoint);
  await door.put('media', 'clip.mp4', fixture('clip.mp4'));
  await door.put('media', 'marked.jpg', fixture('marked.jpg'));
  await door.put('media', 'tiny.png', tiny);
});
afterAll(async () => {
  await ossite.close();
  for (const receiver of [own, others]) await receiver.close();
});

describe('the spellings', () => {
  const spellings = {
    'in the same segment': `${cheap}${saveas('a.mkv')}/notify,topic_dGVzdC10b3BpYw`,
    'with padding': `${cheap}${saveas('a.mkv')}|sys/notify,topic_dGVzdC10b3BpYw==`,
    'without sys': `${cheap}${saveas('a.mkv')}|notify,topic_dGVzdC10b3BpYw`,
    'with a line end inside': `${cheap}${saveas('a.mkv')}/notify,topic_dGVzdC10b3BpYw0K`,
    'without anything saved': `${unmarked}/notify,topic_dGVzdC10b3BpYw`,
  };
  const tasks: Record<string, string> = {};
  beforeAll(async () => {
    for (const [name, process] of Object.entries(spellings))
      tasks[name] = await submit(process, process.startsWith('image') ? 'tiny.png' : 'clip.mp4');
  });

  it.each(Object.keys(spellings))('%s: one message to the topic’s webhook', async (name) => {
    const task = tasks[name] ?? '';
    expect(await settled(door, task)).toMatchObject({
      Topic: 'test-topic',
      State: 'Delivered',
      Attempts: 1,
      LastError: '',
    });
    expect(own.received.filter(({ body }) => body.content.TaskId === task)).toHaveLength(1);
  });

  it('without a topic nothing is sent, nor without notify', async () => {
    const tasks = [await submit(`${cheap}${saveas('b.mkv')}/notify`), await submit(`${cheap}${saveas('b.mkv')}`)];
    for (const task of tasks) {
      expect(await door.finished(task)).toMatchObject({ Status: 'Succeeded', Warnings: [] });
      expect(await messages(door, `task=${task}`)).toEqual([]);
    }
  });

  it('a request that is refused sends nothing', async () => {
    const before = (await messages(door, 'limit=1000')).length;
    expect(
      (await door.submitted('media', 'clip.mp4', `video/convert${saveas('x')}${notify('test-topic')}`)).status,
    ).toBe(400);
    expect((await door.submitted('media', 'nothing', `${cheap}${saveas('x')}${notify('test-topic')}`)).status).toBe(
      404,
    );
    expect(await messages(door, 'limit=1000')).toHaveLength(before);
  });
});

describe('the message', () => {
  let received: Received;
  let task: string;
  beforeAll(async () => {
    task = await submit(`${cheap}${saveas('out/视频.mkv')}${notify('test-topic')}`);
    await settled(door, task);
    received = own.received.find(({ body }) => body.content.TaskId === task) ?? expect.fail('nothing came');
  });

  it('is the documented envelope, as plain JSON', () => {
    expect(received.path).toBe('/hook?a=1');
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      'x-ossite-topic': 'test-topic',
      'x-ossite-task-id': task,
      'x-ossite-attempt': '1',
    });
    const { content: parsed, ...envelope } = received.body;
    expect(envelope).toEqual({
      id: answers.EventId,
      source: 'acs.imm',
      type: 'imm:Task:MediaConvert',
      subject: 'acs:imm:cn-beijing:1047205513514293:default/imm:Task:MediaConvert',
      time: String(Date.parse(String(parsed.EndTime))),
    });
    expect(Object.keys(JSON.parse(received.text) as object)).toEqual([
      'id',
      'source',
      'type',
      'subject',
      'time',
      'content',
    ]);
  });

  it('has the task in its content', () => {
    expect(received.body.content).toEqual({
      ProjectName: 'default',
      DatasetName: '',
      RequestId: answers.RequestId,
      StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      EndTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
      UserData: '',
      TaskType: 'MediaConvert',
      TaskId: task,
      Status: 'Succeeded',
      Code: '',
      Message: '',
      EventSourceId: answers.EventId,
      Sources: [{ URI: 'oss://media/clip.mp4' }],
      Targets: [{ URI: 'oss://media/out/视频.mkv' }],
    });
  });

  it('is listed as it was sent', async () => {
    const [one] = await messages(door, `task=${task}&topic=test-topic&limit=1`);
    expect(one?.MessageId).toBe(received.headers['x-ossite-message-id']);
    expect(one?.Body).toEqual(JSON.parse(received.text));
    expect(Date.parse(one?.Delivered ?? '')).toBeGreaterThanOrEqual(Date.parse(one?.Created ?? ''));
    expect(await messages(door, `task=${task}&topic=other`)).toEqual([]);
    const newest = await messages(door, 'limit=1000');
    expect(newest.map(({ Created }) => Created)).toEqual(
      newest
        .map(({ Created }) => Created)
        .sort()
        .reverse(),
    );
  });

  it('of a concat names all clips, in their order', async () => {
    await door.put('media', 'song.mp3', fixture('song.mp3'));
    const clips = `/pre,o_${b64('song.mp3')},t_200/sur,o_${b64('clip.mp4')},t_300`;
    const joined = await submit(`audio/concat,f_mp3,ab_64000,t_200${clips}${saveas('j.mp3')}${notify('test-topic')}`);
    expect(contentOf(await settled(door, joined))).toMatchObject({
      Status: 'Succeeded',
      Sources: [{ URI: 'oss://media/song.mp3' }, { URI: 'oss://media/clip.mp4' }, { URI: 'oss://media/clip.mp4' }],
      Targets: [{ URI: 'oss://media/j.mp3' }],
    });
  });

  it('of a failed task tells why', async () => {
    const failed = await submit(`video/convert,f_webm${saveas('never.webm')}${notify('test-topic')}`);
    const { Message } = await door.finished(failed);
    expect(contentOf(await settled(door, failed))).toMatchObject({
      Status: 'Failed',
      Code: 'InvalidArgument',
      Message,
      Sources: [{ URI: 'oss://media/clip.mp4' }],
      Targets: [],
    });
    expect(Message).not.toBe('');
  });

  it('of image/deblindwatermark has the text, which stands nowhere else in OSS', async () => {
    const read = await submit(`image/deblindwatermark,s_medium,t_text|sys/notify,topic_${b64('marks')}`, 'marked.jpg');
    const { Result } = await door.finished(read);
    const before = await settled(door, read);
    expect(before.Body).toMatchObject({ type: 'imm:Task:DecodeBlindWatermark' });
    expect(contentOf(before)).toMatchObject({ Status: 'Succeeded', Targets: [], Content: Result });
    expect(Result).not.toBe('');
  });

  it('is not sent for a task that is canceled', async () => {
    const slow = `video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_20${saveas('slow.mp4')}${notify('test-topic')}`;
    const canceled = await submit(slow);
    await door.request('post', `/_ossite/tasks/${canceled}/cancel`);
    expect(await door.finished(canceled)).toMatchObject({ Status: 'Canceled' });
    expect(await messages(door, `task=${canceled}`)).toEqual([]);
  });
});

describe('without a webhook', () => {
  it('a message is kept; a document has one target for each object', async () => {
    const bucket = await shared.freshBucket();
    await shared.put(bucket, 'report.docx', fixture('report.docx'));
    const task = await shared.converted(
      bucket,
      'report.docx',
      `doc/convert,target_png${saveas('pages/{index}.png')}${notify('nobody-listens')}`,
    );
    const [one] = await messages(shared, `task=${task.TaskId}`);
    expect(one).toMatchObject({ Topic: 'nobody-listens', State: 'Kept', Attempts: 0, Delivered: '' });
    expect(one && contentOf(one)).toMatchObject({
      TaskType: 'OfficeConversion',
      Sources: [{ URI: `oss://${bucket}/report.docx` }],
      Targets: task.Outputs.map(({ Key }) => ({ URI: `oss://${bucket}/${Key}` })),
    });
    expect(task.Outputs.length).toBeGreaterThan(0);
  });
});

it('the settings that are shown keep the paths of webhooks to themselves', async () => {
  const { text } = await door.request('get', '/_ossite/info');
  expect(text).toContain(`test-topic=${own.url}"`);
  expect(text).not.toContain('/hook');
});
