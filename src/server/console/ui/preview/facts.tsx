/** What the server knows of a content: the few facts that matter in a line, all of them below it. */
import { oss } from '../../api/oss.ts';
import { Facts } from '../basics.tsx';
import { type Loaded, useLoaded } from '../use.ts';
import type { Source } from './source.ts';
import { w } from './words.ts';

/** Asks for `image/info` and its like. @returns nothing where it can not be asked */
export const useInfo = <T,>(source: Source, process: string, wanted = true): Loaded<T | undefined> =>
  useLoaded(
    async (signal) => {
      if (!wanted || !source.canProcess) return undefined;
      const call = {
        method: 'GET',
        bucket: source.bucket,
        key: source.key,
        query: { 'x-oss-process': process },
      } as const;
      return (await (await oss(call, { signal })).json()) as T;
    },
    [source, process, wanted],
  );

/** A few words in a row. */
export const Line = ({ parts }: { readonly parts: readonly (string | undefined)[] }) => (
  <ul class="line">
    {parts
      .filter((part) => part !== undefined && part !== '')
      .map((part) => (
        <li key={part}>{part}</li>
      ))}
  </ul>
);

/** Names and values, folded away. */
export const AllFacts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: string])[] }) => (
  <details>
    <summary>{w().allFacts}</summary>
    <Facts facts={facts} />
  </details>
);

/** That they could not be read is told beside the content, not instead of it. */
export const NoFacts = ({ error }: { readonly error: Error }) => <p class="hint">{error.message}</p>;
