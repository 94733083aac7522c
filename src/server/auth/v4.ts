/** V4 signatures: HMAC-SHA256 over a canonical request with the bucket always in its path (rest-core.md §4.4, §4.5). */
import { createHash, createHmac } from 'node:crypto';
import { bytesOf, urlEncode, urlEncodeAll } from '../wire.ts';
import {
  type Check,
  type Credentials,
  firstRight,
  parameters,
  queryOf,
  type SignedRequest,
  V4,
} from './credentials.ts';
import { equal, pathOf } from './v1.ts';

const TERMINATOR = 'aliyun_v4_request';

/** What a signature is good for. */
export interface Scope {
  readonly date: string;
  readonly region: string;
  readonly product: string;
}

/** How a canonical request is written. */
export interface Reading {
  /** What stands for a value of a repeated query key: its own (assumed), or the last one as the Go SDK v2 has it. */
  readonly repeated: 'own' | 'last';
  /** Whether names that are signed anyway are printed among the additional ones: SDKs leave them out. */
  readonly printsAll: boolean;
  /** Path, query and payload as they are written, where they are not as they should be. */
  readonly path?: string;
  readonly query?: string;
  readonly payload?: string;
}

/** The documented one. */
export const usual: Reading = { repeated: 'last', printsAll: false };

/** The canonical request. `additional` are the header names the client chose to sign besides the usual ones. */
export function canonicalRequestV4(req: SignedRequest, additional: readonly string[], reading = usual): string {
  const last = new Map(req.pairs);
  const query = req.pairs
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => {
      const shown = reading.repeated === 'own' ? value : (last.get(name) ?? '');
      return [urlEncodeAll(name), urlEncodeAll(shown)] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const chosen = [...new Set(additional.map((name) => name.toLowerCase()))].sort();
  const own = Object.keys(req.headersStarting('x-oss-')).map((name) => `x-oss-${name}`);
  const names = [...new Set([...own, ...ALWAYS_SIGNED, ...chosen])].sort();
  const headers = names.flatMap((name) => {
    const value = req.header(name);
    return value === undefined ? [] : [`${name}:${value}\n`];
  });
  const extra = reading.printsAll ? chosen : chosen.filter((name) => !isAlwaysSigned(name));
  const payload = reading.payload ?? req.header('x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const [path, asked] = [reading.path ?? urlEncode(pathOf(req)), reading.query ?? query.join('&')];
  return [req.method, path, asked, headers.join(''), extra.join(';'), payload].join('\n');
}

const ALWAYS_SIGNED = ['content-type', 'content-md5'];
const isAlwaysSigned = (name: string): boolean => ALWAYS_SIGNED.includes(name) || name.startsWith('x-oss-');

/** A scope as it stands behind the id in a credential. */
export const scopeText = ({ date, region, product }: Scope): string => `${date}/${region}/${product}/${TERMINATOR}`;

/** The text a V4 signature is computed over. */
export function stringToSignV4(canonical: string, time: string, scope: Scope): string {
  return [V4, time, scopeText(scope), createHash('sha256').update(bytesOf(canonical)).digest('hex')].join('\n');
}

/** The key that a day, a region and a product have of their own. */
export function signingKeyV4({ date, region, product }: Scope, secret: string): Buffer {
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  return hmac(hmac(hmac(hmac(`aliyun_v4${secret}`, date), region), product), TERMINATOR);
}

/** The lower-case hexadecimal signature of a canonical request. */
export const signV4 = (canonical: string, time: string, scope: Scope, secret: string): string =>
  createHmac('sha256', signingKeyV4(scope, secret))
    .update(stringToSignV4(canonical, time, scope))
    .digest('hex');

/** Takes a credential apart. @returns `undefined` when it has not the form of one (rest-core.md §4.4) */
export function scopeOf(credential: string): Scope | undefined {
  const [, date, region, product, end, more] = credential.split('/');
  if (end !== TERMINATOR || more !== undefined) return undefined;
  // Which region it is, only `strict` asks; the Python SDK signs URLs without any.
  const wellFormed =
    /^\d{8}$/.test(date ?? '') && /^[a-z0-9-]*$/.test(region ?? '') && PRODUCTS.includes(product ?? '');
  return wellFormed ? { date: date as string, region: region as string, product: product as string } : undefined;
}

/** Of OSS itself and of its cloud boxes. */
const PRODUCTS = ['oss', 'oss-cloudbox'];

/** What a V4 request signs besides its canonical request. */
export interface V4Facts {
  readonly credential: string;
  /** As it stands in the string to sign; empty when the request has none. */
  readonly time: string;
  /** Header names as the client lists them; `undefined` when it has no such list. */
  readonly additional: string | undefined;
}

/** Where a header and a URL have them. */
export function factsV4(req: SignedRequest, scheme: Credentials['scheme']): V4Facts {
  if (scheme === 'v4-url') {
    return {
      credential: queryOf(req, 'x-oss-credential') ?? '',
      time: queryOf(req, 'x-oss-date') ?? '',
      additional: queryOf(req, 'x-oss-additional-headers'),
    };
  }
  const header = parameters(req.header('authorization') ?? '');
  return {
    credential: header.get('Credential') ?? '',
    time: req.header('x-oss-date') ?? compactText(req.header('date')),
    additional: header.get('AdditionalHeaders'),
  };
}

/** V4's form of a time: `20231216T162057Z`. */
export const compactTime = (time: Date): string => time.toISOString().replace(/[-:]|\.\d{3}/g, '');

function compactText(date: string | undefined): string {
  const time = new Date(date ?? '');
  return Number.isNaN(time.getTime()) ? '' : compactTime(time);
}

/** Checks a V4 header or URL signature. */
export function checkV4(req: SignedRequest, { scheme, signature }: Credentials, secret: string): Check {
  const { credential, time: compact, additional = '' } = factsV4(req, scheme);
  // The Go SDK sends no x-oss-date, and signs its Date as it stands.
  const ofDate = scheme === 'v4-header' && req.header('x-oss-date') === undefined;
  const time = (ofDate && req.header('date')) || compact;
  const scope = scopeOf(credential) ?? { date: '', region: '', product: '' };
  const names = additional.split(';').filter((name) => name !== '');
  return firstRight(readings());

  function* readings(): Generator<Check> {
    for (const printsAll of [false, true]) {
      for (const repeated of ['last', 'own'] as const) {
        for (const hosted of hostReadings(req, names)) {
          const canonicalRequest = canonicalRequestV4(hosted, names, { repeated, printsAll });
          const expected = signV4(canonicalRequest, time, scope, secret);
          const stringToSign = stringToSignV4(canonicalRequest, time, scope);
          yield { right: equal(expected, signature), expected, stringToSign, canonicalRequest };
        }
      }
    }
  }
}

/** Java signs the host without its port, others with it. */
function hostReadings(req: SignedRequest, additional: readonly string[]): readonly SignedRequest[] {
  if (!additional.some((name) => name.toLowerCase() === 'host')) return [req];
  const bare = req.header('host')?.replace(/:\d+$/, '');
  return [req, { ...req, header: (name) => (name === 'host' ? bare : req.header(name)) }];
}
