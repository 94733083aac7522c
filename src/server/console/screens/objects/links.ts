import { href, place } from '../../app/route.ts';

type Params = Parameters<typeof href>[1];

/** The address of a bucket, or of a prefix in it. */
export const inBucket = (bucket: string, params: Params = {}): string =>
  href('objects', { bucket, view: place.value.params.view, ...params });

/** The address with some of its parameters changed. */
export const changed = (params: Params): string => href('objects', { ...place.value.params, ...params });
