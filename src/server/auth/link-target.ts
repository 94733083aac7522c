import type { Bucket } from '../../store/buckets.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Services } from '../action.ts';
import type { OssRequest } from '../request.ts';
import { enforceReading } from './anonymous.ts';

/**
 * That anybody may read a symlink gives nobody a right to read what it points to: OSS checks the target when it is read.
 * @param process what it is read through; empty when it is read as it is
 * @throws AccessDenied
 */
export function enforceTarget(
  req: OssRequest,
  oss: Pick<Services, 'store' | 'settings'>,
  bucket: Bucket,
  { target }: Pick<StoredObject, 'target'>,
  process = '',
): void {
  if (target !== undefined) enforceReading(req, { bucket: bucket.name, key: target, process }, oss);
}
