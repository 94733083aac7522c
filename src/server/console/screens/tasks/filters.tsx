/** What narrows the tasks down. All of it is in the address. */
import { taskStates } from '../../api/tasks.ts';
import type { Task } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { taskState } from '../../ui/request-parts.tsx';
import { common } from '../../ui/words.ts';
import { w } from './words.ts';

/** Whether a task is what the address asks for. */
export function fits(task: Task): boolean {
  const { state = '', bucket = '', find = '' } = place.value.params;
  const wanted = find.toLowerCase();
  return (
    (state === '' || task.Status === state) &&
    (bucket === '' || task.Bucket === bucket) &&
    (wanted === '' ||
      [task.Key, task.Process, task.TaskId, task.TaskType].some((text) => text.toLowerCase().includes(wanted)))
  );
}

export function Filters({ tasks }: { readonly tasks: readonly Task[] }) {
  const { state = '', bucket = '', find = '' } = place.value.params;
  const buckets = [...new Set([...tasks.map((task) => task.Bucket), ...(bucket === '' ? [] : [bucket])])].toSorted();
  return (
    <search class="filters">
      <label>
        {w().state}
        <select value={state} onChange={(event) => stay({ state: event.currentTarget.value })}>
          <option value="">{common().all}</option>
          {taskStates.map((one) => (
            <option key={one} value={one}>
              {taskState(one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {common().bucket}
        <select value={bucket} onChange={(event) => stay({ bucket: event.currentTarget.value })}>
          <option value="">{common().all}</option>
          {buckets.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        {w().find}
        <input
          type="search"
          value={find}
          placeholder={w().findHint}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => stay({ find: event.currentTarget.value })}
        />
      </label>
    </search>
  );
}
