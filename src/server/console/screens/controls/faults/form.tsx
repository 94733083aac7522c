/** A rule of one's own: all that a rule can say. */
import { useState } from 'preact/hooks';
import type { Fault } from '../../../api/types.ts';
import { Dialog, Failed } from '../../../ui/basics.tsx';
import { common } from '../../../ui/words.ts';
import { draftOf, effects, limits, ruleOf, scope } from './draft.ts';
import { Fields } from './fields.tsx';
import { add, change, type FaultList } from './rules.ts';
import { w } from './words.ts';

export function RuleForm({
  rule,
  number,
  onChange,
  onClose,
}: {
  /** The one that is changed; absent for a new one. */
  readonly rule?: Fault;
  readonly number?: number;
  readonly onChange: (list: FaultList) => void;
  readonly onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(rule ?? {}));
  // What is changed is what was there when the window was opened.
  const [from] = useState(rule);
  const [error, setError] = useState<Error>();
  const save = async (event: Event) => {
    event.preventDefault();
    const next = ruleOf(draft);
    try {
      onChange(await (from === undefined ? add(next) : change(from, number ?? 0, next)));
      onClose();
    } catch (wrong) {
      setError(wrong as Error);
    }
  };
  const parts = [
    [w().whom, scope],
    [w().howOften, limits],
    [w().what, effects],
  ] as const;
  return (
    <Dialog title={number === undefined ? w().newRule : w().ruleNumber(number + 1)} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        {parts.map(([title, names]) => (
          <fieldset key={title} class="rule-part">
            <legend>{title}</legend>
            <Fields names={names} draft={draft} onChange={setDraft} />
            {names === scope && <p class="hint">{w().wildcard}</p>}
          </fieldset>
        ))}
        {error !== undefined && <Failed error={error} />}
        <div class="buttons end">
          <button type="button" class="secondary" onClick={onClose}>
            {common().cancel}
          </button>
          <button type="submit">{w().save}</button>
        </div>
      </form>
    </Dialog>
  );
}
