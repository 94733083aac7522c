/** Where in a bucket one is: each part leads there. */
import { href } from '../../app/route.ts';
import { Name } from '../../ui/name.tsx';
import { inBucket } from './links.ts';
import { w } from './words.ts';

/** The prefixes above a prefix and itself, with what each adds. */
function partsOf(prefix: string): readonly (readonly [name: string, prefix: string])[] {
  const ends = [...prefix.matchAll(/\//g)].map(({ index }) => index + 1);
  const starts = [0, ...ends];
  return ends.map((end, i) => [prefix.slice(starts[i], end - 1), prefix.slice(0, end)] as const);
}

export function Crumbs({ bucket, prefix }: { readonly bucket: string; readonly prefix: string }) {
  const parts = [[bucket, ''] as const, ...partsOf(prefix)];
  return (
    <span class="crumbs">
      <a href={href('objects')}>{w().allBuckets}</a>
      {parts.map(([name, to], i) => (
        <span key={to}>
          <span class="slash" aria-hidden="true">
            /
          </span>
          {i === parts.length - 1 ? (
            <span aria-current="location">
              <Name text={name === '' ? w().emptyName : name} />
            </span>
          ) : (
            <a href={inBucket(bucket, { prefix: to })}>
              <Name text={name === '' ? w().emptyName : name} />
            </a>
          )}
        </span>
      ))}
    </span>
  );
}
