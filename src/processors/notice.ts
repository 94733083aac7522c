/** What is said when a task ends: IMM's message, in its documented envelope (media.md §5.4, documents-styles-tasks.md §6.3). */
import type { Notice, Task } from '../store/task.ts';
import type { Plan } from './plan.ts';

/** The project every bucket is bound to. */
export const PROJECT = 'default';

/** Whose tasks they are. */
export interface Account {
  readonly region: string;
  readonly uid: string;
}

/** Whom a plan tells of its end, and of which sources; `undefined` when it tells nobody. */
export function noticeOf(plan: Plan, key: string): Notice | undefined {
  if (plan.notify === undefined) return undefined;
  const last = plan.steps.at(-1)?.calls.at(-1);
  // Operations without clauses type theirs as "none"; the planner gives them an empty list.
  const sources = last?.operation.sources?.(key, last.clauses as readonly never[]) ?? [key];
  const images = last?.operation.notifies;
  return { topic: plan.notify.topic, sources, ...(images === undefined ? {} : { images }) };
}

/** RFC 3339 with the nine decimals that IMM writes. */
export const immTime = (date: Date): string => date.toISOString().replace('Z', '000000Z');

export const uriOf = (bucket: string, key: string): string => `oss://${bucket}/${key}`;

/** The JSON that is sent for a task that has ended. `content` is JSON once more, as text. */
export function envelope(task: Task, notice: Notice, { region, uid }: Account): string {
  const { ended } = task;
  if (ended === undefined) throw new Error(`task ${task.id} has not ended`);
  const type = `imm:Task:${task.type}`;
  return JSON.stringify({
    id: task.eventId,
    source: 'acs.imm',
    type,
    subject: `acs:imm:${region}:${uid}:${PROJECT}/${type}`,
    time: String(ended.getTime()),
    content: JSON.stringify({
      ProjectName: PROJECT,
      DatasetName: '',
      RequestId: task.requestId,
      StartTime: immTime(task.started ?? task.created),
      EndTime: immTime(ended),
      UserData: '',
      TaskType: task.type,
      TaskId: task.id,
      Status: task.state,
      Code: task.code,
      Message: task.message,
      // What it holds is not documented; the event's own id (assumed).
      EventSourceId: task.eventId,
      Sources: notice.sources.map((key) => ({ URI: uriOf(task.bucket, key) })),
      Targets: targets(task, notice),
      // Where the text of image/deblindwatermark stands is not documented; IMM's own answer calls it so (assumed).
      ...(task.result === '' ? {} : { Content: task.result }),
    }),
  });
}

/** A failed task has none (assumed). */
function targets({ outputs }: Task, { images }: Notice): readonly object[] {
  const uris = outputs.map(({ bucket, key }) => ({ URI: uriOf(bucket, key) }));
  if (images === undefined) return uris;
  return uris.length === 0 ? [] : [{ Image: { [images]: uris } }];
}
