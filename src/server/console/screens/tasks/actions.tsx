import { beginTask, cancelTask, isOver } from '../../api/tasks.ts';
import type { Task } from '../../api/types.ts';
import { go, href, place } from '../../app/route.ts';
import { Icon } from '../../ui/icons.tsx';
import { attempt } from '../../ui/say.tsx';
import { w } from './words.ts';

/** What can be done with a task: stop it, ask for the same again, change it in the playground. */
export function Actions({ task }: { readonly task: Task }) {
  const { TaskId, Bucket: bucket, Key: key, Process: process } = task;
  const again = () =>
    attempt(async () => {
      const id = await beginTask(bucket, key, process);
      go('tasks', { ...place.value.params, id });
    }, w().begun);
  return (
    <>
      {!isOver(task) && (
        <button type="button" class="secondary" onClick={() => void attempt(() => cancelTask(TaskId), w().canceled)}>
          <Icon name="cross" />
          {w().cancel}
        </button>
      )}
      <a class="button secondary" href={href('playground', { bucket, key, process })}>
        <Icon name="playground" />
        {w().playground}
      </a>
      <button type="button" onClick={() => void again()}>
        <Icon name="again" />
        {w().again}
      </button>
    </>
  );
}
