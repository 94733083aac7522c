/** All that is kept of one key, delete markers among it. */
import { useState } from 'preact/hooks';
import { deleteObject, type Listed, versionsOf } from '../../api/objects.ts';
import { place, stay } from '../../app/route.ts';
import { Badge, Confirm, Moment, Shown } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { readable } from '../../ui/name.tsx';
import { bytes } from '../../ui/numbers.ts';
import { attempt } from '../../ui/say.tsx';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { useWrites } from '../../ui/writes.ts';
import { type Chosen, download } from './chosen.ts';
import { changed } from './links.ts';
import { w } from './words.ts';

export function Versions({ bucket, name, versionId }: Chosen) {
  const writes = useWrites(bucket);
  const loaded = useLoaded((signal) => versionsOf(bucket, name, signal), [bucket, name, writes]);
  const [doomed, setDoomed] = useState<string>();
  const remove = async (id: string) => {
    if (!(await attempt(() => deleteObject(bucket, name, id), w().objectDeleted))) return;
    if (id === versionId) stay({ versionId: '' });
    loaded.reload();
  };
  return (
    <Shown loaded={loaded}>
      {(versions) => (
        <>
          {versions.length === 1 && versions[0]?.versionId === 'null' && <p class="hint">{w().unversioned}</p>}
          <ul class="versions">
            {versions.map((one) => (
              <Version
                key={one.versionId}
                of={one}
                bucket={bucket}
                isShown={(versionId ?? '') === (one.isLatest ? '' : one.versionId)}
                onDelete={() => setDoomed(one.versionId)}
              />
            ))}
          </ul>
          {doomed !== undefined && (
            <Confirm
              title={w().deleteVersionTitle}
              text={w().deleteVersionText(doomed, readable(name))}
              yes={common().delete}
              onYes={() => void remove(doomed)}
              onClose={() => setDoomed(undefined)}
            />
          )}
        </>
      )}
    </Shown>
  );
}

function Version({
  of: { key, versionId = '', size, modified, isLatest, isMarker },
  bucket,
  isShown,
  onDelete,
}: {
  readonly of: Listed;
  readonly bucket: string;
  readonly isShown: boolean;
  readonly onDelete: () => void;
}) {
  const { tab } = place.value.params;
  return (
    <li aria-current={isShown ? 'true' : undefined}>
      <span class="which">
        {isMarker ? (
          <span class="mono">{versionId}</span>
        ) : (
          <a
            class="mono"
            aria-label={w().openVersion(versionId)}
            href={changed({ versionId: isLatest ? '' : versionId, tab: tab === 'versions' ? '' : tab })}
          >
            {versionId}
          </a>
        )}
        <span class="soft">
          <Moment at={modified} /> {!isMarker && `· ${bytes(size)}`}
        </span>
      </span>
      <span class="marks">
        {isMarker && <Badge tone="warn">{w().marker}</Badge>}
        {isLatest && <Badge tone="ok">{w().latest}</Badge>}
      </span>
      <span class="act">
        {!isMarker && (
          <button
            type="button"
            class="quiet"
            aria-label={w().downloadVersion(versionId)}
            title={w().downloadVersion(versionId)}
            onClick={() => void attempt(() => download({ bucket, name: key, versionId }))}
          >
            <Icon name="download" />
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={w().deleteVersion(versionId)}
          title={w().deleteVersion(versionId)}
          onClick={onDelete}
        >
          <Icon name="trash" />
        </button>
      </span>
    </li>
  );
}
