/** PDF and office documents, page by page as pictures. */
import { useState } from 'preact/hooks';
import { Refused } from '../../api/control.ts';
import { oss } from '../../api/oss.ts';
import { Shown } from '../basics.tsx';
import { Icon } from '../icons.tsx';
import { bytes as amount } from '../numbers.ts';
import { useLoaded } from '../use.ts';
import { common } from '../words.ts';
import { Bytes } from './bytes.tsx';
import { Line } from './facts.tsx';
import { documentSource } from './kind.ts';
import type { Source } from './source.ts';
import { useBlobUrl } from './use-blob-url.ts';
import { w } from './words.ts';

interface Props {
  readonly source: Source;
}

async function draw({ bucket, key, type }: Source, page: number, signal: AbortSignal): Promise<Blob> {
  const source = documentSource(type, key);
  const query = { 'x-oss-process': `doc/snapshot${source === undefined ? '' : `,source_${source}`},page_${page}` };
  return (await oss({ method: 'GET', bucket, key, query }, { signal })).blob();
}

export function Document({ source }: Props) {
  if (source.canProcess) return <Pages source={source} />;
  return (
    <>
      <p class="hint">{w().oldVersion}</p>
      <Bytes source={source} />
    </>
  );
}

function Pages({ source }: Props) {
  const [page, setPage] = useState(1);
  const shown = useLoaded((signal) => draw(source, page, signal), [source, page]);
  const isThere = shown.value !== undefined && !shown.loading;
  // The page after it is drawn while this one is read; that there is none tells where the document ends.
  const next = useLoaded(
    async (signal) => {
      if (!isThere) return undefined;
      try {
        await draw(source, page + 1, signal);
        return { of: page, ends: false };
      } catch (error) {
        if (error instanceof Refused && error.status === 400) return { of: page, ends: true };
        throw error;
      }
    },
    [source, page, isThere],
  );
  const ends = next.value?.of === page && next.value.ends;
  const url = useBlobUrl(shown.value);
  return (
    <>
      <nav class="pages" aria-label={w().pages}>
        <button type="button" class="secondary" disabled={page === 1} onClick={() => setPage(page - 1)}>
          <Icon name="left" />
          {common().previous}
        </button>
        <span aria-live="polite">{ends ? w().pageOf(page, page) : w().page(page)}</span>
        <button type="button" class="secondary" disabled={ends || !isThere} onClick={() => setPage(page + 1)}>
          {common().next}
          <Icon name="right" />
        </button>
      </nav>
      <Shown loaded={shown}>
        {() => (
          <figure class="picture sheet" aria-busy={shown.loading}>
            {url && <img src={url} alt={`${source.key}, ${w().page(page)}`} />}
          </figure>
        )}
      </Shown>
      <Line parts={[amount(source.size)]} />
    </>
  );
}
