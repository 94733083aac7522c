/** An object: what it holds, what is known of it, and what can be done with it. */
import { useState } from 'preact/hooks';
import { deleteObject } from '../../api/objects.ts';
import { href, place, stay } from '../../app/route.ts';
import { Confirm, Copy, Tabs } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Name, readable } from '../../ui/name.tsx';
import { Preview } from '../../ui/preview/index.tsx';
import { attempt } from '../../ui/say.tsx';
import { common } from '../../ui/words.ts';
import { type Chosen, close, download } from './chosen.ts';
import { Details } from './details.tsx';
import { Tags } from './tags.tsx';
import { Use } from './use.tsx';
import { Versions } from './versions.tsx';
import { w } from './words.ts';

const parts = { preview: Content, details: Details, tags: Tags, versions: Versions, use: Use } as const;
type Part = keyof typeof parts;

export function ObjectPage({ bucket, name }: { readonly bucket: string; readonly name: string }) {
  const { versionId, tab = 'preview' } = place.value.params;
  const part: Part = Object.hasOwn(parts, tab) ? (tab as Part) : 'preview';
  const Shown = parts[part];
  const isOutOfReach = name === '.' || name === '..';
  const title = name.split('/').findLast((one) => one !== '') ?? name;
  return (
    <section class="card object" aria-label={w().object}>
      <header>
        <button type="button" class="quiet back" aria-label={w().folderOf(readable(name))} onClick={close}>
          <Icon name="left" />
        </button>
        <h2 title={readable(name)}>
          <Name text={title} />
        </h2>
        <Copy text={name} label={w().copyKey} />
        <button type="button" class="quiet shut" aria-label={common().close} onClick={close}>
          <Icon name="cross" />
        </button>
      </header>
      {title !== name && (
        <p class="soft mono key">
          <Name text={name} />
        </p>
      )}
      {versionId !== undefined && (
        <p class="hint">
          {w().shownVersion(versionId)}{' '}
          <button type="button" class="link" onClick={() => stay({ versionId: '' }, { step: true })}>
            {w().showCurrent}
          </button>
        </p>
      )}
      <Actions bucket={bucket} name={name} versionId={versionId} isOutOfReach={isOutOfReach} />
      {isOutOfReach ? (
        <p>{w().noWay}</p>
      ) : (
        <Tabs
          label={w().object}
          tabs={(Object.keys(parts) as Part[]).map((one) => [one, w().tabs[one]] as const)}
          chosen={part}
          onChoose={(one) => stay({ tab: one === 'preview' ? '' : one })}
        >
          <Shown key={versionId} bucket={bucket} name={name} versionId={versionId} />
        </Tabs>
      )}
    </section>
  );
}

function Content({ bucket, name, versionId }: Chosen) {
  return <Preview of={{ bucket, key: name, ...(versionId === undefined ? {} : { versionId }) }} />;
}

function Actions({ isOutOfReach, ...chosen }: Chosen & { readonly isOutOfReach: boolean }) {
  const { bucket, name, versionId } = chosen;
  const [isAsking, setAsking] = useState(false);
  const remove = async () => {
    if (await attempt(() => deleteObject(bucket, name, versionId), w().objectDeleted)) close();
  };
  return (
    <div class="actions">
      {!isOutOfReach && (
        <button type="button" class="secondary" onClick={() => void attempt(() => download(chosen))}>
          <Icon name="download" />
          {w().download}
        </button>
      )}
      {!isOutOfReach && versionId === undefined && (
        <a class="button secondary" href={href('playground', { bucket, key: name })}>
          <Icon name="playground" />
          {w().playground}
        </a>
      )}
      <button type="button" class="secondary" onClick={() => setAsking(true)}>
        <Icon name="trash" />
        {w().delete}
      </button>
      {isAsking && (
        <Confirm
          title={versionId === undefined ? w().deleteTitle : w().deleteVersionTitle}
          text={
            versionId === undefined ? w().deleteText(readable(name)) : w().deleteVersionText(versionId, readable(name))
          }
          yes={common().delete}
          onYes={() => void remove()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
