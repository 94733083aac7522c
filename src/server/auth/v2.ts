/** V2 signatures: HMAC-SHA256 over more of the request than V1, and the whole resource encoded (rest-core.md §4.3). */
import { createHmac } from 'node:crypto';
import { urlEncodeAll } from '../wire.ts';
import { type Check, type Credentials, firstRight, parameters, queryOf, type SignedRequest } from './credentials.ts';
import { datesOf, equal } from './v1.ts';

/** The text a V2 signature is computed over. `additional` are names of headers besides those that are signed anyway. */
export function stringToSignV2(req: SignedRequest, date: string, additional: readonly string[]): string {
  const extra = [...new Set(additional.map((name) => name.toLowerCase()))].sort();
  const own = Object.keys(req.headersStarting('x-oss-')).map((name) => `x-oss-${name}`);
  const headers = [...new Set([...own, ...extra])].sort().flatMap((name) => {
    const value = req.header(name);
    return value === undefined ? [] : [`${name}:${value}\n`];
  });
  const line = (name: string) => req.header(name) ?? '';
  const lines = [req.method, line('content-md5'), line('content-type'), date, headers.join('') + extra.join(';')];
  return [...lines, resourceV2(req)].join('\n');
}

/** Slashes are encoded as well, and all of the query counts. */
function resourceV2({ bucket, key, pairs }: SignedRequest): string {
  const path = urlEncodeAll(bucket === '' ? '/' : `/${bucket}/${key}`);
  const query = pairs
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [urlEncodeAll(name), urlEncodeAll(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** @returns Base64 */
export function signV2(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64');
}

/** Checks a V2 header or URL signature. */
export function checkV2(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const url = scheme === 'v2-url';
  const dates = url ? [queryOf(req, 'x-oss-expires') ?? ''] : datesOf(req);
  const names = url
    ? queryOf(req, 'x-oss-additional-headers')
    : parameters(req.header('authorization') ?? '').get('AdditionalHeaders');
  const additional = (names ?? '').split(';').filter((name) => name !== '');
  const sent = url ? signature.replaceAll(' ', '+') : signature;
  return firstRight(
    dates.map((date) => {
      const stringToSign = stringToSignV2(req, date, additional);
      const expected = signV2(stringToSign, secret);
      return { right: equal(expected, sent), expected, stringToSign };
    }),
  );
}
