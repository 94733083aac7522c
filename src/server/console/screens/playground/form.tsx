/** The form of an action or a clause: made of what the registry says of its parameters. */
import { useState } from 'preact/hooks';
import type { Parameter } from '../../api/types.ts';
import { Field } from './field.tsx';
import { type Action, withValue, writtenFor } from './grammar.ts';
import { w } from './words.ts';

/** Parameters that are shown though nothing is written for them. */
const FIRST = 5;

export function Form({
  action,
  parameters,
  onChange,
}: {
  readonly action: Action;
  readonly parameters: readonly Parameter[];
  readonly onChange: (next: Action) => void;
}) {
  const [all, setAll] = useState(false);
  const isShown = (parameter: Parameter, i: number) =>
    i < FIRST || parameter.required || writtenFor(action, parameter, parameters) !== undefined;
  const shown = all ? parameters : parameters.filter(isShown);
  const hidden = parameters.length - shown.length;
  return (
    <div class="form">
      {shown.map((parameter) => (
        <Field
          key={parameter.name}
          parameter={parameter}
          value={writtenFor(action, parameter, parameters)}
          onChange={(value) => onChange(withValue(action, parameter, parameters, value))}
        />
      ))}
      {hidden > 0 && (
        <button type="button" class="secondary" onClick={() => setAll(true)}>
          {w().more(hidden)}
        </button>
      )}
    </div>
  );
}
