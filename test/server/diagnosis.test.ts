/**
 * Why a signature is wrong: each mistake is made on purpose, and what was signed for it is written here by hand. The server
 * must name the mistake and know that text to the letter.
 */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigner, MOST_HMACS } from '../../src/server/auth/diagnosis/sign.ts';
import type { Entry } from '../../src/server/journal.ts';
import { type Field, formBody, formType, policyV1, policyV4 } from '../helpers/form.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';

const SECRET = 'ossite-secret';
const B = 'bucket-1';
const options = {
  buckets: [B],
  region: 'cn-hangzhou',
  accessKeys: [`ossite:${SECRET}`, 'other:other-secret'],
  stsTokens: ['STS.one:sts-secret:token-one', 'STS.two:sts-secret:token-old:2020-01-01T00:00:00Z'],
};
const server = await ownServer(options);
const strict = await ownServer({ ...options, auth: 'strict' });
const { endpoint } = server.ossite;
const HOST = new URL(endpoint).host;

interface Sent {
  /** Method and target. */
  readonly line: string;
  readonly headers?: readonly string[];
}

/** Sends a request and looks up what the journal says of its signature. */
async function authOf({ line, headers = [] }: Sent, to = server): Promise<Entry['auth']> {
  const hasHost = headers.some((header) => /^host:/i.test(header));
  const answer = await raw(to.ossite.endpoint, {
    line: `${line} HTTP/1.1`,
    headers: [...(hasHost ? [] : [`Host: ${new URL(to.ossite.endpoint).host}`]), ...headers],
  });
  const entry = await to.control<Entry>('get', `requests/${answer.headers['x-oss-request-id']}`);
  return entry.auth;
}

const hmac = (algorithm: string, secret: string | Buffer, text: string) => createHmac(algorithm, secret).update(text);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const now = new Date();
const DATE = now.toUTCString();
const TIME = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
const DAY = TIME.slice(0, 8);
const IN_AN_HOUR = String(Math.floor(now.getTime() / 1000) + 3600);
const lines = (...parts: readonly string[]) => parts.join('\n');

const v1 = (text: string, secret = SECRET) => hmac('sha1', secret, text).digest('base64');
const v2 = (text: string, secret = SECRET) => hmac('sha256', secret, text).digest('base64');
const scopeFor = (day = DAY, region = 'cn-hangzhou', product = 'oss') =>
  `${day}/${region}/${product}/aliyun_v4_request`;
const textV4 = (canonical: string, scope = scopeFor(), time = TIME) =>
  lines('OSS4-HMAC-SHA256', time, scope, sha256(canonical));
function v4(text: string, scope = scopeFor(), secret = SECRET): string {
  const key = scope
    .split('/')
    .reduce<string | Buffer>((k, part) => hmac('sha256', k, part).digest(), `aliyun_v4${secret}`);
  return hmac('sha256', key, text).digest('hex');
}

/** The mistake, its cause, the request, what the client signed for it. */
type Row = readonly [mistake: string, cause: string, sent: Sent, signed: string];

async function told(cause: string, sent: Sent): Promise<NonNullable<Entry['auth']['diagnosis']>> {
  const auth = await authOf(sent);
  expect(auth.outcome).toBe('mismatch');
  expect(auth.diagnosis).toMatchObject({ cause, sentence: expect.stringMatching(/^[A-Z].*\.$/) });
  return auth.diagnosis as NonNullable<Entry['auth']['diagnosis']>;
}

const enc = encodeURIComponent;
const KEY = 'a b/ü(1).txt';
const AT = `/${B}/${enc('a b')}/${enc('ü')}(1).txt`;

describe('V1, in a header', () => {
  const get = (resource: string, more = '', method = 'GET', type = '', date = DATE) =>
    lines(method, '', type, date, more + resource);
  const rows: readonly Row[] = [
    ['a key encoded with its slashes', 'encoded-key', { line: `GET ${AT}` }, get(`/${B}/${enc(KEY)}`)],
    [
      'a key encoded twice',
      'double-encoded-key',
      { line: `GET ${AT}` },
      get(`/${B}/${enc('a b')}/${enc('ü')}(1).txt`.replaceAll('%', '%25')),
    ],
    ['no bucket', 'bucket-left-out', { line: `GET ${AT}` }, get(`/${KEY}`)],
    ['the bucket twice', 'bucket-doubled', { line: `GET ${AT}` }, get(`/${B}/${B}/${KEY}`)],
    [
      'a key encoded twice in the URL',
      'key-encoded-twice-in-url',
      { line: `GET ${AT.replaceAll('%', '%25')}` },
      get(`/${B}/${KEY}`),
    ],
    ['a plus in the URL', 'plus-in-url', { line: `GET /${B}/a+b` }, get(`/${B}/a+b`)],
    ['a slash before the key', 'leading-slash', { line: `GET /${B}/key` }, get(`/${B}//key`)],
    ['no slash before it', 'leading-slash', { line: `GET /${B}//key` }, get(`/${B}/key`)],
    [
      'a sub-resource left out',
      'sub-resource-left-out',
      { line: `GET /${B}/k?acl&versionId=1` },
      get(`/${B}/k?versionId=1`),
    ],
    [
      'another one',
      'sub-resource-left-out',
      { line: `GET /${B}/k?x-oss-process=image/info&response-expires=a` },
      get(`/${B}/k?response-expires=a`),
    ],
    ['all of them', 'sub-resource-left-out', { line: `GET /${B}/k?acl&versionId=1` }, get(`/${B}/k`)],
    ['what is no sub-resource', 'query-signed', { line: `GET /${B}/?prefix=a&acl` }, get(`/${B}/?acl&prefix=a`)],
    [
      'an encoded value',
      'query-encoded',
      { line: `GET /${B}/k?x-oss-process=image/resize,w_10` },
      get(`/${B}/k?x-oss-process=${enc('image/resize,w_10')}`),
    ],
    [
      'a value encoded twice in the URL',
      'query-encoded-twice-in-url',
      { line: `GET /${B}/k?response-content-type=text%252Fhtml` },
      get(`/${B}/k?response-content-type=text/html`),
    ],
    [
      'a plus in the query',
      'plus-in-url',
      { line: `GET /${B}/k?response-expires=a+b` },
      get(`/${B}/k?response-expires=a+b`),
    ],
    ['an unsorted query', 'query-order', { line: `GET /${B}/k?versionId=1&acl` }, get(`/${B}/k?versionId=1&acl`)],
    [
      'no Content-Type where one came',
      'content-type',
      { line: `PUT /${B}/k`, headers: ['Content-Type: text/plain', 'Content-Length: 0'] },
      get(`/${B}/k`, '', 'PUT'),
    ],
    [
      'a Content-Type without its charset',
      'content-type',
      { line: `PUT /${B}/k`, headers: ['Content-Type: text/x; charset=utf-8', 'Content-Length: 0'] },
      get(`/${B}/k`, '', 'PUT', 'text/x'),
    ],
    [
      'a Content-Type with a charset that was lost',
      'content-type',
      { line: `PUT /${B}/k`, headers: ['Content-Type: text/x', 'Content-Length: 0'] },
      get(`/${B}/k`, '', 'PUT', 'text/x;charset=utf-8'),
    ],
    [
      'a Content-Type that was taken away',
      'content-type',
      { line: `PUT /${B}/k.png`, headers: ['Content-Length: 0'] },
      get(`/${B}/k.png`, '', 'PUT', 'image/png'),
    ],
    [
      'no Content-MD5 where one came',
      'content-md5',
      { line: `PUT /${B}/k`, headers: ['Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==', 'Content-Length: 0'] },
      get(`/${B}/k`, '', 'PUT'),
    ],
    ['another method', 'method', { line: `HEAD /${B}/k` }, get(`/${B}/k`)],
    ['POST for PUT', 'method', { line: `PUT /${B}/k`, headers: ['Content-Length: 0'] }, get(`/${B}/k`, '', 'POST')],
    [
      'a header of OSS’s left out',
      'header-left-out',
      { line: `GET /${B}/k`, headers: ['x-oss-meta-a: 1', 'x-oss-meta-b: 2'] },
      get(`/${B}/k`, 'x-oss-meta-b:2\n'),
    ],
    [
      'all of them',
      'header-left-out',
      { line: `GET /${B}/k`, headers: ['x-oss-meta-a: 1', 'x-oss-meta-b: 2'] },
      get(`/${B}/k`),
    ],
    [
      'x-oss-date as the date alone',
      'date',
      { line: `GET /${B}/k`, headers: ['x-oss-date: Thu, 01 Jan 2026 00:00:00 GMT'] },
      get(`/${B}/k`, '', 'GET', '', 'Thu, 01 Jan 2026 00:00:00 GMT'),
    ],
    ['no date', 'date', { line: `GET /${B}/k` }, get(`/${B}/k`, '', 'GET', '', '')],
    [
      'the date in another form',
      'date',
      { line: `GET /${B}/k` },
      get(`/${B}/k`, '', 'GET', '', new Date(DATE).toISOString()),
    ],
    [
      'the local time',
      'time-zone',
      { line: `GET /${B}/k` },
      get(`/${B}/k`, '', 'GET', '', new Date(Date.parse(DATE) + 8 * 3_600_000).toUTCString()),
    ],
  ];

  it.each(rows)('%s: %s', async (_, cause, { line, headers = [] }, signed) => {
    const authorization = `Authorization: OSS ossite:${v1(signed)}`;
    const found = await told(cause, { line, headers: [...headers, `Date: ${DATE}`, authorization] });
    expect(found.stringToSign).toBe(signed);
    expect(found.canonicalRequest).toBeUndefined();
  });
});

describe('V1, in a URL', () => {
  const get = (resource: string, date = IN_AN_HOUR, method = 'GET') => lines(method, '', '', date, resource);
  const rows: readonly Row[] = [
    ['a key encoded with its slashes', 'encoded-key', { line: `GET ${AT}?` }, get(`/${B}/${enc(KEY)}`)],
    ['no bucket', 'bucket-left-out', { line: `GET ${AT}?` }, get(`/${KEY}`)],
    ['no sub-resource', 'sub-resource-left-out', { line: `GET /${B}/k?acl` }, get(`/${B}/k`)],
    ['all of the query', 'query-signed', { line: `GET /${B}/k?page=1` }, get(`/${B}/k?page=1`)],
    ['another method', 'method', { line: `HEAD /${B}/k?` }, get(`/${B}/k`)],
    ['milliseconds', 'date', { line: `GET /${B}/k?` }, get(`/${B}/k`, `${IN_AN_HOUR}000`)],
    [
      'a type that only the browser sends',
      'content-type',
      { line: `GET /${B}/k?`, headers: ['Content-Type: text/x'] },
      get(`/${B}/k`),
    ],
  ];

  it.each(rows)('%s: %s', async (_, cause, { line, headers = [] }, signed) => {
    const query = `&OSSAccessKeyId=ossite&Expires=${IN_AN_HOUR}&Signature=${enc(v1(signed))}`;
    expect((await told(cause, { line: line + query, headers })).stringToSign).toBe(signed);
  });

  it('a signature that is encoded twice', async () => {
    const signed = [1, 2, 3, 4, 5].map((n) => get(`/${B}/k${n}/`)).find((text) => /[+/]/.test(v1(text))) ?? '';
    const key = /\/(k\d\/)$/.exec(signed)?.[1];
    const query = `?OSSAccessKeyId=ossite&Expires=${IN_AN_HOUR}&Signature=${enc(enc(v1(signed)))}`;
    expect((await told('signature-encoded', { line: `GET /${B}/${key}${query}` })).stringToSign).toBe(signed);
  });
});

describe('V2', () => {
  const path = enc(`/${B}/${KEY}`).replace('(', '%28').replace(')', '%29');
  const text = (resource: string, headers = '', method = 'GET', names = '') =>
    lines(method, '', '', DATE, headers + names, resource);
  const rows: readonly Row[] = [
    ['a key encoded twice', 'double-encoded-key', { line: `GET ${AT}` }, text(enc(`/${B}/a%20b/%C3%BC%281%29.txt`))],
    ['a key that is not encoded', 'key-not-encoded', { line: `GET ${AT}` }, text(`/${B}/${KEY}`)],
    ['slashes as they are', 'key-encoded-differently', { line: `GET ${AT}` }, text(`/${B}/a%20b/%C3%BC%281%29.txt`)],
    ['no bucket', 'bucket-left-out', { line: `GET ${AT}` }, text(path.replace(`${B}%2F`, ''))],
    ['a parameter left out', 'query-left-out', { line: `GET ${AT}?page=1&acl` }, text(`${path}?acl`)],
    [
      'a value that is not encoded',
      'query-not-encoded',
      { line: `GET ${AT}?x-oss-process=image/info` },
      text(`${path}?x-oss-process=image/info`),
    ],
    ['a header left out', 'header-left-out', { line: `GET ${AT}`, headers: ['x-oss-meta-a: 1'] }, text(path)],
    ['another method', 'method', { line: `HEAD ${AT}` }, text(path)],
  ];

  it.each(rows)('%s: %s', async (_, cause, { line, headers = [] }, signed) => {
    const authorization = `Authorization: OSS2 AccessKeyId:ossite,Signature:${v2(signed)}`;
    const found = await told(cause, { line, headers: [...headers, `Date: ${DATE}`, authorization] });
    expect(found.stringToSign).toBe(signed);
  });

  it('a URL without its parameters in the text', async () => {
    const pairs = `x-oss-access-key-id=ossite&x-oss-expires=${IN_AN_HOUR}&x-oss-signature-version=OSS2`;
    const signed = lines('GET', '', '', IN_AN_HOUR, '', `${enc(`/${B}/k`)}?${pairs}`);
    const query = `${pairs}&page=1&x-oss-signature=${enc(v2(signed))}`;
    expect((await told('query-left-out', { line: `GET /${B}/k?${query}` })).stringToSign).toBe(signed);
  });
});

describe('V4, in a header', () => {
  const PATH = `/${B}/a%20b/%C3%BC%281%29.txt`;
  const base = `x-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:${TIME}\n`;
  const canonical = (
    path: string,
    { query = '', headers = base, method = 'GET', names = '', payload = 'UNSIGNED-PAYLOAD' } = {},
  ) => lines(method, path, query, headers, names, payload);
  const empty = sha256('');
  const rows: readonly Row[] = [
    ['a key encoded twice', 'double-encoded-key', { line: `GET ${AT}` }, canonical(PATH.replaceAll('%', '%25'))],
    ['a key that is not encoded', 'key-not-encoded', { line: `GET ${AT}` }, canonical(`/${B}/${KEY}`)],
    [
      'slashes encoded as well',
      'key-encoded-differently',
      { line: `GET ${AT}` },
      canonical(`/${B}/a%20b%2F%C3%BC%281%29.txt`),
    ],
    ['brackets as they are', 'key-encoded-differently', { line: `GET ${AT}` }, canonical(`/${B}/a%20b/%C3%BC(1).txt`)],
    ['a plus for a blank', 'key-encoded-differently', { line: `GET ${AT}` }, canonical(`/${B}/a+b/%C3%BC(1).txt`)],
    ['no bucket', 'bucket-left-out', { line: `GET ${AT}` }, canonical(PATH.replace(`/${B}`, ''))],
    ['the bucket twice', 'bucket-doubled', { line: `GET ${AT}` }, canonical(`/${B}${PATH}`)],
    ['a bucket without its slash', 'bucket-slash', { line: `GET /${B}/` }, canonical(`/${B}`)],
    ['a plus in the URL', 'plus-in-url', { line: `GET /${B}/a+b` }, canonical(`/${B}/a%2Bb`)],
    ['a parameter left out', 'query-left-out', { line: `GET ${AT}?a=1&acl` }, canonical(PATH, { query: 'acl' })],
    ['all of them', 'query-left-out', { line: `GET ${AT}?a=1&acl` }, canonical(PATH)],
    [
      'a value that is not encoded',
      'query-not-encoded',
      { line: `GET ${AT}?x-oss-process=image/info` },
      canonical(PATH, { query: 'x-oss-process=image/info' }),
    ],
    [
      'a value encoded twice',
      'query-double-encoded',
      { line: `GET ${AT}?x-oss-process=image/info` },
      canonical(PATH, { query: 'x-oss-process=image%252Finfo' }),
    ],
    [
      'a value encoded otherwise',
      'query-encoded-differently',
      { line: `GET ${AT}?prefix=a%20(b)` },
      canonical(PATH, { query: 'prefix=a+(b)' }),
    ],
    [
      'an equals sign without a value',
      'query-equals-sign',
      { line: `GET ${AT}?acl` },
      canonical(PATH, { query: 'acl=' }),
    ],
    ['an unsorted query', 'query-order', { line: `GET ${AT}?b=1&a=2` }, canonical(PATH, { query: 'b=1&a=2' })],
    [
      'no Content-Type where one came',
      'content-type',
      { line: `PUT ${AT}`, headers: ['Content-Type: text/x', 'Content-Length: 0'] },
      canonical(PATH, { method: 'PUT' }),
    ],
    [
      'a Content-Type without its charset',
      'content-type',
      { line: `PUT ${AT}`, headers: ['Content-Type: text/x;charset=utf-8', 'Content-Length: 0'] },
      canonical(PATH, { method: 'PUT', headers: `content-type:text/x\n${base}` }),
    ],
    [
      'no Content-MD5 where one came',
      'content-md5',
      { line: `PUT ${AT}`, headers: ['Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==', 'Content-Length: 0'] },
      canonical(PATH, { method: 'PUT' }),
    ],
    ['another method', 'method', { line: `HEAD ${AT}` }, canonical(PATH)],
    [
      'a header of OSS’s left out',
      'header-left-out',
      { line: `GET ${AT}`, headers: ['x-oss-meta-a: 1'] },
      canonical(PATH),
    ],
    ['the hash of an empty body', 'payload-hash', { line: `GET ${AT}` }, canonical(PATH, { payload: empty })],
    [
      'additional headers that were not signed',
      'additional-headers',
      { line: `GET ${AT}`, headers: ['x-additional: range', 'Range: bytes=0-1'] },
      canonical(PATH),
    ],
    [
      'another host',
      'host',
      { line: `GET ${AT}`, headers: ['x-additional: host', 'x-forwarded-host: oss.example.com'] },
      canonical(PATH, { headers: `host:oss.example.com\n${base}`, names: 'host' }),
    ],
    [
      'the host of the cloud',
      'host',
      { line: `GET ${AT}`, headers: ['x-additional: host'] },
      canonical(PATH, { headers: `host:${B}.oss-cn-hangzhou.aliyuncs.com\n${base}`, names: 'host' }),
    ],
  ];

  const sign = (signature: string, additional = '', scope = scopeFor()) =>
    `Authorization: OSS4-HMAC-SHA256 Credential=ossite/${scope}${additional === '' ? '' : `,AdditionalHeaders=${additional}`},Signature=${signature}`;
  const usual = ['x-oss-content-sha256: UNSIGNED-PAYLOAD', `x-oss-date: ${TIME}`];

  it.each(rows)('%s: %s', async (_, cause, { line, headers = [] }, signed) => {
    const [listed = ''] = headers.flatMap((header) => /^x-additional: (.*)/.exec(header)?.[1] ?? []);
    const sent = headers.filter((header) => !header.startsWith('x-additional'));
    const found = await told(cause, { line, headers: [...sent, ...usual, sign(v4(textV4(signed)), listed)] });
    expect(found).toMatchObject({ canonicalRequest: signed, stringToSign: textV4(signed) });
  });

  it('a header that got lost', async () => {
    const signed = canonical(PATH);
    const found = await told('header-lost', {
      line: `GET ${AT}`,
      headers: [`x-oss-date: ${TIME}`, sign(v4(textV4(signed)))],
    });
    expect(found.canonicalRequest).toBe(signed);
  });

  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  it.each([
    ['a region that the credential does not say', 'region', scopeFor(), scopeFor(DAY, 'oss-cn-hangzhou')],
    ['the server’s region and not the credential’s', 'region', scopeFor(DAY, 'cn-beijing'), scopeFor()],
    ['another product', 'product', scopeFor(), scopeFor(DAY, 'cn-hangzhou', 'oss-cloudbox')],
    ['another day', 'time-zone', scopeFor(), scopeFor(yesterday)],
  ])('%s: %s', async (_, cause, named, used) => {
    const text = textV4(canonical(PATH), used);
    const found = await told(cause, { line: `GET ${AT}`, headers: [...usual, sign(v4(text, used), '', named)] });
    expect(found).toMatchObject({ stringToSign: text, canonicalRequest: canonical(PATH) });
  });

  it('a local time, the last that is tried', async () => {
    const local = new Date(now.getTime() + 14 * 3_600_000).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const text = textV4(canonical(PATH, { query: 'a=1&acl' }), scopeFor(), local);
    const found = await told('time-zone', { line: `GET ${AT}?acl&a=1`, headers: [...usual, sign(v4(text))] });
    expect(found.stringToSign).toBe(text);
  });
});

describe('V4, in a URL', () => {
  const ofUrl = [
    `x-oss-credential=${enc(`ossite/${scopeFor()}`)}`,
    `x-oss-date=${TIME}`,
    'x-oss-expires=600',
    'x-oss-signature-version=OSS4-HMAC-SHA256',
  ];
  const canonical = (path: string, query: readonly string[], method = 'GET') =>
    lines(method, path, query.join('&'), '', '', 'UNSIGNED-PAYLOAD');
  const rows: readonly Row[] = [
    ['a key encoded twice', 'double-encoded-key', { line: 'GET /a%20b' }, canonical(`/${B}/a%2520b`, ofUrl)],
    ['no bucket', 'bucket-left-out', { line: 'GET /k' }, canonical('/k', ofUrl)],
    [
      'no process string',
      'query-left-out',
      { line: 'GET /k', headers: ['x-oss-process=image/info'] },
      canonical(`/${B}/k`, ofUrl),
    ],
    ['a part of itself left out', 'query-left-out', { line: 'GET /k' }, canonical(`/${B}/k`, ofUrl.slice(0, 3))],
    [
      'a process string that is not encoded',
      'query-not-encoded',
      { line: 'GET /k', headers: ['x-oss-process=image/info'] },
      canonical(
        `/${B}/k`,
        [...ofUrl, 'x-oss-process=image/info'].sort().map((pair) => pair.replaceAll('%2F', '/')),
      ),
    ],
    ['another method', 'method', { line: 'PUT /k' }, canonical(`/${B}/k`, ofUrl)],
  ];

  it.each(rows)('%s: %s', async (_, cause, { line, headers: query = [] }, signed) => {
    const [method, key] = line.split(' ');
    const pairs = [...query, ...ofUrl, `x-oss-signature=${v4(textV4(signed))}`].join('&');
    const headers = method === 'PUT' ? ['Content-Length: 0'] : [];
    const found = await told(cause, { line: `${method} /${B}${key}?${pairs}`, headers });
    expect(found.canonicalRequest).toBe(signed);
  });
});

describe('the secret', () => {
  const text = lines('GET', '', '', DATE, `/${B}/k`);
  const withKey = (id: string, secret: string) => ({
    line: `GET /${B}/k`,
    headers: [`Date: ${DATE}`, `Authorization: OSS ${id}:${v1(text, secret)}`],
  });

  it.each([
    ['secret-with-blanks', `${SECRET}\n`],
    ['secret-with-blanks', ` ${SECRET}`],
    ['secret-in-quotes', `"${SECRET}"`],
    ['secret-of-another-key', 'other-secret'],
    ['secret-of-another-key', 'sts-secret'],
    ['id-and-secret-swapped', 'ossite'],
    ['secret-empty', ''],
  ])('%s: %j', async (cause, secret) => {
    const found = await told(cause, withKey('ossite', secret));
    expect(found.stringToSign).toBe(text);
  });

  it('of V4 as well', async () => {
    const canonical = lines('GET', `/${B}/k`, '', `x-oss-date:${TIME}\n`, '', 'UNSIGNED-PAYLOAD');
    const signature = v4(textV4(canonical), scopeFor(), `${SECRET}\n`);
    const found = await told('secret-with-blanks', {
      line: `GET /${B}/k`,
      headers: [
        `x-oss-date: ${TIME}`,
        `Authorization: OSS4-HMAC-SHA256 Credential=ossite/${scopeFor()},Signature=${signature}`,
      ],
    });
    expect(found.canonicalRequest).toBe(canonical);
  });

  it('is the likeliest where nothing else fits, and what was tried is said', async () => {
    const found = await told('secret', withKey('ossite', 'something else'));
    expect(found.sentence).toMatch(
      /^No usual mistake .* Most likely the client’s secret is another than that of the access key ossite; /,
    );
    expect(found.stringToSign).toBeUndefined();
  });

  it('sent as the id is told, too', async () => {
    expect((await authOf(withKey(SECRET, 'ossite'))).diagnosis?.cause).toBe('id-and-secret-swapped');
  });

  it('is in no answer', async () => {
    for (const secret of [`${SECRET}\n`, 'other-secret', 'sts-secret', 'x']) {
      const { diagnosis } = await authOf(withKey('ossite', secret));
      expect(JSON.stringify(diagnosis)).not.toMatch(/ossite-secret|other-secret|sts-secret/);
    }
  });
});

describe('what is wrong otherwise', () => {
  const signed = (id: string, date: string, { secret = SECRET, token = '' } = {}): Sent => {
    const own = token === '' ? '' : `x-oss-security-token:${token}\n`;
    const text = lines('GET', '', '', date, `${own}/${B}/k`);
    return {
      line: `GET /${B}/k`,
      headers: [
        `Date: ${date}`,
        ...(token === '' ? [] : [`x-oss-security-token: ${token}`]),
        `Authorization: OSS ${id}:${v1(text, secret)}`,
      ],
    };
  };
  const url = (expires: string): Sent => {
    const signature = enc(v1(lines('GET', '', '', expires, `/${B}/k`)));
    return { line: `GET /${B}/k?OSSAccessKeyId=ossite&Expires=${expires}&Signature=${signature}` };
  };
  const from = (region: string): Sent => {
    const scope = scopeFor(DAY, region);
    const canonical = lines('GET', `/${B}/k`, '', `x-oss-date:${TIME}\n`, '', 'UNSIGNED-PAYLOAD');
    return {
      line: `GET /${B}/k`,
      headers: [
        `x-oss-date: ${TIME}`,
        `Authorization: OSS4-HMAC-SHA256 Credential=ossite/${scope},Signature=${v4(textV4(canonical, scope), scope)}`,
      ],
    };
  };
  const hourAgo = new Date(now.getTime() - 3_600_000).toUTCString();

  it.each<[string, Sent, RegExp]>([
    ['unknown-key', signed('nobody', DATE), /does not know the access key nobody/],
    ['clock', signed('ossite', hourAgo), /60 min before/],
    ['expired', url('1000000000'), /is over/],
    ['token', signed('STS.one', DATE, { secret: 'sts-secret', token: 'unknown' }), /does not know the security token/],
    [
      'token',
      signed('STS.one', DATE, { secret: 'sts-secret', token: 'token-old' }),
      /belongs to another access key than STS.one/,
    ],
    ['token-expired', signed('STS.two', DATE, { secret: 'sts-secret', token: 'token-old' }), /has expired/],
    ['region', from('cn-beijing'), /for the region cn-beijing, and the server’s is cn-hangzhou/],
    ['region', from('oss-cn-hangzhou'), /for the region oss-cn-hangzhou, and the server’s is cn-hangzhou/],
    ['syntax', { line: `GET /${B}/k`, headers: ['Authorization: Bearer x'] }, /Authorization header is invalid/],
    ['syntax', url('soon'), /Invalid date/],
  ])('%s, lenient and strict', async (cause, sent, sentence) => {
    for (const to of [server, strict])
      expect((await authOf(sent, to)).diagnosis).toMatchObject({ cause, sentence: expect.stringMatching(sentence) });
  });

  it('a mistake in the text is told before the clock', async () => {
    const text = lines('GET', '', '', hourAgo, '/k');
    const sent = { line: `GET /${B}/k`, headers: [`Date: ${hourAgo}`, `Authorization: OSS ossite:${v1(text)}`] };
    expect((await authOf(sent, strict)).diagnosis?.cause).toBe('bucket-left-out');
  });

  it('nothing is said of what is right, or signs nothing', async () => {
    for (const sent of [signed('ossite', DATE), url(IN_AN_HOUR), { line: `GET /${B}/k` }])
      expect((await authOf(sent)).diagnosis).toBeUndefined();
  });

  describe('a form', () => {
    const any = [['starts-with', '$key', '']];
    const told = async (fields: readonly Field[]) => {
      const body = formBody([['key', 'k'], ...fields]);
      const answer = await server.request('post', `/${B}`, { body, headers: formType });
      expect(answer.status).toBe(204);
      return (await server.control<Entry>('get', `requests/${answer.headers['x-oss-request-id']}`)).auth;
    };
    const policyIn = (fields: readonly Field[]) => fields.find(([name]) => name === 'policy')?.[1] ?? '';
    const changed = (fields: readonly Field[], name: string, change: (policy: string) => string) =>
      fields.map(([field, value]): Field => [field, field === name ? change(policyIn(fields)) : value]);
    const decoded = (policy: string) => Buffer.from(policy, 'base64').toString();

    it.each<[string, string, () => readonly Field[]]>([
      ['V1, an end of line', 'secret-with-blanks', () => policyV1(any, { secret: `${SECRET}\n` })],
      ['V4, an end of line', 'secret-with-blanks', () => policyV4(any, { secret: `${SECRET}\n` })],
      ['V4, another key’s', 'secret-of-another-key', () => policyV4(any, { secret: 'other-secret' })],
    ])('its secret: %s', async (_, cause, fields) => {
      const sent = fields();
      expect((await told(sent)).diagnosis).toMatchObject({ cause, stringToSign: policyIn(sent) });
    });

    it('its policy, which was signed before it was Base64', async () => {
      const fields = changed(policyV1(any), 'Signature', (policy) => v1(decoded(policy)));
      expect((await told(fields)).diagnosis).toMatchObject({
        cause: 'policy-not-encoded',
        stringToSign: decoded(policyIn(fields)),
      });
    });

    it.each<[string, string, () => readonly Field[]]>([
      ['a clock', 'clock', () => policyV4(any, { at: new Date(Date.now() - 3_600_000) })],
      ['a region', 'region', () => policyV4(any, { region: 'cn-beijing' })],
      ['a key', 'unknown-key', () => policyV1(any, { id: 'nobody' })],
      ['a field that is missing', 'syntax', () => policyV1(any).filter(([name]) => name !== 'Signature')],
    ])('what strict would refuse: %s', async (_, cause, fields) => {
      expect((await told(fields())).diagnosis?.cause).toBe(cause);
    });

    it('nothing else', async () => {
      const { received, expected, diagnosis } = await told(changed(policyV1(any), 'Signature', () => 'wrong'));
      expect([received, expected]).toEqual(['wrong', expect.stringMatching(/^[\w+/]{27}=$/)]);
      expect(diagnosis).toMatchObject({ cause: 'secret', sentence: expect.stringContaining('policy') });
      for (const fields of [policyV1(any), policyV4(any)]) expect((await told(fields)).diagnosis).toBeUndefined();
    });
  });
});

describe('what it may cost', () => {
  const scope = { date: DAY, region: 'cn-hangzhou', product: 'oss' };

  it.each(['v1', 'v2', 'v4'] as const)('%s: so many texts are signed, and no more', (version) => {
    const right = version === 'v1' ? v1('right') : version === 'v2' ? v2('right') : v4('right');
    const early = createSigner({ version, url: false }, right);
    expect(early.fits({ stringToSign: 'right', scope }, SECRET)).toBe(true);
    const late = createSigner({ version, url: false }, right);
    for (let i = 0; i < MOST_HMACS; i += 1) expect(late.fits({ stringToSign: `${i}`, scope }, SECRET)).toBe(false);
    expect(late.fits({ stringToSign: 'right', scope }, SECRET)).toBe(false);
    expect(MOST_HMACS).toBeLessThan(200);
  });

  it('requests that are made to be costly, or that nothing can be read from, are explained as well', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `p${i}=%25%2525+%ff`).join('&');
    const metas = Array.from({ length: 100 }, (_, i) => `x-oss-meta-${i}: ${i}`);
    for (const authorization of [
      'OSS ossite:x',
      'OSS4-HMAC-SHA256 Credential=ossite/x/y/z,AdditionalHeaders=host;constructor,Signature=x',
      'OSS2 AccessKeyId:ossite,Signature:x,AdditionalHeaders:host',
    ])
      for (const target of [
        `/${B}/${'%25%ED%A0%80'.slice(0, 3)}%20${'a/'.repeat(200)}?${many}`,
        `/?${many}`,
        `/${B}/%E4%B8%AD?Expires=NaN`,
      ])
        for (const date of [DATE, '', 'x', '99999999999999999999', '-271821-04-20T00:00:00.000Z', '99991231T235959Z']) {
          const { outcome, diagnosis } = await authOf({
            line: `GET ${target}`,
            headers: [
              ...metas,
              `Date: ${date}`,
              `x-oss-date: ${date}`,
              `Authorization: ${authorization}`,
              `Host: ${HOST}`,
            ],
          });
          expect([outcome, typeof diagnosis?.sentence]).toEqual(['mismatch', 'string']);
        }
  });
});
