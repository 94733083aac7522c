/** The same call in each SDK's own code, as the server words it. */
import { control } from '../../api/control.ts';
import type { Snippet } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { Code, Shown, Tabs } from '../../ui/basics.tsx';
import { useLoaded, useSettled } from '../../ui/use.ts';
import { bucket, chain, isAsync, key, process } from './state.ts';
import { w } from './words.ts';

export function CallCode() {
  const saves = chain.value.directives.length > 0;
  const call = isAsync.value ? 'async' : saves ? 'save' : 'get';
  const text = useSettled(process.value, 300);
  const body = { call, bucket: bucket.value, key: key.value, ...(text === '' ? {} : { process: text }) };
  const loaded = useLoaded(
    (signal) => control<{ readonly snippets: readonly Snippet[] }>('POST', 'snippets', { body, signal }),
    [JSON.stringify(body)],
  );
  return (
    <section class="call" aria-label={w().code}>
      <h2>{w().code}</h2>
      <Shown loaded={loaded}>
        {({ snippets }) => {
          const names = snippets.map(
            ({ name, title }) => [name, title === name ? title : `${title} · ${name}`] as const,
          );
          const chosen = snippets.find(({ name }) => name === place.value.params.lang) ?? snippets[0];
          return (
            <Tabs label={w().language} tabs={names} chosen={chosen?.name ?? ''} onChoose={(lang) => stay({ lang })}>
              {chosen && <Code text={chosen.code} />}
            </Tabs>
          );
        }}
      </Shown>
    </section>
  );
}
