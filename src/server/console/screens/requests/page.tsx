/** One request: what it was, what was answered, and why. */
import { useMemo } from 'preact/hooks';
import { Refused, read } from '../../api/control.ts';
import { requests } from '../../api/live.ts';
import type { EntryWithHeaders, Headers } from '../../api/types.ts';
import { language } from '../../app/language.ts';
import { href, place } from '../../app/route.ts';
import { Copy, Empty, Facts, Failed, Loading, Page } from '../../ui/basics.tsx';
import { useCalm } from '../../ui/calm.ts';
import { effectOf, limitsOf, scopeOf } from '../../ui/fault-words.ts';
import { bytes, duration } from '../../ui/numbers.ts';
import { StatusBadge } from '../../ui/request-parts.tsx';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { curlOf, hadBody } from './curl.ts';
import { filterFrom, matching } from './filter.ts';
import { Processing } from './process.tsx';
import { clockTime } from './row.tsx';
import { Signature } from './signature.tsx';
import { isWrong, Verdict } from './verdict.tsx';
import { w } from './words.ts';

export function RequestPage({ id }: { readonly id: string }) {
  const { value, error, reload } = useLoaded(
    (signal) => read<EntryWithHeaders>(`requests/${encodeURIComponent(id)}`, undefined, signal),
    [id],
  );
  const entry = value?.requestId === id ? value : undefined;
  const isGone = error instanceof Refused && error.status === 404;
  return (
    <>
      <Way id={id} />
      {entry !== undefined && <Content entry={entry} />}
      {isGone && (
        <Empty title={w().gone}>
          <p>{w().goneText}</p>
        </Empty>
      )}
      {error !== undefined && !isGone && <Failed error={error} onRetry={reload} />}
      {entry === undefined && error === undefined && <Loading />}
    </>
  );
}

/** Back to the list, and to its neighbours under the same filters. */
function Way({ id }: { readonly id: string }) {
  const known = useCalm(requests, 500);
  const { id: _, text, ...params } = place.value.params;
  const list = useMemo(() => known.filter(matching(filterFrom(params))), [known, JSON.stringify(params)]);
  const at = list.findIndex((entry) => entry.requestId === id);
  const step = (name: string, to: number) => {
    const next = at < 0 ? undefined : list[to];
    return next === undefined ? null : <a href={href('requests', { ...params, id: next.requestId })}>{name}</a>;
  };
  return (
    <nav class="way" aria-label={w().title}>
      <a href={href('requests', params)}>← {w().back}</a>
      <span class="steps">
        {step(w().earlier, at + 1)}
        {step(w().later, at - 1)}
      </span>
    </nav>
  );
}

function Content({ entry }: { readonly entry: EntryWithHeaders }) {
  const { auth } = entry;
  return (
    <Page
      title={
        <>
          {entry.method} <span class="path">{entry.path}</span>
        </>
      }
      actions={<Copy text={() => Promise.resolve(curlOf(entry, location.origin))}>{w().copyCurl}</Copy>}
    >
      {hadBody(entry) && <p class="hint no-body">{w().noBody(bytes(entry.bytesIn ?? 0))}</p>}
      {(isWrong(auth.outcome) || auth.diagnosis !== undefined) && <Signature auth={auth} />}
      <div class="request-columns">
        <About entry={entry} />
        <div>
          {entry.process !== undefined && <Processing entry={entry} process={entry.process} />}
          <Struck entry={entry} />
          <HeaderCard title={w().requestHeaders} headers={entry.requestHeaders} />
          <HeaderCard title={w().responseHeaders} headers={entry.responseHeaders ?? []} />
        </div>
      </div>
    </Page>
  );
}

function About({ entry }: { readonly entry: EntryWithHeaders }) {
  const { auth, bucket, key, bytesIn, bytesOut } = entry;
  const given = (name: string, value: string | undefined) =>
    value === undefined || value === '' ? [] : [[name, value] as const];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">{w().facts}</h2>
      <Facts
        facts={[
          [
            common().status,
            <>
              <StatusBadge entry={entry} />
              {entry.complete === false && <span class="soft"> {w().incomplete}</span>}
            </>,
          ],
          ...given(w().ec, entry.ec),
          ...given(common().operation, entry.op),
          ...given(common().bucket, bucket),
          ...given(common().key, key),
          [w().verdict, <Verdict outcome={auth.outcome} />],
          ...given(w().accessKey, auth.accessKeyId && `${auth.accessKeyId} (${auth.scheme ?? ''})`),
          [
            w().received,
            <time
              dateTime={entry.time}
            >{`${new Date(entry.time).toLocaleDateString(language.value)} ${clockTime(entry.time)}`}</time>,
          ],
          [common().duration, duration(entry.ms)],
          ...(bytesIn === undefined ? [] : [[w().bytesIn, bytes(bytesIn)] as const]),
          ...(bytesOut === undefined ? [] : [[w().bytesOut, bytes(bytesOut)] as const]),
          [w().host, entry.host],
          [
            w().requestId,
            <>
              <code>{entry.requestId}</code> <Copy text={entry.requestId} label={w().copyId} />
            </>,
          ],
        ]}
      />
    </section>
  );
}

function Struck({ entry: { fault, faultRule } }: { readonly entry: EntryWithHeaders }) {
  if (fault === undefined) return null;
  return (
    <section class="card" aria-labelledby="struck">
      <header>
        <h2 id="struck">{w().struck}</h2>
        <a href={href('controls')}>{w().toControls}</a>
      </header>
      <p>
        {w().struckText(fault + 1)}
        {faultRule &&
          [scopeOf(faultRule), effectOf(faultRule), limitsOf(faultRule)].filter((part) => part !== '').join(' — ')}
      </p>
    </section>
  );
}

const HeaderCard = ({ title, headers }: { readonly title: string; readonly headers: Headers }) => (
  <section class="card">
    <h2>{title}</h2>
    {headers.length === 0 ? (
      <p class="soft">{w().noHeaders}</p>
    ) : (
      <dl class="facts">
        {headers.map(([name, value], i) => (
          <div key={i}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
    )}
  </section>
);
