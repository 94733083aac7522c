/** All rules as JSON. */
import { useState } from 'preact/hooks';
import type { Fault } from '../../../api/types.ts';
import { Dialog, Failed } from '../../../ui/basics.tsx';
import { common } from '../../../ui/words.ts';
import { bare, type FaultList, replace } from './rules.ts';
import { w } from './words.ts';

/** @throws Error what is wrong with it, as a sentence */
function rulesFrom(text: string): readonly Fault[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(w().notJson((error as Error).message));
  }
  if (!Array.isArray(value)) throw new Error(w().notRules);
  // What was copied from an answer has its counts.
  return value.map((one: unknown) => (typeof one === 'object' && one !== null ? bare(one as Fault) : one) as Fault);
}

export function RulesAsJson({
  list,
  onChange,
  onClose,
}: {
  readonly list: FaultList;
  readonly onChange: (list: FaultList) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(() => JSON.stringify(list.rules.map(bare), null, 2));
  const [error, setError] = useState<Error>();
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      onChange(await replace(rulesFrom(text), list.seed));
      onClose();
    } catch (wrong) {
      setError(wrong as Error);
    }
  };
  return (
    <Dialog title={w().jsonTitle} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <label>
          {w().jsonText}
          <textarea
            class="mono"
            rows={14}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
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
