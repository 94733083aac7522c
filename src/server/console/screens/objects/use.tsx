/** How others get at an object: by a link, by curl, by an SDK. */
import { useState } from 'preact/hooks';
import { control } from '../../api/control.ts';
import { presigned } from '../../api/oss.ts';
import type { Snippet } from '../../api/types.ts';
import { Code, Shown, Tabs } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import type { Chosen } from './chosen.ts';
import { w } from './words.ts';

const LIFETIMES = ['900', '3600', '86400', '604800'] as const;
type Lifetime = (typeof LIFETIMES)[number];

/** For a shell: nothing in it means anything. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const Use = (chosen: Chosen) => (
  <>
    <Link {...chosen} />
    <Sdk {...chosen} />
  </>
);

function Link({ bucket, name, versionId }: Chosen) {
  const [lasts, setLasts] = useState<Lifetime>('3600');
  const query: Record<string, string> = versionId === undefined ? {} : { versionId };
  const url = useLoaded(() => presigned({ bucket, key: name, query }, Number(lasts)), [bucket, name, versionId, lasts]);
  // No longer than a file system takes.
  const last = name.split('/').findLast((one) => one !== '') ?? 'object';
  const file = last.replace(/[\u0000-\u001f\u007f]/g, '_').slice(-60);
  return (
    <>
      <label class="lasts">
        {w().lasts}
        <select value={lasts} onChange={(event) => setLasts(event.currentTarget.value as Lifetime)}>
          {LIFETIMES.map((one) => (
            <option key={one} value={one}>
              {w().lifetimes[one]}
            </option>
          ))}
        </select>
      </label>
      <Shown loaded={url}>
        {(text) => (
          <>
            <h3>{w().link}</h3>
            <Code text={text} label={w().link} />
            <h3>{w().curl}</h3>
            <Code text={`curl -o ${quoted(`./${file}`)} ${quoted(text)}`} label={w().curl} />
          </>
        )}
      </Shown>
    </>
  );
}

function Sdk({ bucket, name }: Chosen) {
  const loaded = useLoaded(
    (signal) =>
      control<{ readonly snippets: readonly Snippet[] }>('POST', 'snippets', {
        body: { call: 'get', bucket, key: name },
        signal,
      }),
    [bucket, name],
  );
  const [chosen, setChosen] = useState<string>();
  return (
    <>
      <h3>{w().sdk}</h3>
      <Shown loaded={loaded}>
        {({ snippets: all }) => {
          // curl has its place above.
          const snippets = all.filter(({ language }) => language !== 'shell');
          const shown = snippets.find((one) => one.name === chosen) ?? snippets[0];
          return (
            shown && (
              <Tabs
                label={w().languages}
                tabs={snippets.map((one) => [one.name, one.title] as const)}
                chosen={shown.name}
                onChoose={setChosen}
              >
                <Code text={shown.code} label={shown.title} />
              </Tabs>
            )
          );
        }}
      </Shown>
    </>
  );
}
