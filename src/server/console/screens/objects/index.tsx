/** Buckets, the keys of one, and an object beside them. */
import { place } from '../../app/route.ts';
import { Buckets } from './buckets.tsx';
import { Keys } from './keys.tsx';

export function Objects() {
  const { bucket = '' } = place.value.params;
  return bucket === '' ? <Buckets /> : <Keys key={bucket} bucket={bucket} />;
}
