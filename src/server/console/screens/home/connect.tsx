/** How a program reaches this server. */

import { presigned } from '../../api/oss.ts';
import type { Snippet } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { Code, Copy, Shown, Tabs } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import { isGone, LASTS, useClients, useInfo, useSigned } from './load.ts';
import { w } from './words.ts';

const KEPT = 'ossite.client';

export function Connect() {
  const info = useInfo();
  const clients = useClients();
  return (
    <section class="card connect" aria-labelledby="connect">
      <h2 id="connect">{w().connect}</h2>
      <p class="soft">{w().connectText}</p>
      <dl>
        <div>
          <dt>{w().endpoint}</dt>
          <dd>
            <code>{location.origin}</code>
            <Copy text={location.origin} label={w().copyEndpoint} />
          </dd>
        </div>
        <div>
          <dt>{w().region}</dt>
          <dd>
            {info.value === undefined ? <span class="soft">…</span> : <code>{info.value.region}</code>}
            {info.value !== undefined && <Copy text={info.value.region} label={w().copyRegion} />}
          </dd>
        </div>
      </dl>
      {!isGone(clients.error) && (
        <Shown loaded={clients}>{({ clients: snippets }) => <Clients snippets={snippets} />}</Shown>
      )}
    </section>
  );
}

/** The address says which language; else it is the one that was looked at last in this browser. */
function Clients({ snippets }: { readonly snippets: readonly Snippet[] }) {
  const asked = place.value.params.lang ?? localStorage.getItem(KEPT);
  const shown =
    snippets.find(({ name }) => name === asked) ?? snippets.find(({ language }) => language === asked) ?? snippets[0];
  if (shown === undefined) return null;
  const choose = (name: string) => {
    localStorage.setItem(KEPT, name);
    stay({ lang: name });
  };
  return (
    <Tabs
      label={w().client}
      tabs={snippets.map(({ name, title }) => [name, title] as const)}
      chosen={shown.name}
      onChoose={choose}
    >
      {shown.install !== undefined && shown.install !== '' && (
        <>
          <h3>{w().install}</h3>
          <Code text={shown.install} label={w().install} />
        </>
      )}
      <h3>{w().code}</h3>
      <Code text={shown.code} label={w().code} />
      {shown.name === 'curl' && <FirstRequest />}
    </Tabs>
  );
}

/** Of curl there is no client to make. */
function FirstRequest() {
  const isSigned = useSigned();
  const url = useLoaded(async () => (isSigned ? presigned({}, LASTS) : undefined), [isSigned]);
  return (
    <>
      <h3>{w().first}</h3>
      <Code text={url.value === undefined ? `curl ${location.origin}/` : `curl '${url.value}'`} label={w().first} />
    </>
  );
}
