/** Signed URLs that answers hand out: of any request, and of the kind that playlists need (media.md §17.3). */
import type { Settings } from '../config.ts';
import type { OssRequest } from '../request.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { urlEncode, urlEncodeAll } from '../wire.ts';
import { type SignedRequest, V4 } from './credentials.ts';
import { compactDate, LONGEST_V4_URL_S } from './enforce-signature.ts';
import { signV1, stringToSignV1 } from './v1.ts';
import { canonicalRequestV4, compactTime, scopeText, signV4 } from './v4.ts';

/** Seconds a URL lasts when nothing says how long (assumed for playlists). */
export const USUAL_LIFETIME_S = 3600;

type Pairs = readonly (readonly [name: string, value: string])[];

/** The request that a URL is for. */
export interface UrlRequest {
  readonly method: string;
  /** Empty for requests on the service. */
  readonly bucket: string;
  readonly key: string;
  readonly pairs: Pairs;
  /** What the client will send, by name in lower case: some of it is signed. */
  readonly headers: Readonly<Record<string, string>>;
}

/** By whom, how and for how long. */
export interface Signing {
  readonly version: 'v1' | 'v4';
  /** Absent: nothing is signed. With a token where the key is a temporary one. */
  readonly key: (AccessKey & { readonly token?: string }) | undefined;
  readonly region: string;
  /** The instant from which a URL lasts. */
  readonly now: Date;
  readonly seconds: number;
}

/** Where a URL leads: a host, and whether the bucket is part of it already. */
export type Place = Pick<OssRequest, 'host' | 'style'>;

/** An absolute URL with its signature. */
export function signedUrl(asked: UrlRequest, place: Place, signing: Signing): string {
  const pairs = signedPairs(asked, signing);
  const query = pairs.map(([name, value]) => `${urlEncodeAll(name)}=${urlEncodeAll(value)}`).join('&');
  const inBucket = place.style === 'host' || asked.bucket === '' ? '/' : `/${asked.bucket}/`;
  return `http://${place.host}${inBucket}${encodedKey(asked.key)}${query === '' ? '' : `?${query}`}`;
}

/** HTTP libraries resolve `..` between slashes: with an encoded slash beside it, it stays a part of the key. */
const encodedKey = (key: string): string =>
  key.split('/').some((part) => part === '.' || part === '..') ? urlEncodeAll(key) : urlEncode(key);

/**
 * Makes URLs for GET requests with a process string on the host, and in the form, that the caller used: of the caller's
 * key, version and lifetime.
 * @param now the instant from which they last
 */
export function signerFor(req: OssRequest, settings: Settings, now: Date): (key: string, process: string) => string {
  const signing: Signing = {
    version: req.auth.scheme.startsWith('v4') ? 'v4' : 'v1',
    key: keyOf(req, settings),
    region: settings.region,
    now,
    seconds: secondsLeft(req.query, now),
  };
  return (key, process) => {
    const pairs: Pairs = [['x-oss-process', process]];
    return signedUrl({ method: 'GET', bucket: req.bucket, key, pairs, headers: {} }, req, signing);
  };
}

/** The caller's; where anyone is let in, one that will do. */
const keyOf = (req: OssRequest, settings: Settings): AccessKey | undefined =>
  settings['access-keys'].find(({ id }) => id === req.auth.accessKeyId) ?? settings['access-keys'][0];

/** As long as the URL of the request itself lasts. What can not be read is not refused here. */
function secondsLeft(query: OssRequest['query'], now: Date): number {
  const end = Number(query.get('Expires')) || endOfV4(query);
  const left = Math.floor(end - now.getTime() / 1000);
  return left > 0 ? Math.min(left, LONGEST_V4_URL_S) : USUAL_LIFETIME_S;
}

function endOfV4(query: OssRequest['query']): number {
  const start = compactDate(query.get('x-oss-date') ?? '');
  return start === undefined ? 0 : start.getTime() / 1000 + Number(query.get('x-oss-expires')) || 0;
}

/** The pairs of a query, those of the signature behind the request's own. */
function signedPairs(asked: UrlRequest, { key, version, ...rest }: Signing): Pairs {
  if (key === undefined) return asked.pairs;
  const token = version === 'v4' ? 'x-oss-security-token' : 'security-token';
  const pairs: Pairs = key.token === undefined ? asked.pairs : [...asked.pairs, [token, key.token]];
  const req = signable({ ...asked, pairs });
  return version === 'v4' ? v4Pairs(req, { ...rest, key }) : v1Pairs(req, { ...rest, key });
}

const signable = ({ headers, ...asked }: UrlRequest): SignedRequest => ({
  ...asked,
  header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
  headersStarting: (prefix) =>
    Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    ),
});

type By = Omit<Signing, 'version' | 'key'> & { readonly key: AccessKey };

function v1Pairs(asked: SignedRequest, { key: { id, secret }, now, seconds }: By): Pairs {
  const expires = String(Math.floor(now.getTime() / 1000) + seconds);
  const signature = signV1(stringToSignV1(asked, expires), secret);
  return [...asked.pairs, ['OSSAccessKeyId', id], ['Expires', expires], ['Signature', signature]];
}

function v4Pairs(asked: SignedRequest, { key: { id, secret }, region, now, seconds }: By): Pairs {
  const time = compactTime(now);
  const scope = { date: time.slice(0, 8), region, product: 'oss' };
  const pairs: Pairs = [
    ...asked.pairs,
    ['x-oss-signature-version', V4],
    ['x-oss-credential', `${id}/${scopeText(scope)}`],
    ['x-oss-date', time],
    ['x-oss-expires', String(seconds)],
  ];
  const canonical = canonicalRequestV4({ ...asked, pairs }, []);
  return [...pairs, ['x-oss-signature', signV4(canonical, time, scope, secret)]];
}

/** Whether a query key belongs to a signature: no request can have one of its own beside it. */
export const isOfSignature = (name: string): boolean => SIGNATURE_NAMES.includes(name);

const SIGNATURE_NAMES: readonly string[] = [
  ...['OSSAccessKeyId', 'Expires', 'Signature', 'security-token', 'x-oss-security-token', 'x-oss-signature-version'],
  ...['x-oss-credential', 'x-oss-date', 'x-oss-expires', 'x-oss-signature', 'x-oss-additional-headers'],
  'x-oss-access-key-id',
];
