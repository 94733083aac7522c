/** A key of the bucket, with those that begin as what is typed to choose from. */
import { useId } from 'preact/hooks';
import { listKeys } from '../../api/objects.ts';
import { useLoaded, useSettled } from '../../ui/use.ts';
import { bucket } from './state.ts';

/** Keys that are offered. */
const MOST = 50;

export function KeyInput({
  id,
  value,
  onChange,
  of = bucket.value,
  describedBy,
}: {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly of?: string;
  readonly describedBy?: string;
}) {
  const list = useId();
  const prefix = useSettled(value, 200);
  const { value: page } = useLoaded(
    async (signal) => (of === '' ? undefined : listKeys({ bucket: of, prefix, most: MOST }, signal)),
    [of, prefix],
  );
  return (
    <>
      <input
        id={id}
        aria-describedby={describedBy}
        type="text"
        list={list}
        spellcheck={false}
        autocomplete="off"
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={list}>
        {(page?.objects ?? []).map(({ key }) => (
          <option key={key} value={key} />
        ))}
      </datalist>
    </>
  );
}
