/**
 * Why a request's signature is wrong where its text is right: the secret, the key, the clock, a form's policy; and what it
 * may cost to look for the mistake. Those in the text are in diagnosis-v1-v2.test.ts and diagnosis-v4.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { createSigner, MOST_HMACS } from '../../src/server/auth/diagnosis/sign.ts';
import type { Entry } from '../../src/server/journal.ts';
import {
  authOf,
  B,
  DATE,
  DAY,
  enc,
  IN_AN_HOUR,
  lines,
  now,
  options,
  SECRET,
  type Sent,
  scopeFor,
  TIME,
  textV4,
  told,
  v1,
  v2,
  v4,
} from '../helpers/diagnosis.ts';
import { type Field, formBody, formType, policyV1, policyV4 } from '../helpers/form.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer(options);
const strict = await ownServer({ ...options, auth: 'strict' });
const HOST = new URL(server.ossite.endpoint).host;

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
    const found = await told(server, cause, withKey('ossite', secret));
    expect(found.stringToSign).toBe(text);
  });

  it('of V4 as well', async () => {
    const canonical = lines('GET', `/${B}/k`, '', `x-oss-date:${TIME}\n`, '', 'UNSIGNED-PAYLOAD');
    const signature = v4(textV4(canonical), scopeFor(), `${SECRET}\n`);
    const found = await told(server, 'secret-with-blanks', {
      line: `GET /${B}/k`,
      headers: [
        `x-oss-date: ${TIME}`,
        `Authorization: OSS4-HMAC-SHA256 Credential=ossite/${scopeFor()},Signature=${signature}`,
      ],
    });
    expect(found.canonicalRequest).toBe(canonical);
  });

  it('is the likeliest where nothing else fits, and what was tried is said', async () => {
    const found = await told(server, 'secret', withKey('ossite', 'something else'));
    expect(found.sentence).toMatch(
      /^No usual mistake .* Most likely the client’s secret is another than that of the access key ossite; /,
    );
    expect(found.stringToSign).toBeUndefined();
  });

  it('sent as the id is told, too', async () => {
    expect((await authOf(server, withKey(SECRET, 'ossite'))).diagnosis?.cause).toBe('id-and-secret-swapped');
  });

  it('is in no answer', async () => {
    for (const secret of [`${SECRET}\n`, 'other-secret', 'sts-secret', 'x']) {
      const { diagnosis } = await authOf(server, withKey('ossite', secret));
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
      expect((await authOf(to, sent)).diagnosis).toMatchObject({ cause, sentence: expect.stringMatching(sentence) });
  });

  it('a mistake in the text is told before the clock', async () => {
    const text = lines('GET', '', '', hourAgo, '/k');
    const sent = { line: `GET /${B}/k`, headers: [`Date: ${hourAgo}`, `Authorization: OSS ossite:${v1(text)}`] };
    expect((await authOf(strict, sent)).diagnosis?.cause).toBe('bucket-left-out');
  });

  it('nothing is said of what is right, or signs nothing', async () => {
    for (const sent of [signed('ossite', DATE), url(IN_AN_HOUR), { line: `GET /${B}/k` }])
      expect((await authOf(server, sent)).diagnosis).toBeUndefined();
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
          const { outcome, diagnosis } = await authOf(server, {
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
