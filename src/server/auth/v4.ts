/** V4 signatures: HMAC-SHA256 over a canonical request with the bucket always in its path (rest-core.md §4.4, §4.5). */
import { createHash, createHmac } from 'node:crypto';
import { urlEncode } from '../wire.ts';
import { type Check, type Credentials, parameters, queryOf, type SignedRequest } from './credentials.ts';
import { equal } from './v1.ts';

interface Scope {
  readonly date: string;
  readonly region: string;
  readonly product: string;
}

const strict = (text: string) => urlEncode(text).replaceAll('/', '%2F');

/** The canonical request. `additional` are the header names the client chose to sign besides the usual ones. */
export function canonicalRequestV4(req: SignedRequest, additional: readonly string[]): string {
  const path = req.bucket === '' ? '/' : `/${req.bucket}/${req.key}`;
  const query = req.pairs
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [strict(name), strict(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const extra = [...new Set(additional.map((name) => name.toLowerCase()))].sort();
  const own = Object.keys(req.headersStarting('x-oss-')).map((name) => `x-oss-${name}`);
  const names = [...new Set([...own, 'content-type', 'content-md5', ...extra])].sort();
  const headers = names.flatMap((name) => {
    const value = req.header(name);
    return value === undefined ? [] : [`${name}:${value}\n`];
  });
  const payload = req.header('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return [req.method, urlEncode(path), query.join('&'), headers.join(''), extra.join(';'), payload].join('\n');
}

/** The text a V4 signature is computed over. */
export function stringToSignV4(canonical: string, time: string, { date, region, product }: Scope): string {
  const scope = `${date}/${region}/${product}/aliyun_v4_request`;
  return ['OSS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
}

/** The lower-case hexadecimal signature of a canonical request. */
export function signV4(canonical: string, time: string, scope: Scope, secret: string): string {
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const day = hmac(`aliyun_v4${secret}`, scope.date);
  const signing = hmac(hmac(hmac(day, scope.region), scope.product), 'aliyun_v4_request');
  return createHmac('sha256', signing)
    .update(stringToSignV4(canonical, time, scope))
    .digest('hex');
}

/** Checks a V4 header or URL signature. */
export function checkV4(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const header = parameters(req.header('authorization') ?? '');
  const url = scheme === 'v4-url';
  const credential = (url ? queryOf(req, 'x-oss-credential') : header.get('Credential')) ?? '';
  const [, date = '', region = '', product = ''] = credential.split('/');
  const scope = { date, region, product };
  const time = (url ? queryOf(req, 'x-oss-date') : req.header('x-oss-date')) ?? '';
  const additional = (url ? queryOf(req, 'x-oss-additional-headers') : header.get('AdditionalHeaders')) ?? '';
  const names = additional.split(';').filter((name) => name !== '');
  const requests = hostReadings(req, names).map((reading) => canonicalRequestV4(reading, names));
  const right = requests.some((canonical) => equal(signV4(canonical, time, scope, secret), signature));
  const [canonicalRequest = ''] = requests;
  return { right, canonicalRequest, stringToSign: stringToSignV4(canonicalRequest, time, scope) };
}

/** Java signs the host without its port, others with it. */
function hostReadings(req: SignedRequest, additional: readonly string[]): readonly SignedRequest[] {
  if (!additional.includes('host')) return [req];
  const bare = req.header('host')?.replace(/:\d+$/, '');
  return [req, { ...req, header: (name) => (name === 'host' ? bare : req.header(name)) }];
}
