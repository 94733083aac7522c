/** Signed URLs that an answer hands out (media.md §17.3): of the caller's key, version and lifetime. */
import type { Settings } from '../config.ts';
import type { OssRequest } from '../request.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { urlEncode } from '../wire.ts';
import { type SignedRequest, V4 } from './credentials.ts';
import { compactDate, LONGEST_V4_URL_S } from './enforce-signature.ts';
import { signV1, stringToSignV1 } from './v1.ts';
import { canonicalRequestV4, compactTime, scopeText, signV4 } from './v4.ts';

/** Seconds a URL lasts when the request itself has no end (assumed). */
const LIFETIME_S = 3600;

type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * Makes URLs for GET requests with a process string on the host, and in the form, that the caller used.
 * @param now the instant from which they last
 */
export function signerFor(req: OssRequest, settings: Settings, now: Date): (key: string, process: string) => string {
  const access = keyOf(req, settings);
  const seconds = secondsLeft(req.query, now);
  const v4 = req.auth.scheme.startsWith('v4');
  return (key, process) => {
    const asked = unsigned(req.bucket, key, [['x-oss-process', process]]);
    const pairs =
      access === undefined
        ? asked.pairs
        : v4
          ? v4Pairs(asked, access, settings.region, now, seconds)
          : v1Pairs(asked, access, Math.floor(now.getTime() / 1000) + seconds);
    const path = req.style === 'path' ? `/${req.bucket}/${key}` : `/${key}`;
    const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return `http://${req.host}${urlEncode(path)}?${query}`;
  };
}

/** The caller's; where anyone is let in, one that will do. */
const keyOf = (req: OssRequest, settings: Settings): AccessKey | undefined =>
  settings['access-keys'].find(({ id }) => id === req.auth.accessKeyId) ?? settings['access-keys'][0];

/** As long as the URL of the request itself lasts. What can not be read is not refused here. */
function secondsLeft(query: OssRequest['query'], now: Date): number {
  const end = Number(query.get('Expires')) || endOfV4(query);
  const left = Math.floor(end - now.getTime() / 1000);
  return left > 0 ? Math.min(left, LONGEST_V4_URL_S) : LIFETIME_S;
}

function endOfV4(query: OssRequest['query']): number {
  const start = compactDate(query.get('x-oss-date') ?? '');
  return start === undefined ? 0 : start.getTime() / 1000 + Number(query.get('x-oss-expires')) || 0;
}

const unsigned = (bucket: string, key: string, pairs: Pairs): SignedRequest => ({
  method: 'GET',
  bucket,
  key,
  pairs,
  header: () => undefined,
  headersStarting: () => ({}),
});

function v1Pairs(asked: SignedRequest, { id, secret }: AccessKey, expires: number): Pairs {
  const signature = signV1(stringToSignV1(asked, String(expires)), secret);
  return [...asked.pairs, ['OSSAccessKeyId', id], ['Expires', String(expires)], ['Signature', signature]];
}

function v4Pairs(asked: SignedRequest, { id, secret }: AccessKey, region: string, now: Date, seconds: number): Pairs {
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
