/** One parameter of an action, as a part of a form. */
import { useId } from 'preact/hooks';
import type { Parameter } from '../../api/types.ts';
import { fromBase64, toBase64 } from './grammar.ts';
import { KeyInput } from './key-input.tsx';
import { w } from './words.ts';

interface Props {
  readonly parameter: Parameter;
  /** As it is written; `undefined` where it is not. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Largest that a slider goes to: beyond it one can not be set finely enough. What is larger is typed. */
const SLIDER_MOST = 4096;

/** Ranges that no slider helps with: times, and what has no end. */
const isSliding = ({ min, max }: Parameter) => min !== undefined && max !== undefined && max - min <= 50_000;

export function Field({ parameter, value, onChange }: Props) {
  const id = useId();
  const { name, doc, required, base64 } = parameter;
  const decoded = base64 && value !== undefined ? fromBase64(value) : value;
  const set = (text: string) => onChange(text === '' ? undefined : base64 ? toBase64(text) : text);
  return (
    <div class="parameter">
      <div>
        <label for={id}>
          {name}
          {required && <span aria-hidden="true"> *</span>}
        </label>
        <span class="hint" id={`${id}-doc`}>
          {doc}
        </span>
      </div>
      <Control {...{ id, parameter }} value={decoded ?? ''} onChange={set} />
      {value !== undefined && decoded === undefined && <p class="hint bad-text">{parameter.expected}</p>}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly parameter: Parameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Control(props: ControlProps) {
  const { id, parameter, value, onChange } = props;
  const placeholder = parameter.default === undefined ? '' : String(parameter.default);
  switch (parameter.type) {
    case 'choice':
      return <Choice {...props} />;
    case 'number':
      return <Figure {...props} />;
    case 'color':
      return <Color {...props} />;
    case 'object':
      return <KeyInput id={id} describedBy={`${id}-doc`} value={value} onChange={onChange} />;
    default:
      return (
        <input
          id={id}
          aria-describedby={`${id}-doc`}
          type="text"
          required={parameter.required}
          {...{ value, placeholder }}
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function Choice({ id, parameter, value, onChange }: ControlProps) {
  const choices = parameter.choices ?? [];
  const unset = parameter.default === undefined ? w().unset : w().default(String(parameter.default));
  return (
    <select
      id={id}
      aria-describedby={`${id}-doc`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {(!parameter.required || value === '') && <option value="">{parameter.required ? w().choose : unset}</option>}
      {/* What is written stays visible, also where it is none of the choices. */}
      {value !== '' && !choices.includes(value) && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

function Figure({ id, parameter, value, onChange }: ControlProps) {
  const { min = 0, max = SLIDER_MOST } = parameter;
  const placeholder = parameter.default === undefined ? '' : String(parameter.default);
  const typed = (
    <input
      id={id}
      aria-describedby={`${id}-doc`}
      // Not type=number: what is wrong must stay to be seen, and be judged by the server.
      type="text"
      inputMode="decimal"
      autocomplete="off"
      required={parameter.required}
      {...{ value, placeholder }}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
  if (!isSliding(parameter)) return typed;
  return (
    <div class="slider">
      <input
        type="range"
        aria-label={parameter.name}
        min={min}
        max={Math.min(max, SLIDER_MOST)}
        step={parameter.integer === false ? 'any' : 1}
        value={value === '' ? placeholder || min : value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {typed}
    </div>
  );
}

function Color({ id, parameter, value, onChange }: ControlProps) {
  const placeholder = String(parameter.default ?? '000000');
  const shown = /^[0-9A-Fa-f]{6}$/.test(value) ? value : placeholder;
  return (
    <div class="slider">
      <input
        type="color"
        aria-label={parameter.name}
        value={`#${shown.toLowerCase()}`}
        onInput={(event) => onChange(event.currentTarget.value.slice(1).toUpperCase())}
      />
      <input
        id={id}
        aria-describedby={`${id}-doc`}
        type="text"
        maxLength={6}
        spellcheck={false}
        {...{ value, placeholder }}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
