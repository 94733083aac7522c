/** Who a request says it is, and whether its signature agrees. Refusing is `enforce.ts`'s business. */
import type { Settings } from '../config.ts';
import { type Check, type Credentials, readCredentials, type SignedRequest } from './credentials.ts';
import { checkV1 } from './v1.ts';
import { checkV4 } from './v4.ts';

/**
 * `ok`: the signature is right. `mismatch`: it is not, or it can not be read. `unknown-key`: no secret to check it with.
 * `unchecked`: checking is off, or the scheme is one that is only parsed (V2).
 */
export type Outcome = 'ok' | 'anonymous' | 'mismatch' | 'unknown-key' | 'unchecked';

export interface Verdict extends Credentials {
  readonly outcome: Outcome;
  /** What was computed, where a secret was known. */
  readonly check?: Check;
}

const anonymous: Verdict = { scheme: 'anonymous', accessKeyId: '', signature: '', outcome: 'anonymous' };

/** Reads the credentials and checks the signature (rest-core.md §4.0). */
export function authenticate(req: SignedRequest, settings: Settings): Verdict {
  const credentials = readCredentials(req);
  if (credentials === undefined) return anonymous;
  const { scheme, accessKeyId } = credentials;
  if (settings.auth === 'off' || scheme === 'v2') return { ...credentials, outcome: 'unchecked' };
  const known = settings['access-keys'].find(({ id }) => id === accessKeyId);
  if (known === undefined) return { ...credentials, outcome: 'unknown-key' };
  const v4 = scheme === 'v4-header' || scheme === 'v4-url';
  const check = (v4 ? checkV4 : checkV1)(req, credentials, known.secret);
  return { ...credentials, check, outcome: check.right ? 'ok' : 'mismatch' };
}
