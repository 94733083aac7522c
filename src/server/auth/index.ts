/** Who a request says it is, and whether its signature agrees. Refusing is `enforce-signature.ts`'s business. */
import type { OssError } from '../../store/errors.ts';
import type { Settings } from '../config.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { type Check, type Credentials, readCredentials, type Scheme, type SignedRequest } from './credentials.ts';
import { checkV1 } from './v1.ts';
import { checkV2 } from './v2.ts';
import { checkV4 } from './v4.ts';

/**
 * `ok`: the signature is right. `mismatch`: it is not, or it can not be read. `unknown-key`: no secret to check it with.
 * `bad-token`: the security token is none, another key's, or too old. `unchecked`: checking is off.
 */
export type Outcome = 'ok' | 'anonymous' | 'mismatch' | 'unknown-key' | 'bad-token' | 'unchecked';

/** What is wrong with a security token: OSS's codes for it (rest-core.md §4.7). */
export type TokenTrouble =
  | 'InvalidAccessKeyId'
  | 'InvalidSecurityToken'
  | 'AccessKeyIdAndSecurityTokenNotMatch'
  | 'SecurityTokenExpired';

/** Beside what was received, which the credentials are, it has what was expected: see `check`. */
export interface Verdict extends Credentials {
  readonly outcome: Outcome;
  /** What was computed, where a secret was known. */
  readonly check?: Check;
  readonly tokenTrouble?: TokenTrouble;
  /** The same for other ways to read the request's address, where there are some and none is right (rest-core.md §5.3). */
  readonly otherwise?: readonly Check[];
  /** Of a form that OSS would refuse, what it says: the fields that tell are not the request's. */
  readonly refusal?: OssError;
  /** Signs a text as this form's would be with that secret: to find out what its signer did. */
  readonly signForm?: (text: string, secret: string) => string;
}

/** Of who signs nothing. */
export const anonymous: Verdict = {
  scheme: 'anonymous',
  accessKeyId: '',
  signature: '',
  token: undefined,
  outcome: 'anonymous',
};

type KeySettings = Pick<Settings, 'auth' | 'access-keys' | 'sts-tokens'>;

const checks: Readonly<Partial<Record<Scheme, typeof checkV1>>> = {
  'v1-header': checkV1,
  'v1-url': checkV1,
  'v2-header': checkV2,
  'v2-url': checkV2,
  'v4-header': checkV4,
  'v4-url': checkV4,
};

/** Reads the credentials and checks the signature (rest-core.md §4.0). */
export function authenticate(req: SignedRequest, settings: KeySettings, now = new Date()): Verdict {
  const credentials = readCredentials(req);
  if (credentials === undefined) return anonymous;
  const check = checks[credentials.scheme];
  return verdictOf(credentials, settings, now, check && ((secret) => check(req, credentials, secret)));
}

/** Finds the key and judges. @param check computes the signature again; absent for what can not be read */
export function verdictOf(
  credentials: Credentials,
  settings: KeySettings,
  now: Date,
  check: ((secret: string) => Check) | undefined,
): Verdict {
  if (settings.auth === 'off') return { ...credentials, outcome: 'unchecked' };
  if (check === undefined) return { ...credentials, outcome: 'mismatch' };
  const { key, tokenTrouble } = keyFor(credentials, settings, now);
  if (key === undefined) return { ...credentials, outcome: 'unknown-key' };
  const checked = check(key.secret);
  if (tokenTrouble !== undefined) return { ...credentials, check: checked, tokenTrouble, outcome: 'bad-token' };
  return { ...credentials, check: checked, outcome: checked.right ? 'ok' : 'mismatch' };
}

/** A key of STS is known together with its token alone; without one it is unknown (assumed, rest-core.md §4.7). */
function keyFor(
  { accessKeyId, token }: Credentials,
  settings: KeySettings,
  now: Date,
): { readonly key: AccessKey | undefined; readonly tokenTrouble?: TokenTrouble } {
  const own = settings['access-keys'].find(({ id }) => id === accessKeyId);
  if (token === undefined) return { key: own };
  const ofToken = settings['sts-tokens'].filter((known) => known.token === token);
  const found = ofToken.find(({ id }) => id === accessKeyId);
  if (found !== undefined) {
    const expired = found.expires !== undefined && found.expires.getTime() <= now.getTime();
    return { key: found, ...(expired ? { tokenTrouble: 'SecurityTokenExpired' } : {}) };
  }
  const temporary = settings['sts-tokens'].find(({ id }) => id === accessKeyId);
  const key = own ?? temporary;
  if (ofToken.length > 0) return { key, tokenTrouble: 'AccessKeyIdAndSecurityTokenNotMatch' };
  // With a token, keys are looked for among those that have one: so the PHP SDK's test finds it.
  return { key, tokenTrouble: temporary === undefined ? 'InvalidAccessKeyId' : 'InvalidSecurityToken' };
}
