/** The source of a copy: its name, who may read it, its conditions (rest-core.md §1.2). */
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { StoredObject } from '../store/objects.ts';
import type { Services } from './action.ts';
import { enforceReading } from './auth/anonymous.ts';
import { checkConditions } from './conditions.ts';
import { decodeName, type OssRequest } from './request.ts';
import { checkVersionId } from './versions.ts';

const NAME = 'x-oss-copy-source';

/** Above this only copies inside one bucket are taken; older pages say 1 GB (assumed). */
const MAX_SIZE = 5 * 1024 ** 3;

export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  /** The version the request names, if it names one. */
  readonly version: string | undefined;
  /** By the request's conditions there is nothing to copy: the answer is 304. */
  readonly unchanged: boolean;
}

/**
 * Finds the source of a copy into `to`.
 * @throws InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, PreconditionFailed, EntityTooLarge
 */
export function copySource(req: OssRequest, to: Bucket, oss: Pick<Services, 'store' | 'settings'>): CopySource {
  const { store } = oss;
  const from = sourceOf(req);
  const bucket = store.buckets.need(from.bucket);
  enforceReading(req, { ...from, process: '' }, oss);
  const found = store.objects.get(bucket, from.key, from.version);
  // A delete marker, too, is nothing to copy (the code is assumed).
  const object =
    found ??
    (from.version === undefined || store.objects.isMarker(bucket, from.key, from.version)
      ? fail('NoSuchKey', { elements: { Key: from.key } })
      : fail('NoSuchVersion', { elements: { Key: from.key, VersionId: from.version } }));
  if (bucket.id !== to.id && object.size > MAX_SIZE) {
    fail('EntityTooLarge', { elements: { MaxSizeAllowed: String(MAX_SIZE) } });
  }
  const unchanged = checkConditions((name) => req.header(`${NAME}-${name}`), object) === 'unchanged';
  return { bucket, object, version: from.version, unchanged };
}

/** Told of a copy from a bucket with versions. */
export const sourceVersionHeader = ({ bucket, object }: CopySource): Record<string, string> =>
  bucket.versioning === '' ? {} : { 'x-oss-copy-source-version-id': object.version };

function sourceOf(req: OssRequest) {
  const raw = req.header(NAME) ?? '';
  const malformed = () =>
    fail('InvalidArgument', {
      message: 'Copy Source must mention the source bucket and key: /sourcebucket/sourcekey.',
      elements: { ArgumentName: NAME, ArgumentValue: raw },
    });
  const [, name = '', version] = /^(.*?)(?:\?versionId=([^?&]*))?$/s.exec(raw) ?? [];
  // Encoded once, slashes perhaps included.
  const text = decodeName(name).replace(/^\//, '');
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) malformed();
  return {
    bucket: text.slice(0, slash),
    key: text.slice(slash + 1),
    version: version === undefined ? undefined : checkVersionId(version, NAME),
  };
}
