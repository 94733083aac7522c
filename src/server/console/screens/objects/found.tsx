/** What a search has found so far. */
import { Empty, Failed } from '../../ui/basics.tsx';
import { count } from '../../ui/numbers.ts';
import { Rows } from './rows.tsx';
import { MOST_HITS, type Scan, useScan } from './scan.ts';
import { w } from './words.ts';

export function Found({
  bucket,
  prefix,
  find,
}: {
  readonly bucket: string;
  readonly prefix: string;
  readonly find: string;
}) {
  const scan = useScan(bucket, prefix, find);
  return (
    <>
      {scan.error && <Failed error={scan.error} />}
      <div class="scan">
        <p role="status">{told(scan)}</p>
        {scan.state === 'running' && (
          <button type="button" class="secondary" onClick={scan.stop}>
            {w().stop}
          </button>
        )}
      </div>
      {scan.hits.length > 0 && <Rows bucket={bucket} prefix={prefix} folders={[]} objects={scan.hits} />}
      {scan.hits.length === 0 && scan.state === 'done' && (
        <Empty title={w().noneFound}>
          <p>{w().noneFoundText(find)}</p>
        </Empty>
      )}
    </>
  );
}

function told({ state, searched }: Scan): string {
  const n = count(searched);
  if (state === 'running') return w().searching(n);
  if (state === 'full') return w().tooMany(count(MOST_HITS), n);
  return state === 'stopped' ? w().stopped(n) : w().searched(n);
}
