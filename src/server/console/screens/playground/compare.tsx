/** What came out, beside what went in: a slider shows more of the one or of the other. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Code, Failed, Loading } from '../../ui/basics.tsx';
import { bytes, duration } from '../../ui/numbers.ts';
import { isDrawn, isPicture, type Made, type Original, type StageResult } from './stages.ts';
import { key } from './state.ts';
import { w } from './words.ts';

/** How much smaller or larger the result is. */
function change(from: number, to: number): string {
  if (from === 0) return '';
  const percent = Math.abs((1 - to / from) * 100);
  const text = `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
  return to <= from ? w().saved(text) : w().grown(text);
}

function Pictures({ original, made }: { readonly original: Original; readonly made: Made }) {
  const [percent, setPercent] = useState(50);
  const [natural, setNatural] = useState<string>();
  return (
    <div class="compare">
      <div class="pair">
        <img
          class="result"
          src={made.url}
          alt={w().result}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setNatural(`${naturalWidth} × ${naturalHeight}`)
          }
        />
        {original.url !== undefined && (
          <img
            class="original"
            src={original.url}
            alt={w().original}
            style={{ clipPath: `inset(0 ${100 - percent}% 0 0)` }}
          />
        )}
        <span class="edge" style={{ left: `${percent}%` }} aria-hidden="true" />
      </div>
      <input
        type="range"
        aria-label={w().compare}
        min={0}
        max={100}
        value={percent}
        onInput={(event) => setPercent(event.currentTarget.valueAsNumber)}
      />
      <p class="soft">
        {natural} · {made.type} · {bytes(made.bytes)} · {duration(made.ms)} ·{' '}
        <strong>{change(original.bytes, made.bytes)}</strong>
        {!isDrawn(made.type) && <> · {w().shownAs(made.type)}</>}
      </p>
    </div>
  );
}

/** JSON, playlists, pages: shown as the text that they are. */
function Text({ made }: { readonly made: Made }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    void made.content.text().then(setText);
  }, [made]);
  if (text === undefined) return <Loading />;
  // A page is shown as a page, but can do nothing.
  if (made.type === 'text/html') return <iframe title={w().result} sandbox="" srcdoc={text} />;
  return <Code text={pretty(text)} />;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const extensionOf = (type: string): string =>
  ({ 'image/jpeg': 'jpg', 'image/svg+xml': 'svg', 'text/html': 'html', 'text/plain': 'txt' })[type] ??
  (type.split('/')[1] ?? '').replace(/^x-/, '').replace(/.*\./, '');

/** What is saved when the result is downloaded. */
const fileName = ({ type }: Made): string =>
  `${(key.value.split('/').pop() ?? '').replace(/\.[^.]*$/, '')}-result.${extensionOf(type)}`;

/** The bytes as the server sent them, also where something else is drawn in their place. */
function Download({ made }: { readonly made: Made }) {
  const url = useMemo(() => URL.createObjectURL(made.content), [made]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <a class="button secondary" href={url} download={fileName(made)}>
      {w().download}
    </a>
  );
}

export function Result({
  original,
  result,
}: {
  readonly original: Original | undefined;
  readonly result: StageResult;
}) {
  const isStale = result !== undefined && 'made' in result && result.stale === true;
  return (
    <section class="outcome" aria-label={w().result} aria-busy={isStale}>
      <header>
        <h2>{w().result}</h2>
        {result && 'made' in result && !isStale && <Download made={result.made} />}
      </header>
      {result === undefined ? (
        <Loading />
      ) : 'error' in result ? (
        <Failed error={result.error} />
      ) : original !== undefined && isPicture(result.made.type) ? (
        <Pictures original={original} made={result.made} />
      ) : (
        <Text made={result.made} />
      )}
    </section>
  );
}
