/** V1 signatures: HMAC-SHA1 over a few headers and the decoded resource (rest-core.md §4.1, §4.2). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isSignedInV1 } from '../subresources.ts';
import type { SignedRequest } from './credentials.ts';

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
export function verifyV1(req: SignedRequest, scheme: string, secret: string): boolean {
  const query = new Map(req.pairs);
  const url = scheme === 'v1-url';
  // A raw plus in a query arrives as a blank.
  const sent = url
    ? (query.get('Signature') ?? '').replaceAll(' ', '+')
    : (req.header('authorization')?.split(':').slice(1).join(':') ?? '');
  const dates = url ? [query.get('Expires') ?? ''] : [req.header('x-oss-date'), req.header('date')];
  return dates.some((date) => date !== undefined && equal(signV1(stringToSignV1(req, date), secret), sent));
}

/** Compares two texts in constant time. */
export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
