/** Keys of a bucket, page by page: as fluent with a hundred thousand as with ten. */
import { type KeyPage, listKeys, listVersions, PAGE } from '../../api/objects.ts';
import { place, stay } from '../../app/route.ts';
import { Code, Empty, Shown } from '../../ui/basics.tsx';
import { readable } from '../../ui/name.tsx';
import { count } from '../../ui/numbers.ts';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import { useWrites } from '../../ui/writes.ts';
import { Rows } from './rows.tsx';
import { w } from './words.ts';

/** The server leads forwards alone. Whence each page was come to, for as long as this page of the browser is open. */
const before = new Map<string, string>();

export function Listing({
  bucket,
  prefix,
  find,
}: {
  readonly bucket: string;
  readonly prefix: string;
  readonly find: string;
}) {
  const { view, versions, token = '' } = place.value.params;
  const writes = useWrites(bucket);
  const loaded = useLoaded(
    (signal) => {
      const folded = view === 'flat' ? {} : ({ delimiter: '/' } as const);
      const wanted = { bucket, prefix: prefix + find, token, ...folded };
      return versions === undefined ? listKeys(wanted, signal) : listVersions(wanted, signal);
    },
    [bucket, prefix, find, view, versions, token, writes],
  );
  return (
    <Shown loaded={loaded}>
      {(page) =>
        page.folders.length + page.objects.length === 0 ? (
          <Nothing bucket={bucket} prefix={prefix} find={find} />
        ) : (
          <div aria-busy={loaded.loading}>
            <Rows bucket={bucket} prefix={prefix} folders={page.folders} objects={page.objects} />
            <Pager page={page} isLoading={loaded.loading} />
          </div>
        )
      }
    </Shown>
  );
}

function Pager({
  page: { objects, folders, next },
  isLoading,
}: {
  readonly page: KeyPage;
  readonly isLoading: boolean;
}) {
  const { token = '', page = '1' } = place.value.params;
  const at = Math.max(1, Number.parseInt(page, 10) || 1);
  const from = (at - 1) * PAGE + 1;
  const previous = before.get(token);
  if (token === '' && next === undefined) return null;
  const onward = () => {
    if (next === undefined) return;
    before.set(next, token);
    stay({ token: next, page: at + 1 }, { step: true });
  };
  return (
    <nav class="pager" aria-label={w().pages}>
      <span aria-live="polite">{w().rows(count(from), count(from + objects.length + folders.length - 1))}</span>
      {token !== '' && (
        <button type="button" class="secondary" onClick={() => stay({ token: '', page: '' }, { step: true })}>
          {w().first}
        </button>
      )}
      <button
        type="button"
        class="secondary"
        disabled={token === '' || previous === undefined || isLoading}
        onClick={() => stay({ token: previous, page: at === 2 ? '' : at - 1 }, { step: true })}
      >
        {common().previous}
      </button>
      <button type="button" class="secondary" disabled={next === undefined || isLoading} onClick={onward}>
        {common().next}
      </button>
    </nav>
  );
}

function Nothing({
  bucket,
  prefix,
  find,
}: {
  readonly bucket: string;
  readonly prefix: string;
  readonly find: string;
}) {
  if (find !== '')
    return (
      <Empty title={w().noneFound}>
        <p>{w().noneFoundText(readable(prefix + find))}</p>
      </Empty>
    );
  const url = `${location.origin}/${bucket}/${prefix.split('/').map(encodeURIComponent).join('/')}hello.txt`;
  return (
    <Empty title={prefix === '' ? w().noKeys : w().noKeysHere}>
      <p>{w().noKeysText}</p>
      <Code text={`curl -X PUT --data-binary 'hello' -H 'Content-Type: text/plain' '${url}'`} />
    </Empty>
  );
}
