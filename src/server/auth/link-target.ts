import type { Bucket } from '../../store/buckets.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Services } from '../action.ts';
import type { OssRequest } from '../request.ts';
import { enforceRight } from './enforce.ts';
import { enforceSourceProtection } from './source-protection.ts';

/**
 * That anybody may read a symlink gives nobody a right to read what it points to: OSS checks the target when it is read.
 * @param process what it is read through; absent when it is read as it is
 * @throws AccessDenied
 */
export function enforceTarget(
  req: Pick<OssRequest, 'auth' | 'method'>,
  { store, settings }: Pick<Services, 'store' | 'settings'>,
  bucket: Bucket,
  { target }: Pick<StoredObject, 'target'>,
  process?: string,
): void {
  if (target === undefined || settings.auth !== 'strict' || req.auth.outcome !== 'anonymous') return;
  enforceRight('read', 'object', { bucket, object: store.objects.get(bucket, target) });
  // HEAD shows no content and passes (assumed).
  if (req.method === 'GET') enforceSourceProtection(target, process ?? '', store.bucketProcesses.get(bucket));
}
