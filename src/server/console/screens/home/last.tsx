/** What happened last, as it happens. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { requests, tasks } from '../../api/live.ts';
import type { Entry, Task } from '../../api/types.ts';
import { href } from '../../app/route.ts';
import { Moment } from '../../ui/basics.tsx';
import { useCalm } from '../../ui/calm.ts';
import { Name } from '../../ui/name.tsx';
import { StatusBadge, subjectOf, TaskBadge } from '../../ui/request-parts.tsx';
import { w } from './words.ts';

const MOST = 8;

const RequestRow = ({ entry }: { readonly entry: Entry }) => (
  <li>
    <a href={href('requests', { id: entry.requestId })}>
      <span class="what">
        <span class="method">{entry.method}</span>
        <span class="long">
          <Name text={subjectOf(entry)} />
          {entry.process !== undefined && <span class="soft"> {entry.process}</span>}
        </span>
      </span>
      <span class="how">
        <StatusBadge entry={entry} />
        <Moment at={entry.time} />
      </span>
    </a>
  </li>
);

const TaskRow = ({ task }: { readonly task: Task }) => (
  <li>
    <a href={href('tasks', { id: task.TaskId })}>
      <span class="what">
        <span class="long">
          <Name text={`${task.Bucket}/${task.Key}`} />
        </span>
      </span>
      <span class="how">
        <TaskBadge status={task.Status} />
        {task.Status === 'Running' && <span class="soft">{Math.round(task.Progress)} %</span>}
        {task.CreatedTime !== undefined && <Moment at={task.CreatedTime} />}
      </span>
    </a>
  </li>
);

const Last = ({
  title,
  all,
  to,
  none,
  rows,
}: {
  readonly title: string;
  readonly all: string;
  readonly to: string;
  readonly none: string;
  readonly rows: readonly ComponentChildren[];
}) => (
  <section class="card last">
    <header>
      <h2>{title}</h2>
      <a href={to}>{all}</a>
    </header>
    {rows.length === 0 ? <p class="soft">{none}</p> : <ul aria-label={title}>{rows}</ul>}
  </section>
);

/** Of the application: what the console asks for itself is not news. */
export function LastRequests() {
  const known = useCalm(requests, 100);
  const last = useMemo(() => known.filter((entry) => entry.console !== true).slice(0, MOST), [known]);
  return (
    <Last
      title={w().lastRequests}
      all={w().allRequests}
      to={href('requests')}
      none={w().noRequests}
      rows={last.map((entry) => <RequestRow key={entry.seq} entry={entry} />)}
    />
  );
}

export function LastTasks() {
  const known = useCalm(tasks, 100);
  return (
    <Last
      title={w().lastTasks}
      all={w().allTasks}
      to={href('tasks')}
      none={w().noTasks}
      rows={known.slice(0, MOST).map((task) => <TaskRow key={task.TaskId} task={task} />)}
    />
  );
}
