/** The strip: what the object looks like after each stage, how large it is, how long that took. */
import type { Explained } from '../../api/types.ts';
import { stay } from '../../app/route.ts';
import { bytes, duration } from '../../ui/numbers.ts';
import { formatAction } from './grammar.ts';
import { isPicture, type Original, type StageResult } from './stages.ts';
import { chain } from './state.ts';
import { w } from './words.ts';

type Sizes = NonNullable<Explained['stages']>;

function Thumbnail({ result, name }: { readonly result: StageResult; readonly name: string }) {
  if (result === undefined) return <span class="waiting" aria-busy="true" />;
  if ('error' in result) return <span class="none">{result.error.message}</span>;
  if (isPicture(result.made.type)) return <img src={result.made.url} alt={name} />;
  return <span class="none">{result.made.type}</span>;
}

/** @param sizes as the server reads them off the header, in the order of the stages */
export function Strip({
  original,
  results,
  sizes,
  source,
  chosen,
}: {
  readonly original: Original | undefined;
  readonly results: readonly StageResult[];
  readonly sizes: Sizes;
  readonly source: Explained['source'];
  /** Number of the stage that is looked at, from 1. */
  readonly chosen: number;
}) {
  const pixels = (size: { width: number; height: number } | undefined) =>
    size === undefined ? '' : `${size.width} × ${size.height}`;
  return (
    <section class="strip" aria-label={w().strip}>
      <h2>{w().strip}</h2>
      <ol>
        <li>
          <figure>
            {original?.url !== undefined ? (
              <img src={original.url} alt={w().original} decoding="async" />
            ) : original === undefined || isPicture(original.type) ? (
              <span class="waiting" aria-busy="true" />
            ) : (
              <span class="none">{original.type}</span>
            )}
            <figcaption>
              <strong>{w().original}</strong>
              <span>{pixels(source)}</span>
              <span>{original && bytes(original.bytes)}</span>
              <span />
            </figcaption>
          </figure>
        </li>
        {chain.value.stages.map(({ action }, i) => {
          const result = results[i];
          const name = formatAction(action);
          return (
            <li key={i}>
              <button
                type="button"
                aria-pressed={chosen === i + 1}
                aria-label={`${w().stage(i + 1)}: ${name}`}
                onClick={() => stay({ stage: i + 1 === chain.value.stages.length ? undefined : i + 1 })}
              >
                <figure>
                  <Thumbnail result={result} name={name} />
                  <figcaption>
                    <strong title={name}>{action.name}</strong>
                    <span>{pixels(sizes[i]?.size)}</span>
                    <span>{result && 'made' in result && bytes(result.made.bytes)}</span>
                    <span>{result && 'made' in result && duration(result.made.ms)}</span>
                  </figcaption>
                </figure>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
