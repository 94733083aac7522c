/** The styles of a bucket. */
import { place, stay } from '../../../app/route.ts';
import { Empty, Shown } from '../../../ui/basics.tsx';
import { useBuckets } from '../../../ui/buckets.ts';
import { Icon } from '../../../ui/icons.tsx';
import { useLoaded } from '../../../ui/use.ts';
import { common } from '../../../ui/words.ts';
import { listStyles } from './api.ts';
import { StyleForm } from './form.tsx';
import { Table } from './table.tsx';
import { w } from './words.ts';

/** What stands in the address for a style that has no name yet: no name is written like this. */
const NEW = '*';

export function Styles() {
  const buckets = useBuckets();
  return (
    <section class="card" aria-label={w().styles}>
      <p class="soft">{w().text}</p>
      <Shown loaded={buckets}>
        {(names) => {
          const bucket = place.value.params.bucket ?? names[0];
          return bucket === undefined ? <p>{w().noBuckets}</p> : <OfBucket bucket={bucket} buckets={names} />;
        }}
      </Shown>
    </section>
  );
}

function OfBucket({ bucket, buckets }: { readonly bucket: string; readonly buckets: readonly string[] }) {
  const styles = useLoaded((signal) => listStyles(bucket, signal), [bucket]);
  const { edit } = place.value.params;
  const close = () => stay({ edit: '' });
  const edited = styles.value?.find(({ name }) => name === edit);
  const choices = buckets.includes(bucket) ? buckets : [bucket, ...buckets];
  return (
    <>
      <div class="filters">
        <label>
          {common().bucket}
          <select value={bucket} onChange={(event) => stay({ bucket: event.currentTarget.value, edit: '' })}>
            {choices.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => stay({ edit: NEW })}>
          <Icon name="plus" />
          {w().add}
        </button>
      </div>
      <Shown loaded={styles}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={w().none}>
              <p>{w().noneText}</p>
            </Empty>
          ) : (
            <Table bucket={bucket} styles={list} onChange={styles.reload} />
          )
        }
      </Shown>
      {(edit === NEW || edited !== undefined) && (
        <StyleForm
          key={edit}
          bucket={bucket}
          style={edited}
          taken={styles.value?.map(({ name }) => name) ?? []}
          onSaved={styles.reload}
          onClose={close}
        />
      )}
    </>
  );
}
