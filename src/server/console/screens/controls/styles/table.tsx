/** The styles of a bucket, one in a row. */
import { useState } from 'preact/hooks';
import { href, stay } from '../../../app/route.ts';
import { Confirm, Long, Moment } from '../../../ui/basics.tsx';
import { Icon } from '../../../ui/icons.tsx';
import { attempt } from '../../../ui/say.tsx';
import { common } from '../../../ui/words.ts';
import { deleteStyle, type Style } from './api.ts';
import { w } from './words.ts';

export function Table({
  bucket,
  styles,
  onChange,
}: {
  readonly bucket: string;
  readonly styles: readonly Style[];
  readonly onChange: () => void;
}) {
  const [doomed, setDoomed] = useState<string>();
  const remove = async (name: string) => {
    await deleteStyle(bucket, name);
    onChange();
  };
  return (
    <div class="rows styles">
      <table aria-label={w().styles}>
        <thead>
          <tr>
            <th scope="col">{w().name}</th>
            <th scope="col">{w().content}</th>
            <th scope="col">{w().category}</th>
            <th scope="col">{w().modified}</th>
            <th scope="col">
              <span class="visually-hidden">{w().actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {styles.map(({ name, content, category, modified }) => (
            <tr key={name}>
              <td>
                <strong>{name}</strong>
              </td>
              <td class="wide mono">
                <Long text={content} />
              </td>
              <td class="soft">{w().categories[category] ?? category}</td>
              <td class="soft">
                <Moment at={modified} />
              </td>
              <td class="end">
                <a href={href('playground', { bucket, process: `style/${name}` })} aria-label={w().previewOf(name)}>
                  {w().preview}
                </a>
                <button type="button" class="quiet" aria-label={w().edit(name)} onClick={() => stay({ edit: name })}>
                  {common().edit}
                </button>
                <button
                  type="button"
                  class="quiet"
                  aria-label={w().remove(name)}
                  title={common().delete}
                  onClick={() => setDoomed(name)}
                >
                  <Icon name="trash" />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {doomed !== undefined && (
        <Confirm
          title={w().removeTitle(doomed)}
          text={w().removeText}
          yes={common().delete}
          onYes={() => void attempt(() => remove(doomed), w().removed)}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </div>
  );
}
