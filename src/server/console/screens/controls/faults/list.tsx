/** The rules in force, with what came of each. */
import { useState } from 'preact/hooks';
import { control } from '../../../api/control.ts';
import type { Fault } from '../../../api/types.ts';
import { stay } from '../../../app/route.ts';
import { Confirm } from '../../../ui/basics.tsx';
import { effectOf, limitsOf, scopeOf } from '../../../ui/fault-words.ts';
import { Icon } from '../../../ui/icons.tsx';
import { count } from '../../../ui/numbers.ts';
import { attempt } from '../../../ui/say.tsx';
import { common } from '../../../ui/words.ts';
import { type FaultList, remove } from './rules.ts';
import { w } from './words.ts';

interface Given {
  readonly rules: readonly Fault[];
  readonly onChange: (list: FaultList) => void;
}

export const Counts = ({ rule: { matched = 0, fired = 0 } }: { readonly rule: Fault }) => (
  <p class={fired > 0 ? 'counts-line fired' : 'counts-line'}>{w().counts(count(matched), count(fired))}</p>
);

export function Rules({ rules, onChange }: Given) {
  const [asking, setAsking] = useState(false);
  const removeAll = async () => onChange(await control<FaultList>('DELETE', 'faults'));
  return (
    <section class="card" aria-labelledby="rules">
      <h2 id="rules">{w().rules}</h2>
      <p class="soft">{rules.length === 0 ? w().none : w().rulesText}</p>
      {rules.length > 0 && (
        <ol class="rules" aria-labelledby="rules">
          {rules.map((rule, number) => (
            <Rule key={number} rule={rule} number={number} onChange={onChange} />
          ))}
        </ol>
      )}
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => stay({ edit: 'new' })}>
          <Icon name="plus" />
          {w().newRule}
        </button>
        <button type="button" class="secondary" onClick={() => stay({ edit: 'json' })}>
          {w().json}
        </button>
        {rules.length > 0 && (
          <button type="button" class="secondary" onClick={() => setAsking(true)}>
            {w().removeAll}
          </button>
        )}
      </div>
      {asking && (
        <Confirm
          title={w().removeAllTitle}
          text={w().removeAllText(rules.length)}
          yes={w().removeAll}
          onYes={() => void attempt(removeAll, w().removed)}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function Rule({ rule, number, onChange }: Omit<Given, 'rules'> & { readonly rule: Fault; readonly number: number }) {
  const often = limitsOf(rule);
  const named = (action: string) => w().ofRule(action, number + 1);
  return (
    <li>
      <div>
        <p>
          <strong>{scopeOf(rule)}</strong> {effectOf(rule)}
          {often !== '' && <span class="soft"> ({often})</span>}
        </p>
        <Counts rule={rule} />
      </div>
      <button type="button" class="quiet" aria-label={named(common().edit)} onClick={() => stay({ edit: number + 1 })}>
        {common().edit}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={named(w().remove)}
        title={w().remove}
        onClick={() => void attempt(async () => onChange(await remove(rule, number)))}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}
