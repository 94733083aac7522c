/** The official signature vectors (rest-core.md §4.9). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from '../../src/server/auth/credentials.ts';
import { signFormV4 } from '../../src/server/auth/form.ts';
import { authenticate } from '../../src/server/auth/index.ts';
import { signV1, stringToSignV1 } from '../../src/server/auth/v1.ts';
import { canonicalRequestV4, signingKeyV4, signV4 } from '../../src/server/auth/v4.ts';
import { readSettings } from '../../src/server/config.ts';
import { readPolicy } from '../../src/server/post-form/policy.ts';
import { signable } from '../helpers/sign.ts';

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
    [signable('PUT', 'examplebucket', 'nelson', [], nelson), DATE, 'sk', 'kSHKmLxlyEAKtZPkJhG9bZb5k7M='],
    [signable('PUT', 'examplebucket', 'nelson', [['acl', '']], nelson), DATE, 'sk', '/afkugFbmWDQ967j1vr6zygBLQk='],
    [
      signable('GET', 'examplebucket', '', [['resourceGroup', '']], { 'x-oss-date': DATE }),
      DATE,
      'sk',
      'vkQmfuUDyi1uDi3bKt67oemssIs=',
    ],
    [
      signable(
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
      signable('PUT', 'oss-example', 'nelson', [], example),
      'Thu, 17 Nov 2005 18:49:58 GMT',
      LONG_SECRET,
      '26NBxoKdsyly4EDv6inkoDft/yA=',
    ],
    [
      signable('PUT', 'oss-example', 'nelson', [], { ...example, 'content-md5': 'eB5eJF1ptWaXm4bijSPyxw==' }),
      'Thu, 17 Nov 2005 18:49:58 GMT',
      LONG_SECRET,
      'hD208RWMpg77svXkQRwWXS+V5KQ=',
    ],
    [signable('GET', 'bucket', '', [['continuation-token', 'abc']], {}), DATE, 'sk', 'gfioNFoShcv/Nx3GwMSOcwvpV+Q='],
    [
      signable(
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
      signable('GET', 'bucket', 'key', [['versionId', 'versionId']], {}),
      '1699807420',
      'sk',
      'dcLTea+Yh9ApirQ8o8dOPqtvJXQ=',
    ],
    [
      signable(
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
    [signable('GET', 'oss-example', 'oss-api.pdf', [], {}), '1141889120', LONG_SECRET, 'EwaNTn1erJGkimiJ9WmXgwnANLc='],
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
    signable('PUT', 'bucket', '1234+-/123/1.txt', pairs, {
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

  it.each<[number, Record<string, string>, string[], string, string, string]>([
    [1702781677, {}, [], 'cn-hangzhou', 'oss', 'a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe'],
    [
      1702785388,
      { 'x-oss-security-token': 'token' },
      [],
      'cn-hangzhou',
      'oss',
      '3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5',
    ],
    [
      1702783809,
      { 'x-oss-additional-headers': 'abc;zabc' },
      ['abc', 'zabc'],
      'cn-hangzhou',
      'oss',
      '6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7',
    ],
    [
      1702781677,
      { 'x-oss-additional-headers': 'abc;zabc' },
      ['abc', 'zabc'],
      'cb-123',
      'oss-cloudbox',
      '07284191b9b4978ac3520cd39ee2dea2747eda454089359371ff463a6c7ba20f',
    ],
  ])('presigned URL of %d with %j', (unix, more, additional, region, product, signature) => {
    const time = at(unix);
    const query: [string, string][] = [
      ...pairs,
      ...Object.entries(more),
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-date', time],
      ['x-oss-expires', '599'],
      ['x-oss-credential', `ak/${time.slice(0, 8)}/${region}/${product}/aliyun_v4_request`],
    ];
    const req = signable('PUT', 'bucket', '1234+-/123/1.txt', query, {
      ...headers,
      'content-type': 'application/octet-stream',
    });
    expect(sign(req, time, scope(region, product), additional)).toBe(signature);
    const settings = readSettings({ 'access-keys': 'ak:sk', 'sts-tokens': 'ak:sk:token' }, {});
    const sent = [...query, ['x-oss-signature', signature] as [string, string]];
    expect(authenticate({ ...req, pairs: sent }, settings).outcome).toBe('ok');
  });

  it('canonical request and signing key, piece by piece', () => {
    const time = at(1702743657);
    const canonical = canonicalRequestV4(base(time), []);
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(
      'f4613657f1b108998e8dbd10a1aa5da621dc2c6e02c9ddec0f163664848704c4',
    );
    const [, uri, query] = canonical.split('\n');
    expect(uri).toBe('/bucket/1234%2B-/123/1.txt');
    expect(query).toBe('%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2');
    expect(signingKeyV4(scope(), 'sk').toString('hex')).toBe(
      'b412a03b134ebddd720f5167b5de6db66620ebb3b01cff4d49e3ccb09f8de97f',
    );
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
    const req = signable('GET', bucket, key, query, { 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', 'x-oss-date': time });
    expect(sign(req, time)).toBe(signature);
  });
});

describe('forms', () => {
  it.each([
    [
      'eyJleHBpcmF0aW9uIjoiMjAyMC0wMy0xOVQwMzo0NDowNi40NzZaIiwiY29uZGl0aW9ucyI6W3siYnVja2V0IjoiZ2VuLXBvc3QtcG9saWN5In0sWyJlcSIsIiRrZXkiLCJ1c2VyXC9lcmljXC9cXCR7ZmlsZW5hbWV9Il0sWyJzdGFydHMtd2l0aCIsIiRrZXkiLCJ1c2VyXC9lcmljIl0sWyJzdGFydHMtd2l0aCIsIiR4LW9zcy1tZXRhLXRhZyIsImR1bW15X2V0YWciXSxbImNvbnRlbnQtbGVuZ3RoLXJhbmdlIiwxLDEwMjRdXX0=',
      'B'.repeat(30),
      '9fs2TRS2W2k5hV8mLsvqZBnlC2M=',
      '',
    ],
    [
      'eyJleHBpcmF0aW9uIjoiMjAyMy0xMi0xN1QwMDowMDowMC4wMDBaIiwiY29uZGl0aW9ucyI6W3siYnVja2V0IjoiZXhhbXBsZWJ1Y2tldCJ9LHsieC1vc3Mtc2lnbmF0dXJlLXZlcnNpb24iOiJPU1M0LUhNQUMtU0hBMjU2In0seyJ4LW9zcy1jcmVkZW50aWFsIjoiYWsvMjAyMzEyMTYvY24taGFuZ3pob3Uvb3NzL2FsaXl1bl92NF9yZXF1ZXN0In0seyJ4LW9zcy1kYXRlIjoiMjAyMzEyMTZUMTYyMDU3WiJ9LFsic3RhcnRzLXdpdGgiLCIka2V5IiwidXNlci8iXV19',
      'sk',
      'KKpkPrMR2Jq5hUvdB+CnSTC7UrY=',
      '303c8276c7020b8d390ec206d1795da23c0f930defa81c7fa028597c9950056e',
    ],
  ])('policy %#', (policy, secret, v1, v4) => {
    expect(signV1(policy, secret)).toBe(v1);
    if (v4 !== '') expect(signFormV4(policy, 'ak/20231216/cn-hangzhou/oss/aliyun_v4_request', secret)).toBe(v4);
    expect(readPolicy(policy).conditions.length).toBeGreaterThan(0);
  });
});

describe('the verdict', () => {
  const settings = readSettings({ 'access-keys': 'ak:sk' }, {});
  const vector = (authorization: string) =>
    signable('GET', 'examplebucket', '', [['resourceGroup', '']], { 'x-oss-date': DATE, authorization });
  it.each([
    ['OSS ak:vkQmfuUDyi1uDi3bKt67oemssIs=', 'ok'],
    ['OSS ak:AAAAfuUDyi1uDi3bKt67oemssIs=', 'mismatch'],
    ['OSS nobody:vkQmfuUDyi1uDi3bKt67oemssIs=', 'unknown-key'],
    ['OSS2 AccessKeyId:ak,Signature:x', 'mismatch'],
    ['Bearer x', 'mismatch'],
    ['OSS4-HMAC-SHA256 Credential=ak/20231216, Signature=zz', 'mismatch'],
  ])('%s is %s', (authorization, outcome) =>
    expect(authenticate(vector(authorization), settings).outcome).toBe(outcome),
  );

  it('no signature is anonymous', () => {
    expect(authenticate(signable('GET', '', '', [], {}), settings).outcome).toBe('anonymous');
  });
});
