/** How much there is, each figure the way to what it counts. */
import type { Counts, TaskStatus } from '../../api/types.ts';
import { href } from '../../app/route.ts';
import { Failed } from '../../ui/basics.tsx';
import { bytes, count } from '../../ui/numbers.ts';
import { taskState } from '../../ui/request-parts.tsx';
import type { Loaded } from '../../ui/use.ts';
import { w } from './words.ts';

/** Drawn before the figures are known, so that nothing moves when they come. */
export function CountsStrip({ counts: { value, error, reload } }: { readonly counts: Loaded<Counts> }) {
  if (value === undefined && error !== undefined) return <Failed error={error} onRetry={reload} />;
  return (
    <ul class="counts" aria-label={w().now} aria-busy={value === undefined}>
      <Figure name={w().buckets} to={href('objects')} figure={value && count(value.buckets)} />
      <Figure name={w().objects} to={href('objects')} figure={value && count(value.objects)} />
      <Figure name={w().bytes} to={href('objects')} figure={value && bytes(value.bytes)} />
      <Figure
        name={w().tasks}
        to={href('tasks')}
        figure={value && count(sum(value.tasks))}
        note={value && byState(value.tasks)}
      />
      <Figure name={w().requests} to={href('requests')} figure={value && count(value.requests.total)} />
      <Figure
        name={w().errors}
        to={href('requests', { status: 'errors' })}
        figure={value && count(value.requests.errors)}
      />
    </ul>
  );
}

const Figure = ({
  name,
  to,
  figure,
  note,
}: {
  readonly name: string;
  readonly to: string;
  readonly figure: string | undefined;
  readonly note?: string | undefined;
}) => (
  <li>
    <a href={to}>
      <span class="name">{name}</span>
      <strong>{figure ?? '–'}</strong>
      {note !== undefined && note !== '' && <span class="note">{note}</span>}
    </a>
  </li>
);

type TaskCounts = Counts['tasks'];

const sum = (tasks: TaskCounts): number => Object.values(tasks).reduce((all, one) => all + one, 0);

const STATES: readonly TaskStatus[] = ['Running', 'Queued', 'Failed', 'Canceled', 'Succeeded'];

/** `2 running · 1 failed`: the usual end is not worth a word. */
function byState(tasks: TaskCounts): string {
  const told = STATES.filter((state) => state !== 'Succeeded' && (tasks[state] ?? 0) > 0);
  return told.map((state) => `${count(tasks[state] ?? 0)} ${taskState(state).toLowerCase()}`).join(' · ');
}
