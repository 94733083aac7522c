/** What callers who sign nothing may do: first whether the public is let in at all, then policies, then ACLs. */
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Action, Services } from '../action.ts';
import { statementsOf, verdictOn } from '../policy/index.ts';
import { isPublicAccessBlocked } from '../public-access.ts';
import type { OssRequest } from '../request.ts';
import { enforceAcl } from './enforce.ts';
import { enforceSourceProtection } from './source-protection.ts';

type Asked = Pick<Action, 'name' | 'on' | 'anonymous' | 'refusal'>;

/** @throws AccessDenied, NoSuchBucket */
export function enforceAnonymous(action: Asked, req: OssRequest, store: Store): void {
  const bucket = req.target === 'service' ? undefined : store.buckets.get(req.bucket);
  const allowed = bucket !== undefined && allowedByPolicy(action, req, bucket, store);
  if (!allowed) {
    enforceAcl(action, () => {
      // A missing bucket is told before its ACL could be asked.
      const asked = store.buckets.need(req.bucket);
      return {
        bucket: asked,
        object: req.target === 'object' ? store.objects.get(asked, req.key, req.query.get('versionId')) : undefined,
      };
    });
  }
  // HEAD shows no content and passes (assumed).
  if (req.method !== 'GET' || req.target !== 'object') return;
  const protection = store.bucketProcesses.get(store.buckets.need(req.bucket));
  enforceSourceProtection(req.key, req.query.get('x-oss-process') ?? '', protection);
}

/** @throws AccessDenied when the public is kept out, by a block or by a policy */
function allowedByPolicy(action: Asked, req: OssRequest, bucket: Bucket, store: Store): boolean {
  if (isPublicAccessBlocked(store, bucket)) {
    // Code and message are assumed.
    fail('AccessDenied', { message: 'Anonymous user has no right to access this bucket.' });
  }
  const verdict = verdictOn(statementsOf(store, bucket), action, req);
  if (verdict === 'Deny') fail('AccessDenied', { message: 'Access denied by bucket policy.', ec: null });
  return verdict === 'Allow';
}

/** An object, and the process string through which it is read: empty when it is read as it is. */
export interface Reading {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
  readonly process: string;
}

const readObject: Asked = { name: 'GetObject', on: { method: 'GET', target: 'object' }, anonymous: 'read' };

/**
 * Refuses, in strict mode, an anonymous caller another object than the one the request names: the source of a copy, what a
 * symlink points to, a watermark. That anybody may read or write the one gives nobody a right to read the other.
 * @throws AccessDenied, NoSuchBucket
 */
export function enforceReading(
  req: OssRequest,
  { bucket, key, version, process }: Reading,
  { store, settings }: Pick<Services, 'store' | 'settings'>,
): void {
  if (settings.auth !== 'strict' || req.auth.outcome !== 'anonymous') return;
  const query = new Map([
    ['x-oss-process', process],
    ...(version === undefined ? [] : [['versionId', version] as const]),
  ]);
  const method = req.method === 'HEAD' ? 'HEAD' : 'GET';
  enforceAnonymous(readObject, { ...req, method, target: 'object', bucket, key, query }, store);
}
