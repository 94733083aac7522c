/** The journal: what came, newest first, as it comes. */
import { useMemo, useState } from 'preact/hooks';
import { control } from '../../api/control.ts';
import { requests } from '../../api/live.ts';
import type { Entry } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { Code, Confirm, Empty, Page } from '../../ui/basics.tsx';
import { useCalm } from '../../ui/calm.ts';
import { count } from '../../ui/numbers.ts';
import { attempt } from '../../ui/say.tsx';
import { common } from '../../ui/words.ts';
import { type Filter, filterFrom, filterNames, matching } from './filter.ts';
import { Filters } from './filters.tsx';
import { Row } from './row.tsx';
import { w } from './words.ts';

/** Rows that are drawn at first, and how many more at a time. */
const PAGE = 200;

export function Journal() {
  const live = useCalm(requests, 100);
  const [held, setHeld] = useState<readonly Entry[]>();
  const entries = held ?? live;
  const { params } = place.value;
  const filter = filterFrom(params);
  const fits = matching(filter);
  const shown = useMemo(() => entries.filter(fits), [entries, JSON.stringify(filter)]);
  // What is never shown is no choice either.
  const choosable = useMemo(() => entries.filter(matching({ own: filter.own ?? '' })), [entries, filter.own]);
  const waiting =
    held === undefined ? 0 : live.filter((entry) => entry.seq > (held[0]?.seq ?? 0) && fits(entry)).length;
  return (
    <Page
      title={w().title}
      actions={
        <>
          {waiting > 0 && <span class="soft">{w().arrived(waiting)}</span>}
          <button
            type="button"
            class="secondary"
            aria-pressed={held !== undefined}
            onClick={() => setHeld(held === undefined ? live : undefined)}
          >
            {held === undefined ? w().pause : w().resume}
          </button>
          <Clear onDone={() => setHeld(undefined)} />
        </>
      }
    >
      <Filters entries={choosable} filter={filter} />
      {shown.length > 0 ? <Rows entries={shown} params={params} /> : <Nothing filter={filter} />}
    </Page>
  );
}

function Rows({
  entries,
  params,
}: {
  readonly entries: readonly Entry[];
  readonly params: Readonly<Record<string, string>>;
}) {
  const [most, setMost] = useState(PAGE);
  const shown = entries.slice(0, most);
  return (
    <>
      <div class="rows journal">
        <table aria-label={w().title}>
          <thead>
            <tr>
              <th scope="col">{common().time}</th>
              <th scope="col">{w().method}</th>
              <th scope="col">{common().operation}</th>
              <th scope="col">{w().about}</th>
              <th scope="col">{common().status}</th>
              <th scope="col" class="number">
                {common().duration}
              </th>
              <th scope="col">{w().verdict}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <Row key={entry.seq} entry={entry} params={params} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="more">
        <span class="soft">{w().shown(count(shown.length), count(entries.length))}</span>
        {shown.length < entries.length && (
          <button type="button" class="secondary" onClick={() => setMost(most + PAGE)}>
            {common().more}
          </button>
        )}
      </p>
    </>
  );
}

function Clear({ onDone }: { readonly onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const clear = async () => {
    await control('DELETE', 'requests');
    onDone();
  };
  return (
    <>
      <button type="button" class="secondary" onClick={() => setAsking(true)}>
        {w().clear}
      </button>
      {asking && (
        <Confirm
          title={w().clearTitle}
          text={w().clearText}
          yes={w().clear}
          onYes={() => void attempt(clear, w().cleared)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Nothing({ filter }: { readonly filter: Filter }) {
  const narrowing = filterNames.filter((name) => name !== 'own' && filter[name] !== undefined);
  if (narrowing.length === 0)
    return (
      <Empty title={w().nothing}>
        <p>{w().nothingText}</p>
        <Code text={`curl ${location.origin}/`} />
      </Empty>
    );
  const none = Object.fromEntries(narrowing.map((name) => [name, '']));
  return (
    <Empty title={w().noMatch}>
      <button type="button" class="secondary" onClick={() => stay(none)}>
        {w().noFilters}
      </button>
    </Empty>
  );
}
