/** Policies and signatures of forms (rest-core.md §1.4, §4.6). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { type Field, type FileField, formBody, formType, policyV1, policyV4 } from '../helpers/form.ts';
import { type Answer, freshBucket, frontDoor, get, head, ossError, request } from '../helpers/ossite.ts';
import { sdk } from '../helpers/sdk.ts';

const post = (bucket: string, body: Buffer) => request('post', `/${bucket}`, { body, headers: formType });

const code = (answer: Answer) => {
  const { status, code: Code, message, ec } = ossError(answer);
  return { status, Code, message, ec };
};

describe('policies', () => {
  const upload = async (conditions: readonly unknown[], fields: readonly Field[], file: FileField = {}) => {
    const bucket = await freshBucket();
    const filled = conditions.map((one) => JSON.parse(JSON.stringify(one).replace('BUCKET', bucket)) as unknown);
    const answer = await post(bucket, formBody([...fields, ...policyV1(filled)], file));
    return { answer, there: (await get(bucket, '')).text.includes('<Contents>') };
  };

  it.each<[readonly unknown[], readonly Field[], FileField?]>([
    [[{ bucket: 'BUCKET' }, ['eq', '$key', 'a']], [['key', 'a']]],
    [[['starts-with', '$key', 'user/']], [['key', 'user/a']]],
    [[['starts-with', '$KEY', `user/\${filename}`]], [['key', `user/\${filename}`]]],
    [
      [['starts-with', '$x-oss-meta-any', '']],
      [
        ['key', 'a'],
        ['x-oss-meta-any', 'thing'],
      ],
    ],
    [[['starts-with', '$x-oss-meta-any', '']], [['key', 'a']]],
    [
      [['in', '$content-type', ['image/png', 'image/jpg']]],
      [
        ['key', 'a'],
        ['Content-Type', 'image/jpg'],
      ],
    ],
    [
      [['not-in', '$cache-control', ['no-cache']]],
      [
        ['key', 'a'],
        ['Cache-Control', 'private'],
      ],
    ],
    [[['content-length-range', 5, 5]], [['key', 'a']]],
    [
      [{ success_action_status: 200 }],
      [
        ['key', 'a'],
        ['success_action_status', '200'],
      ],
    ],
    // What the policy does not name is allowed.
    [
      [],
      [
        ['key', 'a'],
        ['x-oss-meta-other', 'thing'],
      ],
    ],
  ])('%j lets %j in', async (conditions, fields, file) => {
    const { answer, there } = await upload(conditions, fields, file);
    expect([answer.text, answer.headers['x-ossite-auth'], there]).toEqual(['', 'ok', true]);
  });

  it.each<[readonly unknown[], readonly Field[], object]>([
    [
      [{ bucket: 'another' }],
      [['key', 'a']],
      {
        status: 403,
        Code: 'AccessDenied',
        ec: '0006-00000227',
        message: 'Invalid according to Policy: Policy Condition failed: ["eq", "$bucket", "another"]',
      },
    ],
    [
      [['eq', '$key', 'b']],
      [['key', 'a']],
      { ec: '0006-00000227', message: 'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "b"]' },
    ],
    [[['starts-with', '$key', 'user/']], [['key', 'a']], { ec: '0006-00000227' }],
    [
      [['in', '$content-type', ['image/png']]],
      [
        ['key', 'a'],
        ['content-type', 'text/html'],
      ],
      {
        ec: '0006-00000227',
        message: 'Invalid according to Policy: Policy Condition failed: ["in", "$content-type", ["image/png"]]',
      },
    ],
    [
      [['not-in', '$content-type', ['text/html']]],
      [
        ['key', 'a'],
        ['content-type', 'text/html'],
      ],
      { ec: '0006-00000227' },
    ],
    [[['eq', '$x-oss-object-acl', 'private']], [['key', 'a']], { ec: '0006-00000226' }],
    // The replacement of ${filename} comes after the policy.
    [[['eq', '$key', 'user/a.txt']], [['key', `user/\${filename}`]], { ec: '0006-00000227' }],
    [[['content-length-range', 6, 10]], [['key', 'a']], { status: 400, Code: 'EntityTooSmall' }],
    [[['content-length-range', 0, 4]], [['key', 'a']], { status: 400, Code: 'EntityTooLarge' }],
  ])('%j keeps %j out', async (conditions, fields, expected) => {
    const { answer, there } = await upload(conditions, fields);
    expect(code(answer)).toMatchObject(expected);
    expect(there).toBe(false);
  });

  it('one that has expired', async () => {
    const bucket = await freshBucket();
    const fields = policyV1([], { expiration: '2020-01-01T00:00:00Z' });
    expect(code(await post(bucket, formBody([['key', 'k'], ...fields])))).toMatchObject({
      status: 403,
      Code: 'AccessDenied',
      message: 'Invalid according to Policy: Policy expired.',
    });
  });

  const until = '2099-01-01T00:00:00.000Z';
  it.each<[string, string | undefined]>([
    ['not json', '0006-00000201'],
    ['[]', '0006-00000201'],
    [`{"expiration":"${until}","conditions":[],"more":1}`, '0006-00000206'],
    [`{"expiration":"${until}"}`, '0006-00000207'],
    ['{"conditions":[]}', '0006-00000208'],
    ['{}', '0006-00000209'],
    ['{"expiration":"tomorrow","conditions":[]}', undefined],
    ['{"expiration":"2099-99-01T00:00:00Z","conditions":[]}', undefined],
    [`{"expiration":"${until}","conditions":{}}`, undefined],
    [`{"expiration":"${until}","conditions":[["eq","key","a"]]}`, undefined],
    [`{"expiration":"${until}","conditions":[["near","$key","a"]]}`, undefined],
    [`{"expiration":"${until}","conditions":[["content-length-range","a",1]]}`, undefined],
    [`{"expiration":"${until}","conditions":[["in","$key","a"]]}`, undefined],
    [`{"expiration":"${until}","conditions":[null]}`, undefined],
  ])('%s is none', async (document, ec) => {
    const bucket = await freshBucket();
    const policy: Field = ['policy', Buffer.from(document).toString('base64')];
    const error = code(await post(bucket, formBody([['key', 'k'], policy])));
    expect(error).toMatchObject({ status: 400, Code: 'InvalidPolicyDocument' });
    expect(error.ec).toBe(ec);
  });

  it('a dollar is escaped, as the Java SDK does', async () => {
    const bucket = await freshBucket();
    const document = `{"expiration":"${until}","conditions":[["eq","$key","user\\/eric\\/\\\${filename}"]]}`;
    const policy: Field = ['policy', Buffer.from(document).toString('base64')];
    const body = formBody([['key', `user/eric/\${filename}`], policy], { filename: 'f' });
    expect((await post(bucket, body)).status).toBe(204);
    expect((await head(bucket, 'user/eric/f')).status).toBe(200);
  });
});

describe('--auth strict', () => {
  let ossite: Ossite;
  let strict: ReturnType<typeof frontDoor>;
  beforeAll(async () => {
    ossite = await startOssite({
      port: 0,
      storage: 'memory',
      log: 'error',
      auth: 'strict',
      buckets: ['closed', 'guests', 'open:public-read-write'],
      stsTokens: ['STS.id:sts-secret:token-1', 'STS.id:sts-secret:token-2:2020-01-01T00:00:00Z'],
    });
    strict = frontDoor(ossite.endpoint);
  });
  afterAll(() => ossite.close());
  const send = (fields: readonly Field[], bucket = 'closed') =>
    strict.request('post', `/${bucket}`, { body: formBody([['key', 'k'], ...fields]), headers: formType });
  const without = (fields: readonly Field[], name: string) => fields.filter(([field]) => field !== name);
  const replaced = (fields: readonly Field[], name: string, value: string) =>
    fields.map(([field, old]): Field => [field, field === name ? value : old]);

  it.each<[string, () => readonly Field[], string?]>([
    ['V1', () => policyV1([])],
    ['V4', () => policyV4([])],
    [
      'V1 with a security token',
      () => [...policyV1([], { id: 'STS.id', secret: 'sts-secret' }), ['x-oss-security-token', 'token-1']],
    ],
    ['nothing, where anybody may write', () => [], 'open'],
  ])('%s is accepted', async (_, fields, bucket) => {
    const answer = await send(fields(), bucket);
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  it.each<[string, () => readonly Field[], object]>([
    [
      'nothing',
      () => [],
      { status: 403, Code: 'AccessDenied', message: 'You have no right to access this object because of bucket acl.' },
    ],
    [
      'a wrong secret',
      () => policyV1([], { secret: 'x' }),
      { status: 403, Code: 'SignatureDoesNotMatch', ec: '0002-00000040' },
    ],
    [
      'a wrong secret, V4',
      () => policyV4([], { secret: 'x' }),
      { status: 403, Code: 'SignatureDoesNotMatch', ec: '0002-00000705' },
    ],
    ['an unknown key', () => policyV1([], { id: 'nobody' }), { status: 403, Code: 'InvalidAccessKeyId' }],
    [
      'no key id',
      () => without(policyV1([]), 'OSSAccessKeyId'),
      { status: 400, Code: 'InvalidArgument', message: 'Post request accessKeyId is empty.' },
    ],
    [
      'no signature',
      () => without(policyV1([]), 'Signature'),
      { status: 400, Code: 'InvalidArgument', message: 'Post request signature is empty.' },
    ],
    ['no policy', () => without(policyV1([]), 'policy'), { status: 400, Code: 'InvalidArgument' }],
    [
      'no credential',
      () => without(policyV4([]), 'x-oss-credential'),
      { status: 400, Code: 'InvalidArgument', ec: '0002-00000703' },
    ],
    ['an empty date', () => replaced(policyV4([]), 'x-oss-date', ''), { status: 400, ec: '0002-00000704' }],
    [
      'half a credential',
      () => replaced(policyV4([]), 'x-oss-credential', 'ossite/20260101'),
      { status: 400, ec: '0002-00000710' },
    ],
    [
      'a V4 form of an hour ago',
      () => policyV4([], { at: new Date(Date.now() - 3_600_000) }),
      { status: 403, Code: 'RequestTimeTooSkewed' },
    ],
    ['an unknown token', () => policyV4([], { token: 'x' }), { status: 403, Code: 'InvalidAccessKeyId' }],
    [
      'an expired token',
      () => [...policyV1([], { id: 'STS.id', secret: 'sts-secret' }), ['x-oss-security-token', 'token-2']],
      { status: 403, Code: 'SecurityTokenExpired' },
    ],
    [
      'a policy that says no',
      () => policyV4([{ key: 'other' }]),
      { status: 403, Code: 'AccessDenied', ec: '0006-00000227' },
    ],
  ])('%s is refused', async (_, fields, expected) => {
    expect(code(await send(fields()))).toMatchObject(expected);
  });

  it('ali-oss signs forms that are accepted', async () => {
    interface Signer {
      calculatePostSignature(policy: object): Readonly<Record<'OSSAccessKeyId' | 'Signature' | 'policy', string>>;
    }
    const client = sdk({ endpoint: ossite.endpoint }, { bucket: 'closed' }) as unknown as Signer;
    const expiration = new Date(Date.now() + 60_000).toISOString();
    const signed = client.calculatePostSignature({ expiration, conditions: [{ bucket: 'closed' }] });
    const answer = await send(Object.entries(signed));
    expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([204, 'ok']);
  });

  it('a bucket’s policy may let anybody in, as far as it goes', async () => {
    interface Owner {
      putBucketPolicy(bucket: string, policy: object): Promise<unknown>;
    }
    const client = sdk({
      endpoint: ossite.endpoint.replace('127.0.0.1', 'localhost'),
      sldEnable: true,
    }) as unknown as Owner;
    const Resource = ['acs:oss:*:*:guests/in/*'];
    const statement = { Effect: 'Allow', Principal: ['*'], Action: ['oss:PutObject'], Resource };
    await client.putBucketPolicy('guests', { Version: '1', Statement: [statement] });
    const upload = (key: string) =>
      strict.request('post', '/guests', { body: formBody([['key', key]], { filename: 'x' }), headers: formType });
    expect((await upload(`in/\${filename}`)).status).toBe(204);
    expect(code(await upload(`out/\${filename}`))).toMatchObject({ status: 403, Code: 'AccessDenied' });
  });

  it('a missing bucket is told after a good signature', async () => {
    expect(code(await send(policyV1([]), 'nowhere'))).toMatchObject({ status: 404, Code: 'NoSuchBucket' });
    expect(code(await send(policyV1([], { secret: 'x' }), 'nowhere'))).toMatchObject({ Code: 'SignatureDoesNotMatch' });
  });
});
