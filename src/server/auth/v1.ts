/** V1 signatures: HMAC-SHA1 over a few headers and the decoded resource (rest-core.md §4.1, §4.2). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isListedInV1, isSignedInV1 } from '../subresources.ts';
import { bytesOf, urlEncode } from '../wire.ts';
import { type Check, type Credentials, firstRight, queryOf, type SignedRequest } from './credentials.ts';

/** The text a V1 signature is computed over. `date` is the Date line: a date, or `Expires` of a signed URL. */
export function stringToSignV1(req: SignedRequest, date: string, resource = resourceV1(req)): string {
  const headers = Object.entries(req.headersStarting('x-oss-'))
    .sort(byName)
    .map(([name, value]) => `x-oss-${name}:${value}\n`)
    .join('');
  const line = (name: string) => req.header(name) ?? '';
  return [req.method, line('content-md5'), line('content-type'), date, headers + resource].join('\n');
}

/** Bucket and key, as signatures of all versions have them before any encoding. */
export const pathOf = ({ bucket, key }: Pick<SignedRequest, 'bucket' | 'key'>): string =>
  bucket === '' ? '/' : `/${bucket}/${key}`;

type Pair = readonly [name: string, value: string];
const withoutEmpty = ([name, value]: Pair): string => (value === '' ? name : `${name}=${value}`);

/** `/bucket/key?acl`: decoded, raw UTF-8, the bucket always in it, and only sub-resources behind the mark. */
function resourceV1({ bucket, key, pairs }: SignedRequest): string {
  const path = pathOf({ bucket, key });
  return path + queryV1(pairs.filter(([name]) => isSignedInV1(name)));
}

/** Sub-resources with the mark before them, sorted; empty when there are none. */
export function queryV1(pairs: readonly Pair[], write = withoutEmpty): string {
  return pairs.length === 0 ? '' : `?${[...pairs].sort(byName).map(write).join('&')}`;
}

/** The resource as clients are known to write it (rest-core.md §4.1), the documented way first. */
function resourcesV1(req: SignedRequest): ReadonlySet<string> {
  const { bucket, key, pairs } = req;
  const paths = [pathOf(req)];
  // The C SDK on an IP leaves the slash behind a bucket out, libcloud encodes the key.
  if (bucket !== '' && key === '') paths.push(`/${bucket}`);
  if (key !== '') paths.push(`/${bucket}/${urlEncode(key)}`);
  const signed = pairs.filter(([name]) => isSignedInV1(name));
  const queries = [
    queryV1(signed),
    // Only what is in the list of names, not whatever begins with x-oss-.
    queryV1(signed.filter(([name]) => isListedInV1(name))),
    // Java now and then writes the equals sign of a key without a value.
    queryV1(signed, ([name, value]) => `${name}=${value}`),
    // libcloud signs markers alone. What an URL does to the object must be in its signature all the same.
    ...(signed.some(([name, value]) => value !== '' && /^(x-oss-|callback)/.test(name))
      ? []
      : [queryV1(signed.filter(([, value]) => value === ''))]),
  ];
  return new Set([resourceV1(req), ...paths.flatMap((path) => queries.map((query) => path + query))]);
}

/** Sorts as signatures want it. */
export const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** By names alone: a name that begins like another comes after it, whatever stands behind either of them. */
const byName = ([a]: Pair, [b]: Pair) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** @returns Base64 */
export function signV1(text: string, secret: string): string {
  return createHmac('sha1', secret).update(bytesOf(text)).digest('base64');
}

/** Checks a V1 header or URL signature; both of the dates that clients sign are tried. */
export function checkV1(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const url = scheme === 'v1-url';
  const dates = url ? [queryOf(req, 'Expires') ?? ''] : datesOf(req);
  // A raw plus in a query arrives as a blank.
  const sent = url ? signature.replaceAll(' ', '+') : signature;
  return firstRight(readings());

  function* readings(): Generator<Check> {
    for (const resource of resourcesV1(req)) {
      for (const date of dates) {
        const stringToSign = stringToSignV1(req, date, resource);
        const expected = signV1(stringToSign, secret);
        yield { right: equal(expected, sent), expected, stringToSign };
      }
    }
  }
}

/** The dates a header signature may be over: at least one, which may be empty. */
export function datesOf(req: Pick<SignedRequest, 'header'>): readonly string[] {
  const dates = [req.header('x-oss-date'), req.header('date')].filter((date) => date !== undefined);
  return dates.length === 0 ? [''] : dates;
}

/** Compares two texts in constant time. */
export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
