import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { WriteOptions } from '../store/objects.ts';
import type { Store } from '../store/store.ts';
import type { OssRequest } from './request.ts';

/**
 * What `x-oss-forbid-overwrite` asks for. A write that would fail is refused before its body is read; the store looks
 * again when the object comes to be. In buckets with versions the header does not count (rest-core.md §1.2).
 * @throws FileAlreadyExists
 */
export function overwriteOptions(
  req: Pick<OssRequest, 'header' | 'key'>,
  bucket: Bucket,
  store: Pick<Store, 'objects'>,
): Required<Pick<WriteOptions, 'forbidOverwrite'>> {
  const forbidOverwrite = req.header('x-oss-forbid-overwrite')?.toLowerCase() === 'true';
  if (forbidOverwrite && bucket.versioning === '' && store.objects.get(bucket, req.key) !== undefined) {
    fail('FileAlreadyExists', { elements: { Key: req.key } });
  }
  return { forbidOverwrite };
}
