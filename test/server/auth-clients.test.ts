/** Signatures of version 2, and as clients are known to make them (rest-core.md §4.1, §4.3, §4.4). */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from '../../src/server/auth/credentials.ts';
import { authenticate } from '../../src/server/auth/index.ts';
import { readSettings } from '../../src/server/config.ts';
import { signable } from '../helpers/sign.ts';

const DATE = 'Wed, 28 Dec 2022 10:27:41 GMT';

const LONG_SECRET = 'OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV';

describe('V2', () => {
  // From the help page of version 2; the example’s key.
  const settings = readSettings({ 'access-keys': `44CF9590006BF252F707:${LONG_SECRET}` }, {});
  const authorization = 'OSS2 AccessKeyId:44CF9590006BF252F707,';
  it.each<[SignedRequest]>([
    [
      signable('PUT', 'oss-example', 'nelson', [], {
        'content-md5': 'FxqG8Ca0qEJPOghSihJ8Ew==',
        'content-type': 'text/plain',
        'x-oss-object-acl': 'private',
        date: 'Wed, 15 Feb 2017 09:37:11 GMT',
        authorization: `${authorization}Signature:5Am2ewK1tL0gXX7GV6dwybZtj7efOEtc0Mo2FR6CkM8=`,
      }),
    ],
    [
      signable('GET', 'oss-example', 'nelson', [], {
        range: 'bytes=0-7',
        'if-modified-since': 'Thu, 16 Feb 2017 02:10:39 GMT',
        date: 'Thu, 16 Feb 2017 02:09:39 GMT',
        authorization: `${authorization}AdditionalHeaders:if-modified-since;range,Signature:YG9mKO3m4S0Jx9Hk6Lq64VchJg/TOTkyCX4DaeeOYxE=`,
      }),
    ],
    [
      signable(
        'GET',
        'oss-example',
        'nelson',
        [
          ['x-oss-signature-version', 'OSS2'],
          ['x-oss-expires', '1487152431'],
          ['x-oss-access-key-id', '44CF9590006BF252F707'],
          ['x-oss-signature', 'ps/+MLhd1WKkVi/QlOiliJsTaBMBk93f6UYVscDNHCQ='],
        ],
        {},
      ),
    ],
  ])('vector %#', (req) => expect(authenticate(req, settings).outcome).toBe('ok'));
});

describe('what clients do differently', () => {
  const settings = readSettings({ 'access-keys': 'ak:sk' }, {});
  const v1 = (lines: string) => createHmac('sha1', 'sk').update(lines).digest('base64');
  const header = (
    resource: string,
    { bucket = 'bucket', key = '', pairs = [], headers = {}, date = DATE }: Partial<Sent> = {},
  ) =>
    signable('GET', bucket, key, pairs, {
      date: DATE,
      ...headers,
      authorization: `OSS ak:${v1(`GET\n\n\n${date}\n${resource}`)}`,
    });
  interface Sent {
    readonly bucket: string;
    readonly key: string;
    readonly pairs: [string, string][];
    readonly headers: Record<string, string>;
    readonly date: string;
  }

  it.each<[string, SignedRequest]>([
    ['the C SDK leaves out the slash behind a bucket', header('/bucket')],
    ['and has sub-resources behind it', header('/bucket?acl', { pairs: [['acl', '']] })],
    ['Java writes the equals sign of an empty value', header('/bucket/?acl=', { pairs: [['acl', '']] })],
    ['libcloud encodes the key', header('/bucket/a%20b/%E4%B8%AD', { key: 'a b/中' })],
    [
      'libcloud signs markers alone',
      header('/bucket/k?uploads', {
        key: 'k',
        pairs: [
          ['uploads', ''],
          ['response-content-type', 'x'],
        ],
      }),
    ],
    ['the list alone, without other x-oss- keys', header('/bucket/k', { key: 'k', pairs: [['x-oss-new', '1']] })],
    ['every x-oss- key', header('/bucket/k?x-oss-new=1', { key: 'k', pairs: [['x-oss-new', '1']] })],
    [
      'Date where x-oss-date is another',
      header('x-oss-date:other\n/bucket/k', { key: 'k', headers: { 'x-oss-date': 'other' } }),
    ],
    [
      'x-oss-date where there is a Date too',
      header(`x-oss-date:other\n/bucket/k`, { key: 'k', headers: { 'x-oss-date': 'other' }, date: 'other' }),
    ],
    [
      'a raw plus of a signature in a URL',
      signable(
        'GET',
        'bucket',
        'key+123',
        [
          ['security-token', 'token'],
          ['versionId', 'versionId'],
          ['OSSAccessKeyId', 'ak'],
          ['Expires', '1699808220'],
          [
            'Signature',
            v1('GET\n\n\n1699808220\n/bucket/key+123?security-token=token&versionId=versionId').replaceAll('+', ' '),
          ],
        ],
        {},
      ),
    ],
  ])('%s', (_, req) => {
    const known = { ...settings, 'sts-tokens': [{ id: 'ak', secret: 'sk', token: 'token', expires: undefined }] };
    expect(authenticate(req, known).outcome).toBe('ok');
  });

  const time = '20231216T162057Z';
  const v4 = (canonical: string, credential = 'ak/20231216/cn-hangzhou/oss/aliyun_v4_request') => {
    const hash = createHash('sha256').update(canonical).digest('hex');
    const [, ...scope] = credential.split('/');
    const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
    const key = scope.reduce<string | Buffer>(hmac, 'aliyun_v4sk');
    const text = `OSS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${hash}`;
    return createHmac('sha256', key).update(text).digest('hex');
  };
  const sent = (lines: readonly string[], pairs: [string, string][], headers: Record<string, string>, more = '') =>
    signable('GET', 'bucket', 'k', pairs, {
      'x-oss-date': time,
      ...headers,
      authorization: `OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request, Signature=${v4(lines.join('\n'))}${more}`,
    });
  const dated = `x-oss-date:${time}\n`;
  it.each<[string, SignedRequest]>([
    [
      'Go prints the last value of a repeated key each time',
      sent(
        ['GET', '/bucket/k', 'a=2&a=2', dated, '', 'UNSIGNED-PAYLOAD'],
        [
          ['a', '1'],
          ['a', '2'],
        ],
        {},
      ),
    ],
    [
      'others each its own',
      sent(
        ['GET', '/bucket/k', 'a=1&a=2', dated, '', 'UNSIGNED-PAYLOAD'],
        [
          ['a', '1'],
          ['a', '2'],
        ],
        {},
      ),
    ],
    [
      'Java signs the host without its port',
      sent(
        ['GET', '/bucket/k', '', `host:localhost\n${dated}`, 'host', 'UNSIGNED-PAYLOAD'],
        [],
        { host: 'localhost:6770' },
        ', AdditionalHeaders=host',
      ),
    ],
    [
      'others with it',
      sent(
        ['GET', '/bucket/k', '', `host:localhost:6770\n${dated}`, 'host', 'UNSIGNED-PAYLOAD'],
        [],
        { host: 'localhost:6770' },
        ',AdditionalHeaders=Host',
      ),
    ],
    [
      'names that are signed anyway are not printed',
      sent(
        ['GET', '/bucket/k', '', `a:1\ncontent-type:t\n${dated}`, 'a', 'UNSIGNED-PAYLOAD'],
        [],
        { a: '1', 'content-type': 't' },
        ',AdditionalHeaders=content-type;a',
      ),
    ],
    [
      'the hash of a payload is taken as it comes',
      sent(['GET', '/bucket/k', '', `x-oss-content-sha256:abc\n${dated}`, '', 'abc'], [], {
        'x-oss-content-sha256': 'abc',
      }),
    ],
  ])('%s', (_, req) => expect(authenticate(req, settings).outcome).toBe('ok'));

  it('a mismatch has what was received beside what was expected', () => {
    const verdict = authenticate(
      signable('GET', 'bucket', 'k', [], { date: DATE, authorization: 'OSS ak:received' }),
      settings,
    );
    expect(verdict).toMatchObject({
      outcome: 'mismatch',
      signature: 'received',
      check: { expected: v1(`GET\n\n\n${DATE}\n/bucket/k`), stringToSign: `GET\n\n\n${DATE}\n/bucket/k` },
    });
  });
});
