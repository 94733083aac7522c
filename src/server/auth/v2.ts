/** V2 signatures: HMAC-SHA256 over more of the request than V1, and the whole resource encoded (rest-core.md §4.3). */
import { createHmac } from 'node:crypto';
import { bytesOf, urlEncodeAll } from '../wire.ts';
import { type Check, type Credentials, firstRight, parameters, queryOf, type SignedRequest } from './credentials.ts';
import { datesOf, equal, pathOf } from './v1.ts';

/** The text a V2 signature is computed over. `additional` are names of headers besides those that are signed anyway. */
export function stringToSignV2(
  req: SignedRequest,
  date: string,
  additional: readonly string[],
  resource = resourceV2(req),
): string {
  const extra = [...new Set(additional.map((name) => name.toLowerCase()))].sort();
  const own = Object.keys(req.headersStarting('x-oss-')).map((name) => `x-oss-${name}`);
  const headers = [...new Set([...own, ...extra])].sort().flatMap((name) => {
    const value = req.header(name);
    return value === undefined ? [] : [`${name}:${value}\n`];
  });
  const line = (name: string) => req.header(name) ?? '';
  const lines = [req.method, line('content-md5'), line('content-type'), date, headers.join('') + extra.join(';')];
  return [...lines, resource].join('\n');
}

/** Slashes are encoded as well, and all of the query counts. */
function resourceV2(req: SignedRequest): string {
  const path = urlEncodeAll(pathOf(req));
  const query = queryV2(req);
  return query === '' ? path : `${path}?${query}`;
}

/** All pairs but the signature, encoded and sorted. */
export function queryV2({ pairs }: Pick<SignedRequest, 'pairs'>): string {
  const query = pairs
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [urlEncodeAll(name), urlEncodeAll(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return query.join('&');
}

/** @returns Base64 */
export function signV2(text: string, secret: string): string {
  return createHmac('sha256', secret).update(bytesOf(text)).digest('base64');
}

/** Checks a V2 header or URL signature. */
export function checkV2(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const url = scheme === 'v2-url';
  const dates = url ? [queryOf(req, 'x-oss-expires') ?? ''] : datesOf(req);
  const additional = additionalV2(req, url);
  const sent = url ? signature.replaceAll(' ', '+') : signature;
  return firstRight(
    dates.map((date) => {
      const stringToSign = stringToSignV2(req, date, additional);
      const expected = signV2(stringToSign, secret);
      return { right: equal(expected, sent), expected, stringToSign };
    }),
  );
}

/** Names of headers that the client lists as signed besides the usual ones. */
export function additionalV2(req: SignedRequest, url: boolean): readonly string[] {
  const names = url
    ? queryOf(req, 'x-oss-additional-headers')
    : parameters(req.header('authorization') ?? '').get('AdditionalHeaders');
  return (names ?? '').split(';').filter((name) => name !== '');
}
