/** `--auth strict`, signature by signature: syntax, times, keys, tokens, in OSS's order and words (rest-core.md §4). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signV1, stringToSignV1 } from '../../src/server/auth/v1.ts';
import { signV2, stringToSignV2 } from '../../src/server/auth/v2.ts';
import { canonicalRequestV4, signV4 } from '../../src/server/auth/v4.ts';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { frontDoor, ossError, request as sharedRequest } from '../helpers/ossite.ts';

let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
beforeAll(async () => {
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    auth: 'strict',
    buckets: ['bucket-1'],
    stsTokens: [
      'STS.one:sts-secret:token-one:2099-01-01T00:00:00Z',
      'STS.one:sts-secret:token-old:2020-01-01T00:00:00Z',
      'STS.two:sts-secret:token-two',
    ],
  });
  door = frontDoor(ossite.endpoint);
});
afterAll(() => ossite.close());

interface Ask {
  readonly pairs?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is signed of a GET on the bucket. */
const signable = ({ pairs = [], headers = {} }: Ask) => ({
  method: 'GET',
  bucket: 'bucket-1',
  key: '',
  pairs,
  header: (name: string) => headers[name],
  headersStarting: (prefix: string) =>
    Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    ),
});

const SECRET = 'ossite-secret';
const compact = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '');
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

function v1Header(at: Date, headers: Readonly<Record<string, string>> = {}, id = 'ossite', secret = SECRET): Ask {
  const sent = { date: at.toUTCString(), ...headers };
  const signature = signV1(stringToSignV1(signable({ headers: sent }), sent.date), secret);
  return { headers: { ...sent, authorization: `OSS ${id}:${signature}` } };
}

function v1Url(expires: string, more: Ask['pairs'] = [], id = 'ossite', secret = SECRET): Ask {
  const signature = signV1(stringToSignV1(signable({ pairs: more }), expires), secret);
  return { pairs: [...more, ['OSSAccessKeyId', id], ['Expires', expires], ['Signature', signature]] };
}

function v2Header(at: Date, additional: readonly string[] = []): Ask {
  const headers = { date: at.toUTCString(), range: 'bytes=0-7' };
  const signature = signV2(stringToSignV2(signable({ headers }), headers.date, additional), SECRET);
  const names = additional.length === 0 ? '' : `AdditionalHeaders:${additional.join(';')},`;
  return { headers: { ...headers, authorization: `OSS2 AccessKeyId:ossite,${names}Signature:${signature}` } };
}

function v2Url(expires: string): Ask {
  const pairs: [string, string][] = [
    ['prefix', 'a b/'],
    ['x-oss-signature-version', 'OSS2'],
    ['x-oss-expires', expires],
    ['x-oss-access-key-id', 'ossite'],
  ];
  const signature = signV2(stringToSignV2(signable({ pairs }), expires, []), SECRET);
  return { pairs: [...pairs, ['x-oss-signature', signature]] };
}

interface V4 {
  readonly at?: Date;
  readonly day?: string;
  readonly region?: string;
  readonly product?: string;
  readonly more?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly end?: string;
}

function v4Header({
  at = new Date(),
  day,
  region = 'cn-hangzhou',
  product = 'oss',
  more = '',
  headers = {},
  end,
}: V4 = {}): Ask {
  const time = compact(at);
  const scope = { date: day ?? time.slice(0, 8), region, product };
  const sent = { 'x-oss-date': time, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', ...headers };
  const signature = signV4(canonicalRequestV4(signable({ headers: sent }), []), time, scope, SECRET);
  const credential = `ossite/${scope.date}/${region}/${product}/${end ?? 'aliyun_v4_request'}`;
  const authorization = `OSS4-HMAC-SHA256 Credential=${credential}${more},Signature=${signature}`;
  return { headers: { ...sent, authorization } };
}

function v4OverDate(): Ask {
  const date = new Date();
  const scope = { date: compact(date).slice(0, 8), region: 'cn-hangzhou', product: 'oss' };
  const sent = { date: date.toUTCString(), 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signature = signV4(canonicalRequestV4(signable({ headers: sent }), []), sent.date, scope, SECRET);
  const credential = `ossite/${scope.date}/cn-hangzhou/oss/aliyun_v4_request`;
  return { headers: { ...sent, authorization: `OSS4-HMAC-SHA256 Credential=${credential},Signature=${signature}` } };
}

function v4Url(
  expires: string | undefined,
  at = new Date(),
  { region = 'cn-hangzhou', additional }: { readonly region?: string; readonly additional?: string } = {},
): Ask {
  const time = compact(at);
  const scope = { date: time.slice(0, 8), region, product: 'oss' };
  const pairs: [string, string][] = [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `ossite/${scope.date}/${region}/oss/aliyun_v4_request`],
    ['x-oss-date', time],
    ...(expires === undefined ? [] : [['x-oss-expires', expires] as [string, string]]),
  ];
  if (additional !== undefined) pairs.push(['x-oss-additional-headers', additional]);
  const signature = signV4(canonicalRequestV4(signable({ pairs }), additional?.split(';') ?? []), time, scope, SECRET);
  return { pairs: [...pairs, ['x-oss-signature', signature]] };
}

const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
const withoutPair = ({ pairs = [] }: Ask, name: string): Ask => ({ pairs: pairs.filter(([key]) => key !== name) });
const sts = (token: string, id = 'STS.one', secret = 'sts-secret') =>
  v1Header(new Date(), { 'x-oss-security-token': token }, id, secret);

async function ask({ pairs = [], headers = {} }: Ask) {
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return door.request('get', `/bucket-1${query === '' ? '' : `?${query}`}`, { headers });
}

describe('accepted', () => {
  it.each<[string, () => Ask]>([
    ['V1 in headers, 14 minutes early', () => v1Header(minutes(14))],
    ['V1 in a URL', () => v1Url(seconds(minutes(1)))],
    ['V2 in headers', () => v2Header(minutes(-14), ['range'])],
    ['V2 in a URL', () => v2Url(seconds(minutes(1)))],
    ['V4 in headers', () => v4Header()],
    ['V4 with a Date alone, as the Go SDK signs it', () => v4OverDate()],
    ['V4 of a cloud box', () => v4Header({ product: 'oss-cloudbox', region: 'cb-123' })],
    ['V4 in a URL', () => v4Url('604800')],
    ['STS in headers', () => sts('token-one')],
    ['STS in a V1 URL', () => v1Url(seconds(minutes(1)), [['security-token', 'token-two']], 'STS.two', 'sts-secret')],
  ])('%s', async (_, made) => {
    const answer = await ask(made());
    expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([200, 'ok']);
  });
});

describe('refused', () => {
  const expired = { status: 403, code: 'AccessDenied', message: 'Request has expired.', ec: undefined };
  const skewed = { status: 403, code: 'RequestTimeTooSkewed', ec: '0002-00000504' };
  const header = { status: 400, code: 'InvalidArgument', message: 'Authorization header is invalid.' };
  const query = 'Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters';
  it.each<[string, () => Ask, object]>([
    ['V1 of 16 minutes ago', () => v1Header(minutes(-16)), skewed],
    [
      'V1 without a date',
      () => ({ headers: { authorization: 'OSS ossite:x' } }),
      { status: 403, code: 'AccessDenied', ec: '0002-00000505', message: 'OSS authentication requires a valid Date.' },
    ],
    [
      'a V1 URL that has expired, its signature wrong as well',
      () => v1Url(seconds(minutes(-1)), [], 'ossite', 'x'),
      expired,
    ],
    [
      'a V1 URL without Expires',
      () => withoutPair(v1Url('1'), 'Expires'),
      { status: 403, ec: '0002-00000067', message: query },
    ],
    [
      'a V1 URL without a signature',
      () => withoutPair(v1Url('1'), 'Signature'),
      { ec: '0002-00000067', message: query },
    ],
    ['a V1 URL with an empty Expires', () => v1Url(''), { ec: '0002-00000068' }],
    [
      'a V1 URL that expires soon',
      () => v1Url('soon'),
      { ec: '0002-00000070', message: 'Invalid date (should be seconds since epoch).' },
    ],
    ['V2 of 16 minutes ago', () => v2Header(minutes(-16)), skewed],
    [
      'V2 over other headers than it says',
      () => ({ headers: { ...v2Header(new Date()).headers, range: 'bytes=1-', 'x-oss-a': 'b' } }),
      { status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000040' },
    ],
    ['a V2 URL that has expired', () => v2Url(seconds(minutes(-1))), expired],
    ['V4 of 16 minutes ago', () => v4Header({ at: minutes(-16) }), skewed],
    [
      'V4 without a date',
      () => ({ headers: { authorization: v4Header().headers?.authorization ?? '' } }),
      { status: 403, ec: '0002-00000505' },
    ],
    [
      'V4 for a region that is a bucket’s location',
      () => v4Header({ region: 'oss-cn-hangzhou' }),
      { ec: '0002-00000226' },
    ],
    [
      'V4 for another region',
      () => v4Header({ region: 'cn-shanghai' }),
      {
        status: 400,
        code: 'InvalidArgument',
        message: 'Invalid signing region in Authorization header.',
        ec: '0002-00000226',
      },
    ],
    [
      'a V4 URL for another region',
      () => v4Url('60', new Date(), { region: 'cn-shanghai' }),
      {
        status: 400,
        code: 'InvalidArgument',
        message: 'The signing region in credential is invalid.',
        ec: '0002-00000228',
      },
    ],
    [
      'a V4 URL for no region, as the Python SDK signs without one',
      () => v4Url('60', new Date(), { region: '' }),
      { status: 400, code: 'InvalidArgument', message: 'The signing region in credential is invalid.' },
    ],
    [
      'a V4 URL over a header that is not sent, as the Go SDK v2 signs',
      () => v4Url('60', new Date(), { additional: 'email' }),
      { status: 400, code: 'InvalidArgument' },
    ],
    [
      'V4 for another product',
      () => v4Header({ product: 's3' }),
      { status: 400, message: 'Invalid signing product in Authorization header.', ec: '0002-00000227' },
    ],
    ['V4 for another day', () => v4Header({ day: '20200101' }), header],
    ['V4 for AWS', () => v4Header({ end: 'aws4_request' }), header],
    [
      'V4 with an empty list of headers',
      () => v4Header({ more: ',AdditionalHeaders=' }),
      { ...header, ec: '0002-00000209' },
    ],
    ['a V4 URL without an end', () => v4Url(undefined), { status: 400, ec: '0002-00000215' }],
    ['a V4 URL of no time', () => v4Url('0'), { status: 400, ec: '0002-00000232' }],
    ['a V4 URL of eight days', () => v4Url('691200'), { status: 400, ec: '0002-00000232' }],
    ['a V4 URL that has expired', () => v4Url('60', minutes(-2)), expired],
    ['a signature version that is none', () => ({ pairs: [['x-oss-signature-version', 'OSS9']] }), header],
    ['an Authorization that is none', () => ({ headers: { authorization: 'Bearer x' } }), header],
    [
      'header and query at once',
      () => ({ ...v1Header(new Date()), ...v4Url('60') }),
      { status: 400, code: 'InvalidArgument' },
    ],
    [
      'a token of nobody’s',
      () => sts('token-x'),
      { status: 403, code: 'InvalidSecurityToken', message: 'The security token you provided is invalid.' },
    ],
    [
      'a token of nobody’s with a key that has none',
      () => sts('token-x', 'ossite', SECRET),
      { status: 403, code: 'InvalidAccessKeyId', ec: '0002-00000902' },
    ],
    ['a token of another key', () => sts('token-two'), { status: 403, code: 'AccessKeyIdAndSecurityTokenNotMatch' }],
    [
      'a token with a key of its own account',
      () => sts('token-two', 'ossite', SECRET),
      { code: 'AccessKeyIdAndSecurityTokenNotMatch' },
    ],
    [
      'a token that has expired',
      () => sts('token-old'),
      { status: 403, code: 'SecurityTokenExpired', message: 'The security token you provided has expired.' },
    ],
    ['a bad token before a bad signature', () => sts('token-x', 'STS.one', 'x'), { code: 'InvalidSecurityToken' }],
    ['a good token with a bad signature', () => sts('token-one', 'STS.one', 'x'), { code: 'SignatureDoesNotMatch' }],
    [
      'a key of STS without its token',
      () => v1Header(new Date(), {}, 'STS.one', 'sts-secret'),
      { status: 403, code: 'InvalidAccessKeyId', ec: '0002-00000902' },
    ],
    [
      'a token in a header beside a signed URL',
      () => ({ ...v1Url(seconds(minutes(1))), headers: { 'x-oss-security-token': 'token-one' } }),
      { status: 400, code: 'InvalidRequest', message: 'Security-token must be provided by query string parameter.' },
    ],
  ])('%s', async (_, made, expected) => expect(ossError(await ask(made()))).toMatchObject(expected));

  it('RequestTimeTooSkewed tells both times', async () => {
    const { elements } = ossError(await ask(v1Header(minutes(-60))));
    expect(elements.MaxAllowedSkewMilliseconds).toBe('900000');
    expect(elements.RequestTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(elements.ServerTime).toMatch(/\.000Z$/);
  });

  it('a V4 mismatch shows the canonical request', async () => {
    const { headers = {} } = v4Header();
    const error = ossError(await ask({ headers: { ...headers, 'x-oss-meta-a': 'b' } }));
    expect(error).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000201' });
    expect(error.elements.CanonicalRequest).toMatch(/^GET\n\/bucket-1\/\n\nx-oss-content-sha256:UNSIGNED-PAYLOAD\n/);
    expect(error.elements.StringToSign).toMatch(/^OSS4-HMAC-SHA256\n/);
  });
});

describe('S3’s dialect is refused in every mode', () => {
  const sign = createHmac('sha1', 'x').update('y').digest('base64');
  it.each<[string, Ask]>([
    [
      'V4 in headers',
      { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/20260101/r/s3/aws4_request, Signature=x' } },
    ],
    ['V2 in headers', { headers: { authorization: `AWS a:${sign}` } }],
    ['V4 in a URL', { pairs: [['X-Amz-Algorithm', 'AWS4-HMAC-SHA256']] }],
    [
      'V2 in a URL',
      {
        pairs: [
          ['AWSAccessKeyId', 'a'],
          ['Signature', sign],
        ],
      },
    ],
  ])('%s', async (_, { pairs = [], headers = {} }) => {
    const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    for (const request of [sharedRequest, door.request]) {
      const error = ossError(await request('get', `/?${query}`, { headers }));
      expect(error).toMatchObject({ status: 400, code: 'InvalidArgument' });
      expect(error.elements.Detail).toContain('S3');
    }
  });
});

describe('lenient says how it went', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['bad-token', { authorization: 'OSS ossite:x', 'x-oss-security-token': 'unknown' }],
    ['mismatch', { authorization: 'OSS ossite:x' }],
    ['unknown-key', { authorization: 'OSS STS.key:x' }],
    ['mismatch', { authorization: 'Bearer x' }],
    ['anonymous', {}],
  ])('%s', async (outcome, headers) => {
    const answer = await sharedRequest('get', '/', { headers });
    expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([200, outcome]);
  });
});

describe('what is put behind a signed URL', () => {
  const later = String(Math.floor(Date.now() / 1000) + 600);
  const ask = (more: string) => {
    const pairs = v1Url(later).pairs ?? [];
    const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return door.request('get', `/bucket-1?${query}${more}`);
  };

  it('is let in where it means nothing to the signature', async () => {
    expect((await ask('')).status).toBe(200);
    expect((await ask('&prefix=a')).status).toBe(200);
  });

  // Clients that sign markers alone are known; none of them leaves out what the URL is to do.
  it.each(['x-oss-process=image/info', 'callback=e30', 'acl'])('%s is not', async (more) => {
    const { code, status } = ossError(await ask(`&${more}`));
    expect({ code, status }).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });
});
