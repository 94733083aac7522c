/** A task as IMM shows it. Members without a value are left out. */
import { immTime, PROJECT, uriOf } from '../../processors/notice.ts';
import type { Task, TaskState } from '../../store/task.ts';

export const immStates = ['Running', 'Succeeded', 'Failed'] as const;
export type ImmState = (typeof immStates)[number];

/** IMM neither shows a queue nor knows how to cancel: a canceled task has failed (documents-styles-tasks.md §6.2). */
export const statesOf: Readonly<Record<ImmState, readonly TaskState[]>> = {
  Running: ['Queued', 'Running'],
  Succeeded: ['Succeeded'],
  Failed: ['Failed', 'Canceled'],
};

const stateOf = (task: Task): ImmState | undefined => immStates.find((state) => statesOf[state].includes(task.state));

/** @param definition whether to tell what was asked for */
export function taskInfo(task: Task, definition: boolean): Readonly<Record<string, unknown>> {
  const canceled = task.state === 'Canceled';
  const members = {
    TaskType: task.type,
    TaskId: task.id,
    Status: stateOf(task),
    Code: canceled ? 'Canceled' : task.code,
    Message: canceled ? 'The task was canceled.' : task.message,
    StartTime: immTime(task.started ?? task.created),
    EndTime: task.ended === undefined ? '' : immTime(task.ended),
    Progress: task.progress,
    TaskRequestDefinition: definition ? definitionOf(task) : '',
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''));
}

/** IMM's own definition of a task is in its terms; here it is the process string OSS was given (assumed). */
function definitionOf({ bucket, key, process, notice }: Task): string {
  return JSON.stringify({
    ProjectName: PROJECT,
    Sources: (notice?.sources ?? [key]).map((source) => ({ URI: uriOf(bucket, source) })),
    Process: process,
    ...(notice === undefined ? {} : { Notification: { MNS: { TopicName: notice.topic } } }),
  });
}
