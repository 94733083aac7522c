/** A style: its content is read as it is typed. */
import { useState } from 'preact/hooks';
import type { Explained } from '../../../api/types.ts';
import { Dialog, Failed } from '../../../ui/basics.tsx';
import { say } from '../../../ui/say.tsx';
import { useLoaded, useSettled } from '../../../ui/use.ts';
import { common } from '../../../ui/words.ts';
import { explainStyle, putStyle, type Style } from './api.ts';
import { w } from './words.ts';

export function StyleForm({
  bucket,
  style,
  taken,
  onSaved,
  onClose,
}: {
  readonly bucket: string;
  /** The one that is changed; absent for a new one. */
  readonly style: Style | undefined;
  readonly taken: readonly string[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(style?.name ?? '');
  const [content, setContent] = useState(style?.content ?? '');
  const [category, setCategory] = useState(style?.category ?? 'image');
  const [error, setError] = useState<Error>();
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      await putStyle(bucket, { name: name.trim(), content: content.trim(), category });
    } catch (wrong) {
      return setError(wrong as Error);
    }
    say(w().saved);
    onSaved();
    onClose();
  };
  return (
    <Dialog title={style === undefined ? w().newTitle : w().editTitle(style.name)} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <div class="rule-fields">
          <label>
            {w().name}
            <input
              type="text"
              required
              maxLength={63}
              pattern="[A-Za-z0-9_.\-]+"
              spellcheck={false}
              autocomplete="off"
              readOnly={style !== undefined}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <span class="hint">{style === undefined && taken.includes(name) ? w().taken : w().nameHint}</span>
          </label>
          <label>
            {w().category}
            <select value={category} onChange={(event) => setCategory(event.currentTarget.value)}>
              {Object.entries(w().categories).map(([value, title]) => (
                <option key={value} value={value}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        </div>
        <label>
          {w().content}
          <textarea
            class="mono"
            required
            rows={3}
            spellcheck={false}
            placeholder={w().empty}
            value={content}
            onInput={(event) => setContent(event.currentTarget.value)}
          />
        </label>
        <Verdict content={content.trim()} category={category} />
        {error !== undefined && <Failed error={error} />}
        <div class="buttons end">
          <button type="button" class="secondary" onClick={onClose}>
            {common().cancel}
          </button>
          <button type="submit">{common().save}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** What would come of it. It is said, not enforced: OSS stores what it can not read. */
function Verdict({ content, category }: { readonly content: string; readonly category: string }) {
  const settled = useSettled(content, 250);
  const { value, error } = useLoaded(
    async (signal) => (settled === '' ? undefined : await explainStyle(settled, category, signal)),
    [settled, category],
  );
  return (
    <div class="verdict" role="status">
      {error !== undefined && <Failed error={error} />}
      {value?.error !== undefined && <Wrong content={settled} error={value.error} />}
      {value?.stages !== undefined && (
        <p class="hint">
          {w().right} {value.stages.map(({ action }) => action).join(' → ')}
        </p>
      )}
    </div>
  );
}

const Wrong = ({
  content,
  error: { status, code, message, Detail, at },
}: {
  readonly content: string;
  readonly error: NonNullable<Explained['error']>;
}) => (
  <>
    <p class="hint">{w().wrong}</p>
    {at !== undefined && (
      <p class="mono mistake">
        {content.slice(0, at.start)}
        <mark>{content.slice(at.start, at.end)}</mark>
        {content.slice(at.end)}
      </p>
    )}
    <p class="bad-text">
      {status} {code}: {Detail ?? message}
    </p>
  </>
);
