/** Why a signature of V1 or V2 is wrong: each mistake is made on purpose, and what was signed for it is written here by hand. */
import { describe, expect, it } from 'vitest';
import { AT, B, DATE, enc, IN_AN_HOUR, KEY, lines, options, type Row, told, v1, v2 } from '../helpers/diagnosis.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer(options);

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
    const found = await told(server, cause, { line, headers: [...headers, `Date: ${DATE}`, authorization] });
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
    expect((await told(server, cause, { line: line + query, headers })).stringToSign).toBe(signed);
  });

  it('a signature that is encoded twice', async () => {
    // Two signatures in five have neither, by chance: of a hundred texts one has a plus or a slash.
    const texts = Array.from({ length: 100 }, (_, n) => get(`/${B}/k${n}/`));
    const signed = texts.find((text) => /[+/]/.test(v1(text))) ?? '';
    const key = /\/(k\d+\/)$/.exec(signed)?.[1];
    const query = `?OSSAccessKeyId=ossite&Expires=${IN_AN_HOUR}&Signature=${enc(enc(v1(signed)))}`;
    expect((await told(server, 'signature-encoded', { line: `GET /${B}/${key}${query}` })).stringToSign).toBe(signed);
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
    const found = await told(server, cause, { line, headers: [...headers, `Date: ${DATE}`, authorization] });
    expect(found.stringToSign).toBe(signed);
  });

  it('a URL without its parameters in the text', async () => {
    const pairs = `x-oss-access-key-id=ossite&x-oss-expires=${IN_AN_HOUR}&x-oss-signature-version=OSS2`;
    const signed = lines('GET', '', '', IN_AN_HOUR, '', `${enc(`/${B}/k`)}?${pairs}`);
    const query = `${pairs}&page=1&x-oss-signature=${enc(v2(signed))}`;
    expect((await told(server, 'query-left-out', { line: `GET /${B}/k?${query}` })).stringToSign).toBe(signed);
  });
});
