/** What a message says of sources and outputs that are not one and one (media.md §5.4). */
import { describe, expect, it } from 'vitest';
import { envelope, noticeOf } from '../../src/processors/notice.ts';
import type { Operation } from '../../src/processors/operation.ts';
import { type Plan, plan } from '../../src/processors/plan.ts';
import { loadRegistry } from '../../src/processors/registry.ts';
import type { NoticeImages, Task } from '../../src/store/task.ts';
import { b64, saveas } from '../helpers/ossite.ts';

const registry = await loadRegistry();
const planned = (text: string) => plan(text, 'async', { registry, style: () => undefined, strict: false });
const convert = planned(`video/convert,f_mkv${saveas('o')}/notify,topic_${b64('t')}`);

/** The plan as if its operation were another. */
function as(own: Partial<Operation>): Plan {
  const steps = convert.steps.map((step) => ({
    ...step,
    calls: step.calls.map((call) => ({ ...call, operation: { ...call.operation, ...own } })),
  }));
  return { ...convert, steps };
}

const task: Task = {
  id: 'MediaConvert-1',
  eventId: 'E',
  requestId: 'R',
  type: 'MediaConvert',
  bucket: 'b',
  key: 'main.mp4',
  process: convert.process,
  state: 'Succeeded',
  progress: 100,
  code: '',
  message: '',
  outputs: ['1.jpg', '2.jpg'].map((key) => ({ bucket: 'out', key, size: 1, etag: 'E' })),
  result: '',
  warnings: [],
  notice: undefined,
  attempts: 1,
  created: new Date(0),
  started: new Date(1),
  ended: new Date(2),
};

function contentOf(made: Plan, of: Partial<Task> = {}): Readonly<Record<string, unknown>> {
  const notice = noticeOf(made, task.key) ?? expect.fail('no notice');
  const message = JSON.parse(envelope({ ...task, ...of }, notice, { region: 'r', uid: '1' })) as { content: string };
  return JSON.parse(message.content) as Record<string, unknown>;
}

const uris = [{ URI: 'oss://out/1.jpg' }, { URI: 'oss://out/2.jpg' }];

describe('outputs', () => {
  it('are one target each', () => {
    expect(contentOf(convert).Targets).toEqual(uris);
  });

  it.each(['Snapshots', 'Sprites', 'Animations'] as NoticeImages[])('%s are listed by kind', (notifies) => {
    expect(contentOf(as({ notifies })).Targets).toEqual([{ Image: { [notifies]: uris } }]);
  });

  it('are none when the task failed', () => {
    const failed = { state: 'Failed', code: 'C', message: 'M', outputs: [] } as const;
    expect(contentOf(as({ notifies: 'Snapshots' }), failed)).toMatchObject({
      Status: 'Failed',
      Code: 'C',
      Targets: [],
    });
  });
});

describe('sources', () => {
  it('are in the order the operation says', () => {
    const made = as({ sources: (key) => ['before.mp4', key, 'after.mp4'] });
    expect(contentOf(made).Sources).toEqual([
      { URI: 'oss://b/before.mp4' },
      { URI: 'oss://b/main.mp4' },
      { URI: 'oss://b/after.mp4' },
    ]);
  });

  it('without notify nobody is told', () => {
    expect(noticeOf(planned(`video/convert,f_mkv${saveas('o')}/notify`), 'k')).toBeUndefined();
  });
});
