/** What narrows the journal down. */
import { useMemo } from 'preact/hooks';
import type { Entry } from '../../api/types.ts';
import { stay } from '../../app/route.ts';
import { common } from '../../ui/words.ts';
import { choicesOf, type Filter, type Member } from './filter.ts';
import { verdictOf } from './verdict.tsx';
import { w } from './words.ts';

interface Given {
  readonly entries: readonly Entry[];
  readonly filter: Filter;
}

const labels = () => ({
  bucket: common().bucket,
  op: common().operation,
  status: common().status,
  verdict: w().verdict,
  method: w().method,
});

function Choice({ name, entries, filter }: Given & { readonly name: Member | 'status' }) {
  const choices = useMemo(() => choicesOf(entries, name, filter[name]), [entries, name, filter[name]]);
  return (
    <label>
      {labels()[name]}
      <select value={filter[name] ?? ''} onChange={(event) => stay({ [name]: event.currentTarget.value })}>
        <option value="">{common().all}</option>
        {name === 'status' && <option value="errors">{w().errors}</option>}
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {name === 'verdict' ? verdictOf(choice) : choice}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Filters({ entries, filter }: Given) {
  return (
    <search class="filters" aria-label={w().filters}>
      <label class="text">
        {w().text}
        <input
          type="search"
          placeholder={w().textHint}
          value={filter.q ?? ''}
          onInput={(event) => stay({ q: event.currentTarget.value })}
        />
      </label>
      {(['bucket', 'op', 'status', 'verdict', 'method'] as const).map((name) => (
        <Choice key={name} name={name} entries={entries} filter={filter} />
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={filter.own === '1'}
          onChange={(event) => stay({ own: event.currentTarget.checked ? '1' : '' })}
        />
        {w().own}
      </label>
    </search>
  );
}
