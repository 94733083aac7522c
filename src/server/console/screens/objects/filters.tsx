/** What narrows the keys down, and how they are shown. All of it is in the address. */
import { place, stay } from '../../app/route.ts';
import { w } from './words.ts';

/** Another question begins with its first page. */
const FIRST = { token: '', page: '' };

export function Filters() {
  const { find = '', how = '', view = '', versions = '' } = place.value.params;
  return (
    <search class="filters">
      <label>
        {w().find}
        <input
          type="search"
          value={find}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => stay({ find: event.currentTarget.value, ...FIRST })}
        />
      </label>
      <label>
        {w().how}
        <select value={how} onChange={(event) => stay({ how: event.currentTarget.value, ...FIRST })}>
          <option value="">{w().begins}</option>
          <option value="contains">{w().contains}</option>
        </select>
      </label>
      <label>
        {w().view}
        <select value={view} onChange={(event) => stay({ view: event.currentTarget.value, ...FIRST })}>
          <option value="">{w().folders}</option>
          <option value="flat">{w().flat}</option>
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={versions !== ''}
          onChange={(event) => stay({ versions: event.currentTarget.checked ? 1 : '', ...FIRST })}
        />
        {w().withVersions}
      </label>
    </search>
  );
}
