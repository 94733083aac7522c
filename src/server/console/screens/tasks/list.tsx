/** All tasks, newest first, as they move. */
import { connected, tasks } from '../../api/live.ts';
import type { Task } from '../../api/types.ts';
import { href, place } from '../../app/route.ts';
import { Code, Empty, Loading, Long, Moment, Page } from '../../ui/basics.tsx';
import { useCalm } from '../../ui/calm.ts';
import { readable } from '../../ui/name.tsx';
import { count, duration } from '../../ui/numbers.ts';
import { TaskBadge } from '../../ui/request-parts.tsx';
import { useClock } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { Filters, fits } from './filters.tsx';
import { createdAt, ran } from './times.ts';
import { w } from './words.ts';

/** Most that live.ts keeps. */
const KEPT = 500;

/** What is small is done soon; `o_` is `small.mp4`. */
const EXAMPLE = 'video/convert,f_mp4,vcodec_h264,s_320x,acodec_aac|sys/saveas,o_c21hbGwubXA0';

export function TaskList() {
  const all = useCalm(tasks, 250);
  const shown = all.filter(fits);
  if (all.length === 0)
    return (
      <Page title={w().tasks}>
        {connected.value === undefined ? (
          <Loading />
        ) : (
          <Empty title={w().noTasks}>
            <p>{w().noTasksText}</p>
            <Code
              text={`curl -X POST '${location.origin}/demo/clip.mp4?x-oss-async-process' \\\n  --data 'x-oss-async-process=${EXAMPLE}'`}
            />
          </Empty>
        )}
      </Page>
    );
  return (
    <Page title={w().tasks}>
      <Filters tasks={all} />
      {shown.length === 0 ? (
        <Empty title={w().noneFit}>
          <p>
            <a href={href('tasks')}>{w().showAll}</a>
          </p>
        </Empty>
      ) : (
        <Table tasks={shown} />
      )}
      {all.length >= KEPT && <p class="hint">{w().most(count(KEPT))}</p>}
    </Page>
  );
}

const Table = ({ tasks: shown }: { readonly tasks: readonly Task[] }) => (
  <div class="rows">
    <table>
      <thead>
        <tr>
          <th scope="col">{common().status}</th>
          <th scope="col">{w().source}</th>
          <th scope="col" class="process">
            {w().process}
          </th>
          <th scope="col" class="number">
            {common().duration}
          </th>
          <th scope="col">{w().created}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((task) => (
          <Row key={task.TaskId} task={task} />
        ))}
      </tbody>
    </table>
  </div>
);

function Row({ task }: { readonly task: Task }) {
  const { Status, Bucket, Key, Process, Progress, TaskId } = task;
  const now = useClock();
  const time = ran(task, now);
  return (
    <tr>
      <td class="state">
        <TaskBadge status={Status} />
        {Status === 'Running' && (
          <progress max={100} value={Progress} aria-label={`${w().progress}: ${readable(Key)}`} />
        )}
      </td>
      <td class="source">
        <a
          class="long"
          href={href('tasks', { ...place.value.params, id: TaskId })}
          title={readable(`${Bucket}/${Key}`)}
        >
          <bdi>{readable(`${Bucket}/${Key}`)}</bdi>
        </a>
      </td>
      <td class="process mono">
        <Long text={Process} />
      </td>
      <td class="number">{time === undefined ? '' : duration(time)}</td>
      <td>
        <Moment at={createdAt(task)} />
      </td>
    </tr>
  );
}
