/** The process string itself, with what is wrong in it underlined. */
import { useRef } from 'preact/hooks';
import type { Span } from '../../api/types.ts';
import { Copy } from '../../ui/basics.tsx';
import type { Verdict } from './explained.ts';
import { process, write } from './state.ts';
import { w } from './words.ts';

/** The text behind the field: the same letters in the same places, one part of them marked. */
function Underlined({ text, at }: { readonly text: string; readonly at: Span | undefined }) {
  if (at === undefined) return <>{text}</>;
  return (
    <>
      {text.slice(0, at.start)}
      <mark>{text.slice(at.start, Math.max(at.end, at.start + 1))}</mark>
      {text.slice(Math.max(at.end, at.start + 1))}
    </>
  );
}

export function ProcessField({ verdict }: { readonly verdict: Verdict | undefined }) {
  const behind = useRef<HTMLDivElement>(null);
  const text = process.value;
  // What was said of an earlier text says nothing of this one.
  const error = verdict?.asked === text ? verdict.error : undefined;
  const warnings = verdict?.asked === text ? (verdict.warnings ?? []) : [];
  return (
    <section class="process" aria-label={w().string}>
      <label for="process">{w().string}</label>
      <div class={`field ${error ? 'wrong' : ''}`}>
        <div class="behind" aria-hidden="true" ref={behind}>
          <Underlined text={text} at={error?.at} />{' '}
        </div>
        <textarea
          id="process"
          rows={1}
          spellcheck={false}
          autocomplete="off"
          placeholder="image/resize,w_200/rotate,90"
          value={text}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby="process-says"
          onInput={(event) => write(event.currentTarget.value.replaceAll('\n', ''))}
          onScroll={(event) => {
            if (behind.current) behind.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
        <Copy text={text} />
      </div>
      <p id="process-says" class="says" role="status">
        {error ? (
          <span class="bad-text">
            <strong>{error.code}</strong> {error.message}
            {error.Detail && <> · {error.Detail}</>}
          </span>
        ) : warnings.length > 0 ? (
          warnings.join(' · ')
        ) : text === '' ? (
          w().stringHint
        ) : verdict?.asked === text ? (
          w().fine
        ) : (
          '\u00a0'
        )}
      </p>
    </section>
  );
}
