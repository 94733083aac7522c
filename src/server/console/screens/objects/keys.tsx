/** A bucket: its keys, what is sent into it, and the object that was chosen. */
import { useRef, useState } from 'preact/hooks';
import { place } from '../../app/route.ts';
import { Page } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useSettled } from '../../ui/use.ts';
import { Crumbs } from './crumbs.tsx';
import { useDropped } from './dropped.ts';
import { Filters } from './filters.tsx';
import { Found } from './found.tsx';
import { Listing } from './listing.tsx';
import { ObjectPage } from './object.tsx';
import { fromInput, upload } from './upload.ts';
import { Uploads } from './uploads.tsx';
import { w } from './words.ts';

export function Keys({ bucket }: { readonly bucket: string }) {
  const { prefix = '', find = '', how, key } = place.value.params;
  const settled = useSettled(find, 250);
  const send = (files: Parameters<typeof upload>[2]) => upload(bucket, place.value.params.prefix ?? '', files);
  const isOver = useDropped(send);
  const isScan = how === 'contains' && settled !== '';
  return (
    <Page title={<Crumbs bucket={bucket} prefix={prefix} />} actions={<Choose onChosen={send} />}>
      <div class={`beside ${key === undefined ? '' : 'chosen'}`}>
        <div class="keys">
          <Filters />
          <Uploads bucket={bucket} />
          {isScan ? (
            <Found bucket={bucket} prefix={prefix} find={settled} />
          ) : (
            <Listing bucket={bucket} prefix={prefix} find={settled} />
          )}
        </div>
        {key !== undefined && <ObjectPage key={key} bucket={bucket} name={key} />}
      </div>
      {isOver && (
        <div class="drop" aria-hidden="true">
          <p>
            <Icon name="upload" />
            {w().dropHere(`${bucket}/${prefix}`)}
          </p>
        </div>
      )}
    </Page>
  );
}

/** The way to upload for who has no mouse to drop with. */
function Choose({ onChosen }: { readonly onChosen: (files: ReturnType<typeof fromInput>) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <input
        key={turn}
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={w().upload}
        onChange={(event) => {
          onChosen(fromInput(event.currentTarget.files));
          // The same file again is a choice again.
          setTurn(turn + 1);
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        <Icon name="upload" />
        {w().upload}
      </button>
    </>
  );
}
