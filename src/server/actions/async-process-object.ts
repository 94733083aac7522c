import { randomInt, randomUUID } from 'node:crypto';
import { noticeOf } from '../../processors/notice.ts';
import type { Action } from '../action.ts';
import { planPost } from '../processing.ts';

const action: Action = {
  name: 'AsyncProcessObject',
  on: { method: 'POST', target: 'object', query: ['x-oss-async-process'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/asynchronous-processing',
  ignores: ['versionId'],
  async run(req, oss) {
    const plan = await planPost(req, 'async', oss);
    const step = plan.steps.at(-1);
    const type = step?.calls.at(-1)?.operation.taskType ?? step?.family.taskType;
    if (type === undefined) throw new Error(`${plan.process} is asynchronous but nobody names its task type`);
    const task = oss.store.tasks.enqueue({
      eventId: eventId(),
      requestId: randomUUID().toUpperCase(),
      type,
      bucket: req.bucket,
      key: req.key,
      process: plan.process,
      notice: noticeOf(plan, req.key),
    });
    for (const text of plan.warnings) oss.store.tasks.warn(task.id, text);
    oss.worker.kick();
    const { eventId: EventId, requestId: RequestId, id: TaskId } = task;
    return {
      status: 200,
      body: { json: JSON.stringify({ EventId, RequestId, TaskId }), type: 'application/json;charset=utf-8' },
    };
  },
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Three hexadecimal digits, a dash, 27 base-62 characters (documents-styles-tasks.md §6.1). */
function eventId(): string {
  const tail = Array.from({ length: 27 }, () => BASE62[randomInt(BASE62.length)]).join('');
  return `${randomInt(0x1000).toString(16).toUpperCase().padStart(3, '0')}-${tail}`;
}

export default action;
