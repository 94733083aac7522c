/** The server's time, and how to move it. */
import { useRef, useState } from 'preact/hooks';
import { control, read } from '../../api/control.ts';
import { language } from '../../app/language.ts';
import { Failed, Loading } from '../../ui/basics.tsx';
import { type Polled, usePolled } from '../../ui/calm.ts';
import { duration } from '../../ui/numbers.ts';
import { attempt } from '../../ui/say.tsx';
import { useClock } from '../../ui/use.ts';
import { w } from './words.ts';

interface Time {
  readonly now: string;
  /** Seconds. */
  readonly ahead: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The answer, with when it came: the time goes on from there. */
const stamped = (time: Time) => ({ ...time, came: Date.now() });
type Stamped = ReturnType<typeof stamped>;

export function Clock() {
  const clock = usePolled(async (signal) => stamped(await read<Time>('clock', undefined, signal)), 5000);
  if (clock.value === undefined) return clock.error === undefined ? <Loading /> : <Failed error={clock.error} />;
  return (
    <section class="card clock" aria-label={w().tabs.clock}>
      <Now time={clock.value} />
      <p class="soft">{w().clock.text}</p>
      <Moves clock={clock} />
    </section>
  );
}

function Now({ time: { now, ahead, came } }: { readonly time: Stamped }) {
  const at = new Date(Date.parse(now) + Math.max(0, useClock() - came));
  return (
    <>
      <p class="now">
        <span>{w().clock.here}</span>
        <time dateTime={at.toISOString()}>
          {at.toLocaleString(language.value, { dateStyle: 'full', timeStyle: 'medium' })}
        </time>
      </p>
      <p>
        {ahead === 0 ? w().clock.same : ahead > 0 ? w().clock.ahead(spanOf(ahead)) : w().clock.behind(spanOf(-ahead))}{' '}
        <code>{at.toISOString().slice(0, 19)}Z</code>
      </p>
    </>
  );
}

const spanOf = (seconds: number): string =>
  seconds >= DAY ? w().clock.days(Math.round((seconds / DAY) * 10) / 10) : duration(seconds * 1000);

function Moves({ clock }: { readonly clock: Polled<Stamped> }) {
  const [by, setBy] = useState('7');
  const [unit, setUnit] = useState(DAY);
  const when = useRef<HTMLInputElement>(null);
  const c = w().clock;
  const move = (body: { readonly advance: number } | { readonly now: string }) =>
    void attempt(async () => clock.refresh(stamped(await control<Time>('PUT', 'clock', { body }))), c.moved);
  const back = () => void attempt(async () => clock.refresh(stamped(await control<Time>('DELETE', 'clock'))), c.isBack);
  return (
    <>
      <fieldset class="quick">
        <legend class="visually-hidden">{c.advance}</legend>
        {([HOUR, DAY, 30 * DAY] as const).map((seconds, i) => (
          <button key={seconds} type="button" class="secondary" onClick={() => move({ advance: seconds })}>
            + {[c.hour, c.day, c.month][i]}
          </button>
        ))}
      </fieldset>
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          move({ advance: Number(by) * unit });
        }}
      >
        <label>
          {c.by}
          <input type="number" required step="any" value={by} onInput={(event) => setBy(event.currentTarget.value)} />
        </label>
        <label>
          {c.unit}
          <select value={unit} onChange={(event) => setUnit(Number(event.currentTarget.value))}>
            {Object.entries(c.units).map(([seconds, name]) => (
              <option key={seconds} value={seconds}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="secondary">
          {c.go}
        </button>
      </form>
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault();
          // Without a zone it is read as a time of the reader's own.
          move({ now: new Date(when.current?.value ?? '').toISOString() });
        }}
      >
        <label>
          {c.set}
          <input
            ref={when}
            type="datetime-local"
            required
            step="1"
            min="1970-01-02T00:00:00"
            max="2199-12-30T23:59:59"
          />
        </label>
        <button type="submit" class="secondary">
          {c.setGo}
        </button>
      </form>
      <button type="button" class="secondary" disabled={clock.value?.ahead === 0} onClick={back}>
        {c.back}
      </button>
    </>
  );
}
