/** The tags of an object, to read and to change. */
import { useState } from 'preact/hooks';
import { putTags, type Tag, tagsOf } from '../../api/objects.ts';
import { Shown } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { attempt } from '../../ui/say.tsx';
import { useLoaded } from '../../ui/use.ts';
import { common } from '../../ui/words.ts';
import type { Chosen } from './chosen.ts';
import { w } from './words.ts';

/** Most that an object can have. */
const MOST = 10;

export function Tags(chosen: Chosen) {
  const { bucket, name, versionId } = chosen;
  const loaded = useLoaded((signal) => tagsOf(bucket, name, versionId, signal), [bucket, name, versionId]);
  return (
    <Shown loaded={loaded}>
      {(tags) => <Editor key={JSON.stringify(tags)} chosen={chosen} stored={tags} onSaved={loaded.reload} />}
    </Shown>
  );
}

function Editor({
  chosen: { bucket, name, versionId },
  stored,
  onSaved,
}: {
  readonly chosen: Chosen;
  readonly stored: readonly Tag[];
  readonly onSaved: () => void;
}) {
  const [tags, setTags] = useState(stored);
  const isSame = JSON.stringify(tags) === JSON.stringify(stored);
  const save = async (event: Event) => {
    event.preventDefault();
    const of = { bucket, key: name, ...(versionId === undefined ? {} : { versionId }) };
    if (await attempt(() => putTags(of, tags), w().tagsSaved)) onSaved();
  };
  const put = (i: number, tag: Tag) => setTags(tags.with(i, tag));
  return (
    <form class="tags" onSubmit={(event) => void save(event)}>
      {tags.length === 0 && <p class="soft">{w().noTags}</p>}
      {tags.map(([key, value], i) => (
        <div key={i} class="tag">
          <input
            aria-label={w().tag(i + 1)}
            placeholder={common().key}
            value={key}
            onInput={(event) => put(i, [event.currentTarget.value, value])}
          />
          <input
            aria-label={w().tagValue(i + 1)}
            value={value}
            onInput={(event) => put(i, [key, event.currentTarget.value])}
          />
          <button
            type="button"
            class="quiet"
            aria-label={w().removeTag(i + 1)}
            title={w().removeTag(i + 1)}
            onClick={() => setTags(tags.filter((_, at) => at !== i))}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
      <div class="actions">
        <button
          type="button"
          class="secondary"
          disabled={tags.length >= MOST}
          onClick={() => setTags([...tags, ['', '']])}
        >
          <Icon name="plus" />
          {w().addTag}
        </button>
        <button type="submit" disabled={isSame}>
          {w().saveTags}
        </button>
      </div>
    </form>
  );
}
