import { fail } from './errors.ts';

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** Longest key of an object (rest-core.md §6). */
export const MAX_KEY_BYTES = 1023;

/** @throws InvalidObjectName */
export const keyTooLong = (): never =>
  fail('InvalidObjectName', { message: 'The Length of Object name must be less than 1024.', ec: '0016-00000002' });

/** Whether OSS would accept it as the name of a bucket (rest-core.md §6). */
export const isBucketName = (name: string): boolean => BUCKET_NAME.test(name);

/** @throws InvalidBucketName */
export function checkBucketName(name: string): string {
  if (!isBucketName(name)) fail('InvalidBucketName', { elements: { BucketName: name } });
  return name;
}

/** Refuses an object key OSS would not accept: 1 to 1023 bytes of UTF-8, no leading `/` or `\`. @throws InvalidObjectName */
export function checkKey(key: string): string {
  const elements = { ObjectName: key };
  if (key === '') fail('InvalidObjectName', { message: 'The Object name can not be empty.', ec: '0016-00000001' });
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) keyTooLong();
  if (key.startsWith('/') || key.startsWith('\\')) fail('InvalidObjectName', { ec: '0016-00000005', elements });
  return key;
}

/**
 * Decodes Base64 as the SDKs write it: URL-safe or standard alphabet, padded or not (spec README rule 4).
 * Node's own decoder never fails, so the alphabet is checked here.
 * @returns the bytes, or `undefined` when `text` is not Base64
 */
export function base64Bytes(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return undefined;
  const body = text.replace(/=+$/, '');
  if (body.length % 4 === 1) return undefined;
  return Buffer.from(body, 'base64url');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes Base64 to text. @returns `undefined` when it is not Base64, not UTF-8, or empty */
export function base64Text(text: string): string | undefined {
  const bytes = base64Bytes(text);
  if (bytes === undefined || bytes.length === 0) return undefined;
  return utf8Text(bytes);
}

/** Decodes bytes as strict UTF-8. @returns `undefined` when they are not UTF-8 */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
