/** V4 signatures: HMAC-SHA256 over a canonical request with the bucket always in its path (rest-core.md §4.4, §4.5). */
import { createHash, createHmac } from 'node:crypto';
import { urlEncode } from '../wire.ts';
import { parameters, type SignedRequest } from './credentials.ts';
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

/** The lower-case hexadecimal signature of a canonical request. */
export function signV4(canonical: string, time: string, { date, region, product }: Scope, secret: string): string {
  const scope = `${date}/${region}/${product}/aliyun_v4_request`;
  const text = ['OSS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const signing = hmac(hmac(hmac(hmac(`aliyun_v4${secret}`, date), region), product), 'aliyun_v4_request');
  return createHmac('sha256', signing).update(text).digest('hex');
}

/** Checks a V4 header or URL signature. */
export function verifyV4(req: SignedRequest, scheme: string, secret: string): boolean {
  const query = new Map(req.pairs);
  const header = parameters(req.header('authorization') ?? '');
  const url = scheme === 'v4-url';
  const [, date = '', region = '', product = ''] = (
    (url ? query.get('x-oss-credential') : header.get('Credential')) ?? ''
  ).split('/');
  const time = (url ? query.get('x-oss-date') : req.header('x-oss-date')) ?? '';
  const additional = (url ? query.get('x-oss-additional-headers') : header.get('AdditionalHeaders')) ?? '';
  const sent = (url ? query.get('x-oss-signature') : header.get('Signature')) ?? '';
  const names = additional.split(';').filter((name) => name !== '');
  return hostReadings(req, names).some((reading) =>
    equal(signV4(canonicalRequestV4(reading, names), time, { date, region, product }, secret), sent),
  );
}

/** Java signs the host without its port, others with it. */
function hostReadings(req: SignedRequest, additional: readonly string[]): readonly SignedRequest[] {
  if (!additional.includes('host')) return [req];
  const bare = req.header('host')?.replace(/:\d+$/, '');
  return [req, { ...req, header: (name) => (name === 'host' ? bare : req.header(name)) }];
}
