/** Retention and legal hold of single objects, in buckets with ObjectWorm (rest-core.md §1.8): kept and shown. */
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { ObjectWorm, StoredObject } from '../../store/objects.ts';
import type { Store } from '../../store/store.ts';
import objectWorm from '../configurations/object-worm.ts';
import type { OssRequest } from '../request.ts';
import { versionFrom } from '../versions.ts';

export const coverage = { level: 'stored', because: 'objects can be removed as without it' } as const;

interface Held {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  /** Keeps what is said beside what was said before. */
  keep(worm: ObjectWorm): StoredObject;
}

/** The object of a request. @throws InvalidRequest where the bucket has no ObjectWorm; as `Objects.need` */
export function heldObject(req: OssRequest, { buckets, configurations, objects }: Store): Held {
  const bucket = buckets.need(req.bucket);
  const version = versionFrom(req);
  const object = objects.need(bucket, req.key, version);
  if (configurations.get(bucket, objectWorm.key) === undefined) {
    // The page has the code; the message is assumed.
    fail('InvalidRequest', { message: 'The bucket has no object-level retention policy (ObjectWorm).' });
  }
  const keep = (worm: ObjectWorm) =>
    objects.change(bucket, req.key, object.version, { worm: { ...object.worm, ...worm } });
  return { bucket, object, keep };
}
