/** Server-side encryption: kept and echoed. Nothing is encrypted here. */
import { createHash } from 'node:crypto';
import type { Bucket } from '../store/buckets.ts';
import { fail } from '../store/errors.ts';
import type { ObjectFacts } from '../store/objects.ts';
import { OWNER } from './describe.ts';
import type { OssRequest } from './request.ts';

const ALGORITHM = 'x-oss-server-side-encryption';
const DATA_ALGORITHM = 'x-oss-server-side-data-encryption';
const KEY_ID = 'x-oss-server-side-encryption-key-id';

/** Algorithm, that of the data, and key. */
export const ENCRYPTION_HEADERS = [ALGORITHM, DATA_ALGORITHM, KEY_ID] as const;

const algorithms: readonly string[] = ['AES256', 'KMS', 'SM4'];

/** What KMS makes when nobody names a key: one for the account (its form is assumed). */
const DEFAULT_KEY_ID = createHash('sha256')
  .update(OWNER)
  .digest('hex')
  .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/**
 * The headers that name the encryption of an object to be written: the request's own, or its bucket's.
 * @throws InvalidEncryptionAlgorithmError
 */
export function encryptionFrom(req: Pick<OssRequest, 'header'>, bucket: Bucket): ObjectFacts['encryption'] {
  const algorithm = req.header(ALGORITHM);
  return algorithm === undefined
    ? bucket.encryption
    : encryptionHeaders(algorithm, req.header(DATA_ALGORITHM), req.header(KEY_ID));
}

/**
 * Only KMS has a key and an algorithm of its own for the data; an empty one is none.
 * @throws InvalidEncryptionAlgorithmError
 */
export function encryptionHeaders(
  algorithm: string,
  data: string | undefined,
  keyId: string | undefined,
): ObjectFacts['encryption'] {
  if (!algorithms.includes(algorithm)) fail('InvalidEncryptionAlgorithmError');
  if (algorithm !== 'KMS') return { [ALGORITHM]: algorithm };
  if (data && data !== 'SM4') fail('InvalidEncryptionAlgorithmError');
  return {
    [ALGORITHM]: algorithm,
    ...(data && { [DATA_ALGORITHM]: data }),
    [KEY_ID]: keyId || DEFAULT_KEY_ID,
  };
}

/** How what is uploaded in parts is encrypted was said when the upload began. @throws InvalidArgument; its message is assumed */
export function refuseEncryption(req: Pick<OssRequest, 'header'>): void {
  const found = ENCRYPTION_HEADERS.find((name) => req.header(name) !== undefined);
  if (found === undefined) return;
  fail('InvalidArgument', {
    message: `The header ${found} is only allowed where an upload begins.`,
    elements: { ArgumentName: found, ArgumentValue: req.header(found) ?? '' },
  });
}
