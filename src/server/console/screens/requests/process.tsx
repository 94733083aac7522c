/** The process string of a request, and how the server reads it. */
import { control } from '../../api/control.ts';
import type { EntryWithHeaders, Explained } from '../../api/types.ts';
import { href } from '../../app/route.ts';
import { Code, Shown } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import { w } from './words.ts';

interface Given {
  readonly entry: EntryWithHeaders;
  readonly process: string;
}

/** The way in which it was asked for. */
const modeOf = (op: string | undefined): 'get' | 'post' | 'async' =>
  op === 'AsyncProcessObject' ? 'async' : op === 'ProcessObject' ? 'post' : 'get';

export function Processing({ entry: { op, bucket, key }, process }: Given) {
  const about = { bucket, ...(key === undefined || key === '' ? {} : { key }) };
  const plan = useLoaded(
    (signal) =>
      control<Explained>('POST', 'explain', {
        body: { process, mode: modeOf(op), ...(bucket === undefined || bucket === '' ? {} : about) },
        signal,
      }),
    [process, op, bucket, key],
  );
  return (
    <section class="card" aria-labelledby="process">
      <header>
        <h2 id="process">{w().process}</h2>
        <a href={href('playground', { bucket, key, process })}>{w().playground}</a>
      </header>
      <Code text={process} label={w().process} />
      <Shown loaded={plan}>{(explained) => <Stages explained={explained} />}</Shown>
    </section>
  );
}

const sized = (size: { readonly width: number; readonly height: number } | undefined): string =>
  size === undefined ? '' : `${size.width} × ${size.height}`;

const told = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function Stages({
  explained: { source, stages = [], saveas, warnings = [], error },
}: {
  readonly explained: Explained;
}) {
  if (error !== undefined)
    return (
      <>
        <p>{w().nowAnswers}</p>
        <p class="bad-text">
          <strong class="bad-text">
            {error.status} {error.code}
          </strong>{' '}
          {error.Detail ?? error.message}
        </p>
      </>
    );
  return (
    <>
      <ol class="stages" aria-label={w().stages}>
        {source !== undefined && (
          <li>
            <span>{w().source}</span>
            <span class="size">{sized(source)}</span>
          </li>
        )}
        {stages.map(({ action, params, size }, i) => (
          <li key={i}>
            <span>
              <strong>{action}</strong>{' '}
              <span class="soft">
                {Object.entries(params)
                  .map(([name, value]) => `${name} ${told(value)}`)
                  .join(', ')}
              </span>
            </span>
            <span class="size">{sized(size)}</span>
          </li>
        ))}
        {saveas !== undefined && (
          <li>
            <span>
              <strong>sys/saveas</strong>{' '}
              <span class="soft">{[saveas.bucket, saveas.key].filter(Boolean).join('/')}</span>
            </span>
          </li>
        )}
      </ol>
      {warnings.map((warning) => (
        <p key={warning} class="hint">
          {warning}
        </p>
      ))}
    </>
  );
}
