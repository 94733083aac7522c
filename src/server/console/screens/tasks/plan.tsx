/** The plan behind a process string, stage by stage. */
import { planOf } from '../../api/tasks.ts';
import type { Explained, Task } from '../../api/types.ts';
import { Facts, Shown } from '../../ui/basics.tsx';
import { readable } from '../../ui/name.tsx';
import { useLoaded } from '../../ui/use.ts';
import { w } from './words.ts';

export function Plan({ task }: { readonly task: Task }) {
  const loaded = useLoaded((signal) => planOf(task, signal), [task.TaskId]);
  return (
    <section class="card" aria-label={w().plan}>
      <h2>{w().plan}</h2>
      <Shown loaded={loaded}>
        {({ error, stages = [], saveas }) =>
          error === undefined ? (
            <>
              <ol class="plan-stages">
                {stages.map((stage, i) => (
                  <Stage key={i} stage={stage} process={task.Process} />
                ))}
              </ol>
              {saveas && (
                <p class="soft">{w().savedTo(readable([saveas.bucket, saveas.key].filter(Boolean).join('/')))}</p>
              )}
            </>
          ) : (
            <>
              <p class="hint">{w().planNow}</p>
              <p>
                <strong>{error.code}</strong> {error.message}
              </p>
              {error.Detail && <p class="soft">{error.Detail}</p>}
            </>
          )
        }
      </Shown>
    </section>
  );
}

/** Many of an operation's parameters have a default: beyond a few, those that nobody gave are folded away. */
const FEW = 6;

function Stage({
  stage: { action, params },
  process,
}: {
  readonly stage: NonNullable<Explained['stages']>[number];
  readonly process: string;
}) {
  const all = Object.entries(params).map(([name, value]) => [name, told(value)] as const);
  const isGiven = ([name]: (typeof all)[number]) => all.length <= FEW || process.includes(`,${name}_`);
  const [given, rest] = [all.filter(isGiven), all.filter((one) => !isGiven(one))];
  return (
    <li>
      <p class="mono">{action}</p>
      {given.length > 0 && <Facts facts={given} />}
      {rest.length > 0 && (
        <details>
          <summary>{w().defaults}</summary>
          <Facts facts={rest} />
        </details>
      )}
    </li>
  );
}

const told = (value: unknown): string => (typeof value === 'string' ? readable(value) : JSON.stringify(value));
