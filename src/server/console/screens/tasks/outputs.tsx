/** What a task has written, to look at where it stands. */
import { useState } from 'preact/hooks';
import { isOver } from '../../api/tasks.ts';
import type { Output, Task } from '../../api/types.ts';
import { href } from '../../app/route.ts';
import { Code } from '../../ui/basics.tsx';
import { Name, readable } from '../../ui/name.tsx';
import { bytes, count } from '../../ui/numbers.ts';
import { Preview } from '../../ui/preview/index.tsx';
import { common } from '../../ui/words.ts';
import { w } from './words.ts';

/** A document can have hundreds of pages. */
const STEP = 20;

export function Outputs({ task }: { readonly task: Task }) {
  const [most, setMost] = useState(STEP);
  const [first] = task.Outputs;
  return (
    <section class="card" aria-label={w().outputs}>
      <header>
        <h2>{w().outputs}</h2>
        {task.Outputs.length > 1 && <span class="soft">{count(task.Outputs.length)}</span>}
      </header>
      {first === undefined && <p class="soft">{isOver(task) ? w().noOutputs : w().outputsLater}</p>}
      {task.Outputs.slice(0, most).map((output) => (
        <One key={`${output.Bucket}/${output.Key}`} output={output} isFirst={output === first} />
      ))}
      {task.Outputs.length > most && (
        <button type="button" class="secondary" onClick={() => setMost(most + STEP)}>
          {common().more}
        </button>
      )}
      {task.Result !== '' && (
        <>
          <h3>{w().result}</h3>
          <Code text={task.Result} label={w().result} />
        </>
      )}
    </section>
  );
}

/** The first is shown, the others when asked for. */
function One({ output: { Bucket, Key, Size }, isFirst }: { readonly output: Output; readonly isFirst: boolean }) {
  const [isOpen, setOpen] = useState(isFirst);
  return (
    <div class="output">
      <p>
        <a href={href('objects', { bucket: Bucket, key: Key })}>
          {Bucket}/<Name text={Key} />
        </a>
        <span class="soft">{bytes(Size)}</span>
      </p>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{w().preview(readable(Key))}</summary>
        {isOpen && <Preview of={{ bucket: Bucket, key: Key }} />}
      </details>
    </div>
  );
}
