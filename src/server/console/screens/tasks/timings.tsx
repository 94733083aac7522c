import type { Task } from '../../api/types.ts';
import { Facts, Moment } from '../../ui/basics.tsx';
import { duration } from '../../ui/numbers.ts';
import { useClock } from '../../ui/use.ts';
import { createdAt, ran, waited } from './times.ts';
import { w } from './words.ts';

/** When it was asked for, how long it waited and ran: it goes on while the task does. */
export function Timings({ task }: { readonly task: Task }) {
  const now = useClock(250);
  const time = ran(task, now);
  return (
    <>
      <h3>{w().timings}</h3>
      <Facts
        facts={[
          [w().created, <Moment key="created" at={createdAt(task)} />],
          [w().waited, duration(waited(task, now))],
          ...(time === undefined ? [] : [[w().ran, duration(time)] as const]),
          ...(task.EndTime === '' ? [] : [[w().ended, <Moment key="ended" at={task.EndTime} />] as const]),
        ]}
      />
    </>
  );
}
