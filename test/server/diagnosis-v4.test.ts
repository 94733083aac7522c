/** Why a signature of V4 is wrong: each mistake is made on purpose, and what was signed for it is written here by hand. */
import { describe, expect, it } from 'vitest';
import {
  AT,
  B,
  DAY,
  enc,
  KEY,
  lines,
  now,
  options,
  type Row,
  scopeFor,
  sha256,
  TIME,
  textV4,
  told,
  v4,
} from '../helpers/diagnosis.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer(options);

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
    const found = await told(server, cause, { line, headers: [...sent, ...usual, sign(v4(textV4(signed)), listed)] });
    expect(found).toMatchObject({ canonicalRequest: signed, stringToSign: textV4(signed) });
  });

  it('a header that got lost', async () => {
    const signed = canonical(PATH);
    const found = await told(server, 'header-lost', {
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
    const found = await told(server, cause, {
      line: `GET ${AT}`,
      headers: [...usual, sign(v4(text, used), '', named)],
    });
    expect(found).toMatchObject({ stringToSign: text, canonicalRequest: canonical(PATH) });
  });

  it('a local time, the last that is tried', async () => {
    const local = new Date(now.getTime() + 14 * 3_600_000).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const text = textV4(canonical(PATH, { query: 'a=1&acl' }), scopeFor(), local);
    const found = await told(server, 'time-zone', { line: `GET ${AT}?acl&a=1`, headers: [...usual, sign(v4(text))] });
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
    const found = await told(server, cause, { line: `${method} /${B}${key}?${pairs}`, headers });
    expect(found.canonicalRequest).toBe(signed);
  });
});
