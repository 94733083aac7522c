/** How far the files that are being sent have come. */
import { namespace } from '../../api/control.ts';
import { Badge, type Tone } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Name } from '../../ui/name.tsx';
import { bytes } from '../../ui/numbers.ts';
import { changed } from './links.ts';
import { clear, drop, retry, type Upload, uploads } from './upload.ts';
import { w } from './words.ts';

/** More are counted, not shown. */
const SHOWN = 50;

const tones: Readonly<Record<Upload['state'], Tone>> = { waiting: 'plain', sending: 'busy', done: 'ok', failed: 'bad' };

export function Uploads({ bucket }: { readonly bucket: string }) {
  const own = uploads.value.filter((one) => one.bucket === bucket && one.ns === namespace());
  if (own.length === 0) return null;
  const done = own.filter(({ state }) => state === 'done').length;
  // What needs looking at first.
  const order = ['failed', 'sending', 'waiting', 'done'];
  const sorted = own.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <section class="card uploads" aria-label={w().uploads}>
      <header>
        <h2>
          {w().uploads} <span class="soft">{`${done} / ${own.length}`}</span>
        </h2>
        <button type="button" class="secondary" onClick={clear}>
          {w().clear}
        </button>
      </header>
      <ul>
        {sorted.slice(0, SHOWN).map((one) => (
          <Line key={one.id} of={one} />
        ))}
      </ul>
      {own.length > SHOWN && <p class="hint">+ {own.length - SHOWN}</p>}
    </section>
  );
}

const Line = ({ of: { id, key, file, state, sent, error } }: { readonly of: Upload }) => (
  <li>
    {state === 'done' ? (
      <a class="long" href={changed({ key, versionId: '' })}>
        <Name text={key} />
      </a>
    ) : (
      <span class="long">
        <Name text={key} />
      </span>
    )}
    <span class="soft size">{bytes(file.size)}</span>
    <Badge tone={tones[state]}>{w().uploadStates[state]}</Badge>
    <span class="act">
      {state === 'failed' && (
        <button
          type="button"
          class="quiet"
          aria-label={w().retryUpload(key)}
          title={w().retryUpload(key)}
          onClick={() => retry(id)}
        >
          <Icon name="again" />
        </button>
      )}
      {state !== 'done' && (
        <button
          type="button"
          class="quiet"
          aria-label={w().stopUpload(key)}
          title={w().stopUpload(key)}
          onClick={() => drop(id)}
        >
          <Icon name="cross" />
        </button>
      )}
    </span>
    {state === 'sending' && <progress max={Math.max(1, file.size)} value={sent} aria-label={key} />}
    {error !== undefined && <p class="bad-text">{error}</p>}
  </li>
);
