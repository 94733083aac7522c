/** Back to how it was after the start. */
import { useState } from 'preact/hooks';
import { control } from '../../api/control.ts';
import { Confirm, Shown } from '../../ui/basics.tsx';
import { useBuckets } from '../../ui/buckets.ts';
import { attempt } from '../../ui/say.tsx';
import { w } from './words.ts';

const KINDS = ['seed', 'whole', 'chosen'] as const;
type Kind = (typeof KINDS)[number];

const bodies = {
  seed: () => ({ keep: 'seed' }),
  whole: () => ({}),
  chosen: (buckets: readonly string[]) => ({ buckets }),
} satisfies Record<Kind, (buckets: readonly string[]) => object>;

export function Reset() {
  const [kind, setKind] = useState<Kind>('seed');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [asking, setAsking] = useState(false);
  const r = w().reset;
  const told = { seed: r.seedText, whole: r.wholeText, chosen: r.chosenText };
  const reset = () =>
    attempt(async () => {
      await control('POST', 'reset', { body: bodies[kind](chosen) });
      setChosen([]);
    }, r.done);
  return (
    <section class="card reset" aria-label={w().tabs.reset}>
      <fieldset>
        <legend class="visually-hidden">{r.what}</legend>
        {KINDS.map((one) => (
          <label key={one}>
            <input type="radio" name="reset" checked={kind === one} onChange={() => setKind(one)} />
            <span>
              <strong>{r[one]}</strong>
              <span class="hint">{told[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {kind === 'chosen' ? <Choose chosen={chosen} onChoose={setChosen} /> : <p class="soft">{r.also}</p>}
      <button
        type="button"
        class="danger"
        disabled={kind === 'chosen' && chosen.length === 0}
        onClick={() => setAsking(true)}
      >
        {r.go}
      </button>
      {asking && (
        <Confirm
          title={r.title}
          text={kind === 'chosen' ? r.confirmChosen(chosen.join(', ')) : r.confirmAll}
          yes={r.yes}
          onYes={() => void reset()}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function Choose({
  chosen,
  onChoose,
}: {
  readonly chosen: readonly string[];
  readonly onChoose: (names: readonly string[]) => void;
}) {
  return (
    <fieldset class="names">
      <legend>{w().reset.buckets}</legend>
      <Shown loaded={useBuckets()}>
        {(names) =>
          names.length === 0 ? (
            <p class="soft">{w().reset.noBuckets}</p>
          ) : (
            names.map((name) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={chosen.includes(name)}
                  onChange={(event) =>
                    onChoose(event.currentTarget.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
                  }
                />
                {name}
              </label>
            ))
          )
        }
      </Shown>
    </fieldset>
  );
}
