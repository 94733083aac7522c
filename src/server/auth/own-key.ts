/** The key with which this server's own URLs and client code are made. */
import type { Settings } from '../config.ts';
import type { AccessKey } from '../setting-kinds.ts';

export interface OwnKey extends AccessKey {
  /** Of a temporary key. */
  readonly token?: string;
  /** Whether the server knows its secret: else only a lenient one takes what is signed with it. */
  readonly known: boolean;
}

/**
 * The last key of the settings: the user's own, where there is one (OSS_ACCESS_KEY_ID). In a namespace that of its id, so
 * that what is signed with it means that namespace.
 * @returns `undefined` when the settings have none
 */
export function ownKey(settings: Settings, namespace = ''): OwnKey | undefined {
  const keys = settings['access-keys'];
  const key = namespace === '' ? keys.at(-1) : keys.findLast(({ id }) => id === namespace);
  if (key !== undefined) return { ...key, known: true };
  if (namespace === '') return undefined;
  const temporary = settings['sts-tokens'].findLast(({ id }) => id === namespace);
  if (temporary === undefined) return { id: namespace, secret: 'any', known: false };
  return { id: namespace, secret: temporary.secret, token: temporary.token, known: true };
}
