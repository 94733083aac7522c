/** The buckets of the server. */
import { useState } from 'preact/hooks';
import { type Bucket, bucketState, deleteBucket, listBuckets } from '../../api/objects.ts';
import { go, place } from '../../app/route.ts';
import { Badge, Code, Confirm, Empty, Moment, Page, Shown } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { attempt } from '../../ui/say.tsx';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { inBucket } from './links.ts';
import { NewBucket } from './new-bucket.tsx';
import { w } from './words.ts';

export function Buckets() {
  const { after = '' } = place.value.params;
  const loaded = useLoaded((signal) => listBuckets(after, signal), [after]);
  const [isMaking, setMaking] = useState(false);
  const make = (
    <button type="button" onClick={() => setMaking(true)}>
      <Icon name="plus" />
      {w().newBucket}
    </button>
  );
  return (
    <Page title={w().objects} actions={make}>
      <Shown loaded={loaded}>
        {({ buckets, next }) =>
          buckets.length === 0 ? (
            <Empty title={w().noBuckets}>
              <p>{w().noBucketsText}</p>
              <Code text={`curl -X PUT ${location.origin}/my-bucket`} />
            </Empty>
          ) : (
            <>
              <List buckets={buckets} onChange={loaded.reload} />
              {(after !== '' || next !== undefined) && (
                <nav class="pager" aria-label={w().pages}>
                  {after !== '' && (
                    <button type="button" class="secondary" onClick={() => go('objects', { after: '' })}>
                      {w().first}
                    </button>
                  )}
                  <button
                    type="button"
                    class="secondary"
                    disabled={next === undefined}
                    onClick={() => go('objects', { ...place.value.params, after: next })}
                  >
                    {common().next}
                  </button>
                </nav>
              )}
            </>
          )
        }
      </Shown>
      {isMaking && (
        <NewBucket
          taken={loaded.value?.buckets.map(({ name }) => name) ?? []}
          onMade={loaded.reload}
          onClose={() => setMaking(false)}
        />
      )}
    </Page>
  );
}

function List({ buckets, onChange }: { readonly buckets: readonly Bucket[]; readonly onChange: () => void }) {
  const [doomed, setDoomed] = useState<string>();
  return (
    <div class="rows">
      <table>
        <thead>
          <tr>
            <th scope="col">{common().bucket}</th>
            <th scope="col">{w().acl}</th>
            <th scope="col">{w().versioning}</th>
            <th scope="col" class="created">
              {w().created}
            </th>
            <th scope="col">
              <span class="visually-hidden">{common().delete}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <Row key={bucket.name} bucket={bucket} onDelete={() => setDoomed(bucket.name)} />
          ))}
        </tbody>
      </table>
      {doomed !== undefined && (
        <Confirm
          title={w().deleteBucketTitle}
          text={w().deleteBucketText(doomed)}
          yes={common().delete}
          onYes={() => void attempt(() => deleteBucket(doomed), w().bucketDeleted(doomed)).then(onChange)}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </div>
  );
}

function Row({ bucket: { name, created }, onDelete }: { readonly bucket: Bucket; readonly onDelete: () => void }) {
  const state = useLoaded((signal) => bucketState(name, signal), [name]).value;
  return (
    <tr>
      <td class="wide">
        <a class="long" href={inBucket(name)}>
          {name}
        </a>
      </td>
      <td>{state && <Badge tone={state.acl === 'private' ? 'plain' : 'warn'}>{state.acl}</Badge>}</td>
      <td>
        {state && (
          <Badge tone={state.versioning === 'Enabled' ? 'ok' : 'plain'}>{w().versioningStates[state.versioning]}</Badge>
        )}
      </td>
      <td class="created">
        <Moment at={created} />
      </td>
      <td class="number">
        <button
          type="button"
          class="quiet"
          aria-label={w().deleteBucket(name)}
          title={w().deleteBucket(name)}
          onClick={onDelete}
        >
          <Icon name="trash" />
        </button>
      </td>
    </tr>
  );
}
