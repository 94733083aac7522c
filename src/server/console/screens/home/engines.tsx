/** What processes media on this machine, and what is refused for want of it. */
import type { Engine, Info } from '../../api/types.ts';
import { Badge, Shown } from '../../ui/basics.tsx';
import { isGone, useInfo } from './load.ts';
import { w } from './words.ts';

export function Engines() {
  const info = useInfo();
  if (isGone(info.error)) return null;
  return (
    <section class="card" aria-labelledby="engines">
      <h2 id="engines">{w().engines}</h2>
      <Shown loaded={info}>{(info) => <Table info={info} />}</Shown>
    </section>
  );
}

const isMissing = ({ version }: Engine): boolean => version === undefined;

function Table({ info }: { readonly info: Info }) {
  const engines = Object.entries(info.engines);
  const missing = engines.filter(([, engine]) => isMissing(engine));
  const found = engines.filter(([, engine]) => !isMissing(engine));
  return (
    <>
      <p class={missing.length === 0 ? 'soft' : ''}>{w().enginesText(missing.length)}</p>
      <ul class="engines" aria-label={w().engines}>
        {[...missing, ...found].map(([name, engine]) => (
          <li key={name}>
            <p>
              <strong>{name}</strong>{' '}
              {isMissing(engine) ? (
                <Badge tone="bad">{w().missing}</Badge>
              ) : (
                <span class="version">{engine.version}</span>
              )}
            </p>
            <p class="soft">{w().needs[engine.neededFor] ?? engine.neededFor}</p>
            {isMissing(engine) && engine.families.length > 0 && (
              <p>{w().refusedWithout(engine.families.map((family) => `${family}/*`).join(', '))}</p>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
