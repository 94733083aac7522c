/** Runs a process string as a task, and shows how it goes. */
import { useEffect, useState } from 'preact/hooks';
import { tasks } from '../../api/live.ts';
import { beginTask, taskOf } from '../../api/tasks.ts';
import type { Task } from '../../api/types.ts';
import { href, place, stay } from '../../app/route.ts';
import { Failed } from '../../ui/basics.tsx';
import { bytes } from '../../ui/numbers.ts';
import { Preview } from '../../ui/preview/index.tsx';
import { TaskBadge } from '../../ui/request-parts.tsx';
import { attempt } from '../../ui/say.tsx';
import type { Verdict } from './explained.ts';
import { bucket, chain, key, process } from './state.ts';
import { w } from './words.ts';

/** The task of the address: as it is told live, or asked for when it is older than what is told. */
function useTask(id: string | undefined): Task | undefined {
  const [asked, setAsked] = useState<Task>();
  const live = tasks.value.find((one) => one.TaskId === id);
  useEffect(() => {
    if (id === undefined || live !== undefined) return;
    const stop = new AbortController();
    taskOf(id, stop.signal).then(setAsked, () => {});
    return () => stop.abort();
  }, [id, live === undefined]);
  return live ?? (asked?.TaskId === id ? asked : undefined);
}

function Progress({ task }: { readonly task: Task }) {
  const { Status, Progress: percent, Code, Message, Outputs, Result } = task;
  return (
    <div class="task">
      <p class="line">
        <TaskBadge status={Status} />
        <progress max={100} value={percent} aria-label={task.TaskId} />
        <span class="percent">{percent} %</span>
        <a href={href('tasks', { id: task.TaskId })}>{w().taskPage}</a>
      </p>
      {Status === 'Failed' && <Failed error={new Error(`${Code} · ${Message}`)} />}
      {Result !== '' && <p>{Result}</p>}
      {Outputs.length > 0 && (
        <>
          <h3>{w().outputs}</h3>
          <ul class="outputs">
            {Outputs.slice(0, 12).map((output) => (
              <li key={output.Key}>
                <p>
                  <a href={href('objects', { bucket: output.Bucket, key: output.Key })}>{output.Key}</a>{' '}
                  <span class="soft">{bytes(output.Size)}</span>
                </p>
                <Preview of={{ bucket: output.Bucket, key: output.Key }} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** @param verdict says whether there is anything that could be run */
export function Run({ verdict }: { readonly verdict: Verdict | undefined }) {
  const { task: id } = place.value.params;
  const [sending, setSending] = useState(false);
  const task = useTask(id);
  const isNamed = chain.value.directives.some(({ name }) => name === 'saveas');
  const isSound = verdict?.asked === process.value && verdict.error === undefined;
  const run = async () => {
    setSending(true);
    await attempt(async () => {
      stay({ task: await beginTask(bucket.value, key.value, process.value) });
    });
    setSending(false);
  };
  return (
    <section class="outcome" aria-label={w().result}>
      <header>
        <h2>{w().result}</h2>
        <button type="button" disabled={!isSound || sending} aria-busy={sending} onClick={() => void run()}>
          {w().run}
        </button>
      </header>
      {!isNamed && <p class="hint">{w().runHint}</p>}
      {task && <Progress task={task} />}
    </section>
  );
}
