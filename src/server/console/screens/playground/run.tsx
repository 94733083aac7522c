/** Runs a process string as a task, and shows how it goes. */
import { useEffect, useState } from 'preact/hooks';
import { read } from '../../api/control.ts';
import { tasks } from '../../api/live.ts';
import { oss } from '../../api/oss.ts';
import type { Task } from '../../api/types.ts';
import { href, place, stay } from '../../app/route.ts';
import { Badge, Failed, type Tone } from '../../ui/basics.tsx';
import { bytes } from '../../ui/numbers.ts';
import { Preview } from '../../ui/preview/index.tsx';
import { attempt } from '../../ui/say.tsx';
import type { Verdict } from './explained.ts';
import { bucket, chain, key, process } from './state.ts';
import { w } from './words.ts';

const tones: Readonly<Record<Task['Status'], Tone>> = {
  Queued: 'plain',
  Running: 'busy',
  Succeeded: 'ok',
  Failed: 'bad',
  Canceled: 'warn',
};

/** Submits the string. @returns id of its task @throws Refused */
export async function submit(of: { readonly bucket: string; readonly key: string }, text: string): Promise<string> {
  const answer = await oss(
    {
      method: 'POST',
      ...of,
      query: { 'x-oss-async-process': '' },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    },
    { body: `x-oss-async-process=${encodeURIComponent(text)}` },
  );
  return ((await answer.json()) as { readonly TaskId: string }).TaskId;
}

/** The task of the address: as it is told live, or asked for when it is older than what is told. */
function useTask(id: string | undefined): Task | undefined {
  const [asked, setAsked] = useState<Task>();
  const live = tasks.value.find((one) => one.TaskId === id);
  useEffect(() => {
    if (id === undefined || live !== undefined) return;
    read<Task>(`tasks/${encodeURIComponent(id)}`).then(setAsked, () => setAsked(undefined));
  }, [id, live === undefined]);
  return live ?? (asked?.TaskId === id ? asked : undefined);
}

function Progress({ task }: { readonly task: Task }) {
  const { Status, Progress: percent, Code, Message, Outputs, Result } = task;
  return (
    <div class="task">
      <p class="line">
        <Badge tone={tones[Status]}>{Status}</Badge>
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
      stay({ task: await submit({ bucket: bucket.value, key: key.value }, process.value) });
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
