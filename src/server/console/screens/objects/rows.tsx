/** Folders and keys under one another. */
import type { Listed } from '../../api/objects.ts';
import { place } from '../../app/route.ts';
import { Badge, Moment } from '../../ui/basics.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Name, readable } from '../../ui/name.tsx';
import { bytes } from '../../ui/numbers.ts';
import { common } from '../../ui/words.ts';
import { changed, inBucket } from './links.ts';
import { w } from './words.ts';

export function Rows({
  bucket,
  prefix,
  folders,
  objects,
}: {
  readonly bucket: string;
  readonly prefix: string;
  readonly folders: readonly string[];
  readonly objects: readonly Listed[];
}) {
  const hasClasses = objects.some(({ storageClass }) => storageClass !== 'Standard' && storageClass !== '');
  const hasVersions = objects.some(({ versionId }) => versionId !== undefined);
  const columns = 3 + Number(hasClasses) + Number(hasVersions);
  return (
    <div class="rows">
      <table>
        <thead>
          <tr>
            <th scope="col">{w().name}</th>
            {hasVersions && <th scope="col">{w().version}</th>}
            {hasClasses && <th scope="col">{w().class}</th>}
            <th scope="col" class="number">
              {common().size}
            </th>
            <th scope="col">{w().modified}</th>
          </tr>
        </thead>
        <tbody>
          {folders.map((folder) => (
            <tr key={`/${folder}`}>
              <td class="wide">
                <a class="long" href={inBucket(bucket, { prefix: folder, versions: place.value.params.versions })}>
                  <Icon name="folder" />
                  <Name text={folder.slice(prefix.length) || w().emptyName} />
                </a>
              </td>
              <td colSpan={columns - 1} />
            </tr>
          ))}
          {objects.map((one) => (
            <ObjectRow
              key={`${one.key}\n${one.versionId}`}
              of={one}
              prefix={prefix}
              hasClasses={hasClasses}
              hasVersions={hasVersions}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ObjectRow({
  of,
  prefix,
  hasClasses,
  hasVersions,
}: {
  readonly of: Listed;
  readonly prefix: string;
  readonly hasClasses: boolean;
  readonly hasVersions: boolean;
}) {
  const { key, versionId } = place.value.params;
  // The current version needs no name, and can be processed.
  const version = of.isLatest === true || of.versionId === undefined ? '' : of.versionId;
  const isChosen = key === of.key && (versionId ?? '') === version;
  return (
    <tr aria-current={isChosen ? 'true' : undefined}>
      <td class="wide">
        <a
          class="long"
          href={changed({ key: of.key, versionId: version, tab: of.isMarker ? 'versions' : place.value.params.tab })}
          title={readable(of.key)}
        >
          <Icon name={of.isMarker ? 'trash' : 'file'} />
          <Name text={of.key.slice(prefix.length) || w().ownName} />
        </a>
      </td>
      {hasVersions && <td>{versionTold(of)}</td>}
      {hasClasses && <td>{of.storageClass}</td>}
      <td class="number">{of.isMarker ? '' : bytes(of.size)}</td>
      <td>
        <Moment at={of.modified} />
      </td>
    </tr>
  );
}

function versionTold({ isMarker, isLatest, versionId }: Listed) {
  if (isMarker) return <Badge tone="warn">{w().deleted}</Badge>;
  if (isLatest) return <Badge tone="ok">{w().latest}</Badge>;
  return <span class="mono soft">{versionId?.slice(0, 12)}…</span>;
}
