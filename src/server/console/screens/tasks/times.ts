/** How long a task has waited and run. */
import { isOver } from '../../api/tasks.ts';
import type { Task } from '../../api/types.ts';

/** When it was asked for. A server that does not say has the start alone. */
export const createdAt = ({ CreatedTime, StartTime }: Task): string => CreatedTime ?? StartTime;

const at = (iso: string): number => new Date(iso).getTime();

/** Milliseconds. @param now for one that has not begun */
export const waited = (task: Task, now: number): number =>
  Math.max(0, (task.Status === 'Queued' ? now : at(task.StartTime)) - at(createdAt(task)));

/** Milliseconds; undefined for what never ran. */
export function ran(task: Task, now: number): number | undefined {
  if (task.Status === 'Queued' || task.Attempts === 0) return undefined;
  const end = isOver(task) && task.EndTime !== '' ? at(task.EndTime) : now;
  return Math.max(0, end - at(task.StartTime));
}
