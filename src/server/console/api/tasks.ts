/** Tasks: what the console asks about them, and does with them. */
import { control, read } from './control.ts';
import { oss } from './oss.ts';
import type { Explained, Message, Task } from './types.ts';

export const taskStates = ['Queued', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;

export const isOver = ({ Status }: Pick<Task, 'Status'>): boolean => Status !== 'Queued' && Status !== 'Running';

const path = (id: string): string => `tasks/${encodeURIComponent(id)}`;

/** One task, with its engine's last lines. */
export const taskOf = (id: string, signal: AbortSignal): Promise<Task> => read<Task>(path(id), {}, signal);

export const cancelTask = (id: string): Promise<Task> => control<Task>('POST', `${path(id)}/cancel`);

export const messagesOf = async (task: string, signal: AbortSignal): Promise<readonly Message[]> =>
  (await read<{ readonly messages: readonly Message[] }>('messages', { task }, signal)).messages;

/** What the server makes of the task's process string. */
export const planOf = ({ Process, Bucket, Key }: Task, signal: AbortSignal): Promise<Explained> =>
  control<Explained>('POST', 'explain', {
    body: { process: Process, mode: 'async', bucket: Bucket, key: Key },
    signal,
  });

/** Asks for work that is not waited for. @returns the id of the task; @throws Refused what OSS says */
export async function beginTask(bucket: string, key: string, process: string): Promise<string> {
  const answer = await oss(
    {
      method: 'POST',
      bucket,
      key,
      query: { 'x-oss-async-process': '' },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    },
    { body: `x-oss-async-process=${encodeURIComponent(process)}` },
  );
  return ((await answer.json()) as { readonly TaskId: string }).TaskId;
}
