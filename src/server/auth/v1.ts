/** V1 signatures: HMAC-SHA1 over a few headers and the decoded resource (rest-core.md §4.1, §4.2). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSignedInV1 } from '../subresources.ts';
import { type Check, type Credentials, queryOf, type SignedRequest } from './credentials.ts';

/** The text a V1 signature is computed over. `date` is the Date line: a date, or `Expires` of a signed URL. */
export function stringToSignV1(req: SignedRequest, date: string): string {
  const headers = Object.entries(req.headersStarting('x-oss-'))
    .map(([name, value]) => `x-oss-${name}:${value}\n`)
    .sort(byBytes)
    .join('');
  const line = (name: string) => req.header(name) ?? '';
  return [req.method, line('content-md5'), line('content-type'), date, headers + resourceV1(req)].join('\n');
}

/** `/bucket/key?acl`: decoded, raw UTF-8, the bucket always in it, and only sub-resources behind the mark. */
function resourceV1({ bucket, key, pairs }: SignedRequest): string {
  const path = bucket === '' ? '/' : `/${bucket}/${key}`;
  const signed = pairs
    .filter(([name]) => isSignedInV1(name))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .sort(byBytes);
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export function signV1(text: string, secret: string): string {
  return createHmac('sha1', secret).update(text, 'utf8').digest('base64');
}

/** Checks a V1 header or URL signature; both of the dates that clients sign are tried. */
export function checkV1(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const url = scheme === 'v1-url';
  const dates = url ? [queryOf(req, 'Expires') ?? ''] : [req.header('x-oss-date'), req.header('date')];
  // A raw plus in a query arrives as a blank.
  const sent = url ? signature.replaceAll(' ', '+') : signature;
  const texts = dates.filter((date) => date !== undefined).map((date) => stringToSignV1(req, date));
  const right = texts.some((text) => equal(signV1(text, secret), sent));
  return { right, stringToSign: texts[0] ?? stringToSignV1(req, '') };
}

/** Compares two texts in constant time. */
export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
