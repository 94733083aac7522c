/** What `--auth strict` refuses anonymous callers (rest-core.md §4.8). Signatures are `enforce-signature.ts`'s business. */
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Action, Right } from '../action.ts';
import type { Verdict } from './index.ts';

const denied = (message: string): never => fail('AccessDenied', { message });

/** Refuses anonymous callers what no ACL gives them: all that IMM does, above all (media.md §2). @throws AccessDenied */
export function enforceKnownCaller(verdict: Verdict): void {
  if (verdict.outcome === 'anonymous') fail('AccessDenied', FORBIDDEN);
}

const FORBIDDEN = { message: 'Anonymous access is forbidden for this operation.' };

/** What an anonymous request is about, as far as its ACLs decide. */
export interface Subject {
  readonly bucket: Bucket;
  readonly object: StoredObject | undefined;
}

/**
 * Refuses what an anonymous caller may not do (rest-core.md §4.8). Known access keys may do everything: there is one owner.
 * @param subject asked only when an ACL could let the caller in
 * @throws AccessDenied
 */
export function enforceAcl(action: Pick<Action, 'on' | 'anonymous' | 'refusal'>, subject: () => Subject): void {
  const right = action.anonymous;
  if (right === undefined) fail('AccessDenied', action.refusal ?? FORBIDDEN);
  else enforceRight(right, action.on.target, subject());
}

/** Refuses an anonymous caller a right that no ACL gives. @throws AccessDenied */
function enforceRight(right: Right, target: Action['on']['target'], { bucket, object }: Subject): void {
  const own = object !== undefined && object.acl !== 'default' && right !== 'write-bucket';
  const acl = own ? object.acl : bucket.acl;
  const allowed = right === 'read' ? acl !== 'private' : acl === 'public-read-write';
  if (allowed) return;
  if (target === 'bucket') denied('Anonymous user has no right to access this bucket.');
  if (own) denied('You have no right to access this object.');
  fail('AccessDenied');
}
