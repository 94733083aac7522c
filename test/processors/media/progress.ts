import { request, type Task } from '../../helpers/ossite.ts';

/** What the control API says of a task's progress while it runs. */
export async function progressOf(taskId: string): Promise<readonly number[]> {
  const progress: number[] = [];
  for (;;) {
    const { text } = await request('get', `/_ossite/tasks/${taskId}`);
    const { Status, Progress } = JSON.parse(text) as Task;
    progress.push(Progress);
    if (Status !== 'Queued' && Status !== 'Running') return progress;
    await new Promise((next) => setTimeout(next, 200));
  }
}
