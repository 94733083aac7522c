/** The object that is played with: which, what it is, another one. */
import { useState } from 'preact/hooks';
import { listKeys } from '../../api/objects.ts';
import type { Size } from '../../api/types.ts';
import { href } from '../../app/route.ts';
import { allBuckets, useBuckets } from '../../ui/buckets.ts';
import { Icon } from '../../ui/icons.tsx';
import { bytes } from '../../ui/numbers.ts';
import { common } from '../../ui/words.ts';
import { KeyInput } from './key-input.tsx';
import type { Original } from './stages.ts';
import { bucket, choose, key } from './state.ts';
import { w } from './words.ts';

/** Something to begin with: the demo's photograph, else the first object that there is. @throws Refused */
export async function firstObject(
  signal: AbortSignal,
): Promise<{ readonly bucket: string; readonly key: string } | undefined> {
  const names = await allBuckets(signal);
  const ordered = names.includes('demo') ? ['demo', ...names.filter((name) => name !== 'demo')] : names;
  for (const name of ordered.slice(0, 20)) {
    const { objects } = await listKeys({ bucket: name, prefix: '' }, signal);
    const keys = objects.map((one) => one.key);
    const first = keys.find((one) => /\.(jpe?g|png|webp|gif)$/i.test(one)) ?? keys[0];
    if (first !== undefined) return { bucket: name, key: keys.includes('photo.jpg') ? 'photo.jpg' : first };
  }
  return undefined;
}

function Picker({ onDone }: { readonly onDone: () => void }) {
  const [to, setTo] = useState({ bucket: bucket.value, key: key.value });
  const { value: names = [] } = useBuckets();
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        choose(to);
        onDone();
      }}
    >
      <label>
        {common().bucket}
        <select value={to.bucket} onChange={(event) => setTo({ bucket: event.currentTarget.value, key: '' })}>
          {[...new Set([to.bucket, ...names])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div class="key">
        <label for="picked-key">{w().pickKey}</label>
        <KeyInput id="picked-key" of={to.bucket} value={to.key} onChange={(next) => setTo({ ...to, key: next })} />
      </div>
      <div class="buttons">
        <button type="submit" disabled={to.key === ''}>
          {common().open}
        </button>
        <button type="button" class="secondary" onClick={onDone}>
          {common().cancel}
        </button>
      </div>
    </form>
  );
}

/** @param size in pixels, where it is a picture whose header says so */
export function Source({
  original,
  size,
}: {
  readonly original: Original | undefined;
  readonly size: Size | undefined;
}) {
  const [picking, setPicking] = useState(false);
  const facts = [
    ...(size === undefined ? [] : [`${size.width} × ${size.height}`]),
    ...(original === undefined ? [] : [bytes(original.bytes), original.type]),
  ];
  return (
    <section class="source" aria-label={w().object}>
      {picking ? (
        <Picker onDone={() => setPicking(false)} />
      ) : (
        <>
          <p>
            <a href={href('objects', { bucket: bucket.value, key: key.value })}>
              {bucket.value}/{key.value}
            </a>{' '}
            <span class="soft">{facts.join(' · ')}</span>
          </p>
          <button type="button" class="secondary" onClick={() => setPicking(true)}>
            <Icon name="file" /> {w().change}
          </button>
        </>
      )}
    </section>
  );
}
