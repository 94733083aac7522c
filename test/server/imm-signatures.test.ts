/** Signatures of IMM's RPC calls: the published examples, and what `--auth strict` makes of others. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { form, type Params, urlencoded } from '../helpers/imm.ts';
import { frontDoor } from '../helpers/ossite.ts';

/** A server of these settings, for the tests of one group. */
function server(options: Parameters<typeof startOssite>[0]): { request: ReturnType<typeof frontDoor>['request'] } {
  let ossite: Ossite;
  let door: ReturnType<typeof frontDoor>;
  beforeAll(async () => {
    ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', ...options });
    door = frontDoor(ossite.endpoint);
  });
  afterAll(() => ossite.close());
  return { request: (...call) => door.request(...call) };
}

describe('by default', () => {
  const { request } = server({ accessKeys: ['testid:testsecret', 'YourAccessKeyId:YourAccessKeySecret'] });

  // The examples on Alibaba Cloud's pages about the two mechanisms.
  const classic =
    '/?Timestamp=2016-02-23T12:46:24Z&Format=XML&AccessKeyId=testid&Action=DescribeRegions&SignatureMethod=HMAC-SHA1' +
    '&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version=2014-05-26&SignatureVersion=1.0&Signature=';
  const acs3 = (signature: string) => ({
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-version': '2014-05-26',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=${signature}`,
  });

  it.each([
    ['OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D', 'ok'],
    ['OLeaidS1JvxuMvnyHOwuJ%2BuX5qZ%3D', 'mismatch'],
  ])('the published classic example (%s) is %s', async (signature, outcome) => {
    expect((await request('get', `${classic}${signature}`)).headers['x-ossite-auth']).toBe(outcome);
  });

  it.each([
    ['06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0', 'ok'],
    ['16563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0', 'mismatch'],
  ])('the published ACS3 example (%s) is %s', async (signature, outcome) => {
    const path = '/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai';
    expect((await request('post', path, { headers: acs3(signature) })).headers['x-ossite-auth']).toBe(outcome);
  });
});

describe('strict', () => {
  const { request } = server({ auth: 'strict' });

  const encoded = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

  /** A signed call with the parameters in a form. */
  function signed(more: Params = {}, secret = 'ossite-secret'): string {
    const params: Params = {
      Action: 'ListTasks',
      Version: '2020-09-30',
      ProjectName: 'a b*/~中',
      AccessKeyId: 'ossite',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: randomUUID(),
      Timestamp: new Date().toISOString().replace(/\.\d+/, ''),
      ...more,
    };
    const pairs = Object.entries(params).filter(([, value]) => value !== '');
    const query = pairs
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&');
    const text = `POST&%2F&${encodeURIComponent(query).replaceAll('*', '%2A')}`;
    return form({
      ...Object.fromEntries(pairs),
      Signature: createHmac('sha1', `${secret}&`).update(text).digest('base64'),
    });
  }

  it.each([
    ['a right signature', () => signed(), 200, undefined],
    ['a wrong secret', () => signed({}, 'wrong'), 400, 'SignatureDoesNotMatch'],
    ['a parameter more than was signed', () => `${signed()}&Status=Failed`, 400, 'SignatureDoesNotMatch'],
    ['an unknown key', () => signed({ AccessKeyId: 'stranger' }), 404, 'InvalidAccessKeyId.NotFound'],
    ['no key', () => signed({ AccessKeyId: '' }), 400, 'MissingAccessKeyId'],
    ['no time', () => signed({ Timestamp: '' }), 400, 'MissingTimestamp'],
    ['an old time', () => signed({ Timestamp: '2016-02-23T12:46:24Z' }), 400, 'InvalidTimeStamp.Expired'],
    ['a time that is none', () => signed({ Timestamp: 'now' }), 400, 'InvalidTimeStamp.Expired'],
  ] as const)('%s', async (_, body, status, code) => {
    const answer = await request('post', '/', { body: body(), headers: urlencoded });
    expect([answer.status, (JSON.parse(answer.text) as { Code?: string }).Code]).toEqual([status, code]);
  });
});
