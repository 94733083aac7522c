/** The key callbacks are signed with: one per data directory, made when it is first needed. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface CallbackKey {
  /** What a callback server checks signatures with, as PEM. */
  readonly publicPem: string;
  /** Signs as OSS does, RSA with MD5 and PKCS#1 v1.5 (rest-core.md §1.5). @returns Base64 */
  sign(text: string): string;
}

const BITS = 2048;

/** @param dir the data directory @returns what gets the key: the same one for as long as the directory is there */
export function openCallbackKey(dir: string): () => Promise<CallbackKey> {
  const file = join(dir, 'callback-key.pem');
  let key: Promise<CallbackKey> | undefined;
  return () => {
    key ??= readOrMake(file).then(keyOf);
    return key;
  };
}

async function readOrMake(file: string): Promise<KeyObject> {
  const found = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (found !== undefined) return createPrivateKey(found);
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  // Under another name first: a server that dies here leaves no half of a key.
  await writeFile(`${file}.new`, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return privateKey;
}

const keyOf = (key: KeyObject): CallbackKey => ({
  publicPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  sign: (text) => sign('md5', Buffer.from(text, 'utf8'), key).toString('base64'),
});
