/** A key of the bucket, with those that begin as what is typed to choose from. */
import { useId } from 'preact/hooks';
import { childrenOf, ossXml, textIn } from '../../api/oss.ts';
import { useLoaded, useSettled } from '../../ui/use.ts';
import { bucket } from './state.ts';

const MOST = 50;

/** Keys of a bucket that begin so, in order. @throws Refused */
export async function keysOf(name: string, prefix: string, signal: AbortSignal): Promise<readonly string[]> {
  const query = { 'list-type': '2', prefix, 'max-keys': String(MOST), 'encoding-type': 'url' };
  const root = await ossXml({ method: 'GET', bucket: name, query }, { signal });
  return childrenOf(root, 'Contents').map((one) => decodeURIComponent(textIn(one, 'Key')));
}

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
  const { value: keys = [] } = useLoaded(
    async (signal) => (of === '' ? [] : keysOf(of, prefix, signal).catch(() => [])),
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
        {keys.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
    </>
  );
}
