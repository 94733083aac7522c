/** A task: what it does, how it went, what came of it. */
import { useComputed } from '@preact/signals';
import { tasks } from '../../api/live.ts';
import { isOver, taskOf } from '../../api/tasks.ts';
import type { Task } from '../../api/types.ts';
import { href, place } from '../../app/route.ts';
import { Code, Facts, Page, Shown } from '../../ui/basics.tsx';
import { useCalm } from '../../ui/calm.ts';
import { Name } from '../../ui/name.tsx';
import { TaskBadge } from '../../ui/request-parts.tsx';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { Actions } from './actions.tsx';
import { Messages } from './messages.tsx';
import { Outputs } from './outputs.tsx';
import { Plan } from './plan.tsx';
import { Timings } from './timings.tsx';
import { w } from './words.ts';

export function TaskPage({ id }: { readonly id: string }) {
  const own = useComputed(() => tasks.value.find(({ TaskId }) => TaskId === id));
  const live = useCalm(own, 250);
  // The stream tells how it goes; what the engine said comes with the task alone.
  const loaded = useLoaded((signal) => taskOf(id, signal), [id, live?.Status, live?.Progress]);
  const { id: _, ...filters } = place.value.params;
  const task = loaded.value && { ...loaded.value, ...live };
  const title = (
    <span class="crumbs">
      <a href={href('tasks', filters)}>{w().allTasks}</a>
      <span class="slash" aria-hidden="true">
        /
      </span>
      <span aria-current="location">{task?.TaskType ?? id}</span>
    </span>
  );
  return (
    <Page title={title} actions={task && <Actions task={task} />}>
      {task === undefined ? (
        <Shown loaded={loaded}>{() => null}</Shown>
      ) : (
        <>
          <State task={task} />
          <div class="task-parts">
            <div>
              <Outputs task={task} />
              <Log text={task.EngineLog ?? ''} isRunning={!isOver(task)} />
              <Messages of={task} />
            </div>
            <div>
              <What task={task} />
              <Plan task={task} />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

/** How it is with it, in one glance; why, where it failed. */
const State = ({ task }: { readonly task: Task }) => (
  <div class="task-state">
    <p>
      <TaskBadge status={task.Status} />
      {task.Status === 'Running' && <span class="percent">{task.Progress} %</span>}
    </p>
    {!isOver(task) && <progress max={100} value={task.Progress} aria-label={w().progress} />}
    {(task.Code !== '' || task.Message !== '') && (
      <section class={task.Status === 'Failed' ? 'failed' : ''} aria-label={w().failed}>
        <p>
          <strong>{task.Code}</strong> {task.Message}
        </p>
      </section>
    )}
    {task.Warnings.length > 0 && (
      <section class="warned" aria-label={w().warnings}>
        <h2>{w().warnings}</h2>
        <ul>
          {task.Warnings.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    )}
  </div>
);

const What = ({ task }: { readonly task: Task }) => (
  <section class="card" aria-label={w().what}>
    <h2>{w().what}</h2>
    <Code text={task.Process} label={w().process} />
    <Facts
      facts={[
        [
          w().source,
          <a key="source" href={href('objects', { bucket: task.Bucket, key: task.Key })}>
            {task.Bucket}/<Name text={task.Key} />
          </a>,
        ],
        [
          w().id,
          <span class="mono" key="id">
            {task.TaskId}
          </span>,
        ],
        [
          w().requestId,
          <span class="mono" key="request">
            {task.RequestId}
          </span>,
        ],
        [
          w().eventId,
          <span class="mono" key="event">
            {task.EventId}
          </span>,
        ],
        [w().attempts, String(task.Attempts)],
      ]}
    />
    <Timings task={task} />
  </section>
);

/** What the engine wrote last; open while something may still come. */
const Log = ({ text, isRunning }: { readonly text: string; readonly isRunning: boolean }) =>
  text === '' ? null : (
    <section class="card" aria-label={w().log}>
      <details open={isRunning}>
        <summary>{w().log}</summary>
        <Code text={text} label={`${common().copy}: ${w().log}`} />
      </details>
    </section>
  );
