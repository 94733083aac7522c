/** The list of actions: each a form; added, removed and moved. */
import { useState } from 'preact/hooks';
import type { Operation } from '../../api/types.ts';
import { Badge, Empty } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Form } from './form.tsx';
import { type Action, fresh, operationOf, type Stage } from './grammar.ts';
import { familiesFor } from './stages.ts';
import { chain, change, operations } from './state.ts';
import { w } from './words.ts';

interface Moves {
  readonly name: string;
  readonly at: number;
  readonly count: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** Up, down and away: of actions and of clips alike. */
const Handles = ({ name, at, count, onMove, onRemove }: Moves) => (
  <div class="handles">
    <button type="button" class="quiet" aria-label={w().earlier(name)} disabled={at === 0} onClick={() => onMove(-1)}>
      <Icon name="up" />
    </button>
    <button
      type="button"
      class="quiet"
      aria-label={w().later(name)}
      disabled={at === count - 1}
      onClick={() => onMove(1)}
    >
      <Icon name="down" />
    </button>
    <button type="button" class="quiet" aria-label={w().remove(name)} onClick={onRemove}>
      <Icon name="cross" />
    </button>
  </div>
);

/** A list with one of its members a place further up or down. */
function moved<T>(list: readonly T[], at: number, by: -1 | 1): readonly T[] {
  const one = list[at];
  const to = at + by;
  if (one === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(at, 1).toSpliced(to, 0, one);
}

const label = ({ family, name }: Pick<Action, 'family' | 'name'>) => (family === '' ? name : `${family}/${name}`);

function Clauses({ stage, operation, onChange }: StageProps & { readonly operation: Operation }) {
  const { clauses } = stage;
  const set = (next: readonly Action[]) => onChange({ ...stage, clauses: next });
  return (
    <>
      <ol class="clauses">
        {clauses.map((clause, at) => (
          <li key={at}>
            <header>
              <h4>{w().clip(clause.name)}</h4>
              <Handles
                name={`${w().clip(clause.name)} ${at + 1}`}
                at={at}
                count={clauses.length}
                onMove={(by) => set(moved(clauses, at, by))}
                onRemove={() => set(clauses.toSpliced(at, 1))}
              />
            </header>
            <Form
              action={clause}
              parameters={operation.clauses?.[clause.name] ?? []}
              onChange={(next) => set(clauses.with(at, next))}
            />
          </li>
        ))}
      </ol>
      <div class="add-clauses">
        {Object.keys(operation.clauses ?? {}).map((name) => (
          <button
            key={name}
            type="button"
            class="secondary"
            onClick={() => set([...clauses, { family: operation.family, name, tokens: [], begins: false }])}
          >
            <Icon name="plus" /> {w().addClause(name)}
          </button>
        ))}
      </div>
    </>
  );
}

interface StageProps {
  readonly stage: Stage;
  readonly onChange: (next: Stage) => void;
}

function StageForm({ stage, onChange, ...moves }: StageProps & Omit<Moves, 'name'>) {
  const { action } = stage;
  const operation = operationOf(operations.value, action);
  const name = label(action);
  return (
    <li class="action card">
      <header>
        <h3>
          <code>{name}</code>
        </h3>
        {operation?.fidelity === 'approximate' && (
          <span title={operation.because}>
            <Badge tone="plain">{w().approximate}</Badge>
          </span>
        )}
        <Handles name={name} {...moves} />
      </header>
      {operation === undefined ? (
        action.family !== 'style' && <p class="hint bad-text">{w().unknown}</p>
      ) : operation.fidelity === 'refused' ? (
        <p class="hint bad-text">
          {w().refused}: {operation.because}
        </p>
      ) : (
        <>
          <p class="hint">
            {operation.summary}{' '}
            {operation.docs && (
              <a href={operation.docs} target="_blank" rel="noreferrer" aria-label={`${w().docs}: ${name}`}>
                <Icon name="external" />
              </a>
            )}
          </p>
          <Form
            action={action}
            parameters={operation.parameters}
            onChange={(next) => onChange({ ...stage, action: next })}
          />
          {operation.clauses && <Clauses {...{ stage, operation, onChange }} />}
        </>
      )}
    </li>
  );
}

/** Chosen first, added then: the keyboard chooses letter by letter, and each would add something. */
function Add({ type }: { readonly type: string }) {
  const [chosen, setChosen] = useState('');
  const add = () => {
    const operation = operations.value.find((one) => label(one) === chosen);
    if (operation === undefined) return;
    const action = { ...fresh(operation, operations.value), begins: false };
    change((stages) => [...stages, { action, clauses: [] }]);
    setChosen('');
  };
  return (
    <form
      class="add"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label>
        {w().add}
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">{w().choose}</option>
          {familiesFor(type).map((family) => (
            <optgroup key={family} label={family}>
              {operations.value
                .filter((one) => one.family === family && one.fidelity !== 'refused')
                .map((one) => (
                  <option key={one.name} value={label(one)} title={one.summary}>
                    {label(one)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <button type="submit" class="secondary" disabled={chosen === ''}>
        <Icon name="plus" /> {w().addIt}
      </button>
    </form>
  );
}

/** @param type of the object: operations that take it come first */
export function Actions({ type }: { readonly type: string }) {
  const { stages } = chain.value;
  return (
    <section class="actions-list" aria-label={w().actions}>
      <h2>{w().actions}</h2>
      {stages.length === 0 && <Empty title={w().noActions} />}
      <ol>
        {stages.map((stage, at) => (
          <StageForm
            // The same action in the same place is the same form, however its values change.
            key={`${at} ${label(stage.action)}`}
            stage={stage}
            at={at}
            count={stages.length}
            onChange={(next) => change((list) => list.with(at, next))}
            onMove={(by) => change((list) => moved(list, at, by))}
            onRemove={() => change((list) => list.toSpliced(at, 1))}
          />
        ))}
      </ol>
      <Add type={type} />
    </section>
  );
}
