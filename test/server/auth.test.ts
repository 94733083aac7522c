/** The official signature vectors (rest-core.md §4.9). */
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from '../../src/server/auth/credentials.ts';
import { authenticate } from '../../src/server/auth/index.ts';
import { signV1, stringToSignV1 } from '../../src/server/auth/v1.ts';
import { canonicalRequestV4, signV4 } from '../../src/server/auth/v4.ts';
import { readSettings } from '../../src/server/config.ts';

function signed(
  method: string,
  bucket: string,
  key: string,
  pairs: [string, string][],
  headers: Record<string, string>,
): SignedRequest {
  return {
    method,
    bucket,
    key,
    pairs,
    header: (name) => headers[name],
    headersStarting: (prefix) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      ),
  };
}

const DATE = 'Wed, 28 Dec 2022 10:27:41 GMT';
const LONG_SECRET = 'OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV';

describe('V1', () => {
  const nelson = {
    'content-md5': 'eB5eJF1ptWaXm4bijSPyxw==',
    'content-type': 'text/html',
    'x-oss-date': DATE,
    'x-oss-meta-author': 'alice',
    'x-oss-meta-magic': 'abracadabra',
  };
  const example = {
    'content-md5': 'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=',
    'content-type': 'text/html',
    'x-oss-magic': 'abracadabra',
    'x-oss-meta-author': 'foo@bar.com',
  };
  it.each<[SignedRequest, string, string, string]>([
    [signed('PUT', 'examplebucket', 'nelson', [], nelson), DATE, 'sk', 'kSHKmLxlyEAKtZPkJhG9bZb5k7M='],
    [signed('PUT', 'examplebucket', 'nelson', [['acl', '']], nelson), DATE, 'sk', '/afkugFbmWDQ967j1vr6zygBLQk='],
    [
      signed('GET', 'examplebucket', '', [['resourceGroup', '']], { 'x-oss-date': DATE }),
      DATE,
      'sk',
      'vkQmfuUDyi1uDi3bKt67oemssIs=',
    ],
    [
      signed(
        'GET',
        'examplebucket',
        '',
        [
          ['resourceGroup', ''],
          ['acl', ''],
        ],
        { 'x-oss-date': DATE },
      ),
      DATE,
      'sk',
      'x3E5TgOvl/i7PN618s5mEvpJDYk=',
    ],
    [
      signed('PUT', 'oss-example', 'nelson', [], example),
      'Thu, 17 Nov 2005 18:49:58 GMT',
      LONG_SECRET,
      '26NBxoKdsyly4EDv6inkoDft/yA=',
    ],
    [
      signed('PUT', 'oss-example', 'nelson', [], { ...example, 'content-md5': 'eB5eJF1ptWaXm4bijSPyxw==' }),
      'Thu, 17 Nov 2005 18:49:58 GMT',
      LONG_SECRET,
      'hD208RWMpg77svXkQRwWXS+V5KQ=',
    ],
    [signed('GET', 'bucket', '', [['continuation-token', 'abc']], {}), DATE, 'sk', 'gfioNFoShcv/Nx3GwMSOcwvpV+Q='],
    [
      signed(
        'GET',
        'bucket',
        'a.jpg',
        [
          ['x-oss-process', 'image/resize,w_100'],
          ['response-content-type', 'text/plain'],
          ['prefix', 'not signed'],
        ],
        {},
      ),
      DATE,
      'sk',
      'SzyjqWiiD12JpFtz/K8MLg0zPBg=',
    ],
    [
      signed('GET', 'bucket', 'key', [['versionId', 'versionId']], {}),
      '1699807420',
      'sk',
      'dcLTea+Yh9ApirQ8o8dOPqtvJXQ=',
    ],
    [
      signed(
        'GET',
        'bucket',
        'key+123',
        [
          ['security-token', 'token'],
          ['versionId', 'versionId'],
        ],
        {},
      ),
      '1699808204',
      'sk',
      'jzKYRrM5y6Br0dRFPaTGOsbrDhY=',
    ],
    [signed('GET', 'oss-example', 'oss-api.pdf', [], {}), '1141889120', LONG_SECRET, 'EwaNTn1erJGkimiJ9WmXgwnANLc='],
  ])('vector %#', (req, date, secret, signature) => expect(signV1(stringToSignV1(req, date), secret)).toBe(signature));
});

describe('V4', () => {
  const pairs: [string, string][] = [
    ['param1', 'value1'],
    ['+param1', 'value3'],
    ['|param1', 'value4'],
    ['+param2', ''],
    ['|param2', ''],
    ['param2', ''],
  ];
  const headers = { 'x-oss-head1': 'value', abc: 'value', zabc: 'value', xyz: 'value', 'content-type': 'text/plain' };
  const base = (time: string, more: Record<string, string> = {}) =>
    signed('PUT', 'bucket', '1234+-/123/1.txt', pairs, {
      ...headers,
      'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-oss-date': time,
      ...more,
    });
  const scope = (region = 'cn-hangzhou', product = 'oss') => ({ date: '20231216', region, product });
  const at = (unix: number) => new Date(unix * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const sign = (req: SignedRequest, time: string, s = scope(), additional: string[] = []) =>
    signV4(canonicalRequestV4(req, additional), time, { ...s, date: time.slice(0, 8) }, 'sk');

  it('header', () => {
    const time = at(1702743657);
    expect(time).toBe('20231216T162057Z');
    expect(sign(base(time), time)).toBe('e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe');
    expect(sign(base(time), time, scope('cb-123', 'oss-cloudbox'))).toBe(
      '94ce1f12c17d148ea681030275a94449d3357f5b5b21133996eec80af3e08a43',
    );
    const token = at(1702784856);
    expect(sign(base(token, { 'x-oss-security-token': 'token' }), token)).toBe(
      'b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea',
    );
    const extra = at(1702747512);
    expect(sign(base(extra), extra, scope(), ['abc', 'ZAbc'])).toBe(
      '4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f',
    );
  });

  it('presigned URL', () => {
    const time = at(1702781677);
    const query: [string, string][] = [
      ...pairs,
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-date', time],
      ['x-oss-expires', '599'],
      ['x-oss-credential', `ak/${time.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`],
    ];
    const req = signed('PUT', 'bucket', '1234+-/123/1.txt', query, {
      ...headers,
      'content-type': 'application/octet-stream',
    });
    expect(sign(req, time)).toBe('a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe');
  });

  it.each<[string, string, [string, string][], string]>([
    ['', '', [], '2a7fe0c537ae2b2319d6a44def3d754c1f9ca397946234d46ba2ecdb8f8f0a96'],
    [
      'bucket',
      '',
      [
        ['list-type', '2'],
        ['prefix', 'a b/'],
        ['delimiter', '/'],
        ['encoding-type', 'url'],
      ],
      '149f0e9840a997d866176a87ca10c35cc98dfcba43134c3b4db838ccc2f6106d',
    ],
    [
      'bucket',
      'a b+中.jpg',
      [['x-oss-process', 'image/resize,w_100']],
      '053d253235845baac9fa1d5b7034cc230227f192c00c8f494521519591865196',
    ],
  ])('own vector: %s %s', (bucket, key, query, signature) => {
    const time = '20231216T162057Z';
    const req = signed('GET', bucket, key, query, { 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', 'x-oss-date': time });
    expect(sign(req, time)).toBe(signature);
  });
});

describe('the verdict', () => {
  const settings = readSettings({ 'access-keys': 'ak:sk' }, {});
  const vector = (authorization: string) =>
    signed('GET', 'examplebucket', '', [['resourceGroup', '']], { 'x-oss-date': DATE, authorization });
  it.each([
    ['OSS ak:vkQmfuUDyi1uDi3bKt67oemssIs=', 'ok'],
    ['OSS ak:AAAAfuUDyi1uDi3bKt67oemssIs=', 'mismatch'],
    ['OSS nobody:vkQmfuUDyi1uDi3bKt67oemssIs=', 'unknown-key'],
    ['OSS2 AccessKeyId:ak,Signature:x', 'unchecked'],
    ['OSS4-HMAC-SHA256 Credential=ak/20231216, Signature=zz', 'mismatch'],
  ])('%s is %s', (authorization, outcome) =>
    expect(authenticate(vector(authorization), settings).outcome).toBe(outcome),
  );

  it('no signature is anonymous', () => {
    expect(authenticate(signed('GET', '', '', [], {}), settings).outcome).toBe('anonymous');
  });
});
