/** The fields of a rule. */
import { useMemo } from 'preact/hooks';
import { requests } from '../../../api/live.ts';
import { type Draft, kinds, type Member } from './draft.ts';
import { w } from './words.ts';

interface Given {
  readonly names: readonly Member[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** Of one list on a page, however many fields offer it. */
export const OPERATIONS = 'fault-operations';

/** Operations that were asked for: names that are known to be right. */
export function Operations() {
  const seen = useMemo(() => [...new Set(requests.value.map(({ op }) => op ?? ''))].filter(Boolean).sort(), []);
  return (
    <datalist id={OPERATIONS}>
      {seen.map((op) => (
        <option key={op} value={op} />
      ))}
    </datalist>
  );
}

export const Fields = ({ names, draft, onChange }: Given) => (
  <div class="rule-fields">
    {names.map((name) => {
      const kind = kinds[name];
      if (kind === 'check')
        return (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={draft[name] === 'on'}
              onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.checked ? 'on' : '' })}
            />
            {w().fields[name]}
          </label>
        );
      return (
        <label key={name}>
          {w().fields[name]}
          <input
            type={kind === 'text' ? 'text' : 'number'}
            min={kind === 'text' ? undefined : 0}
            max={kind === 'percent' ? 100 : undefined}
            step={kind === 'percent' ? 'any' : undefined}
            list={name === 'op' ? OPERATIONS : undefined}
            spellcheck={false}
            autocomplete="off"
            value={draft[name] ?? ''}
            onInput={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
          />
        </label>
      );
    })}
  </div>
);
