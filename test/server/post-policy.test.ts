/** Policies and signatures of forms (rest-core.md §1.4, §4.6). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { type Field, type FileField, formBody, formType, policyV1, policyV4 } from '../helpers/form.ts';
import { type Answer, freshBucket, frontDoor, get, head, ossError, request } from '../helpers/ossite.ts';
import { sdk } from '../helpers/sdk.ts';
import { signedV1 } from '../helpers/sign.ts';

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
    // As on the page of 0006-00000227.
    [[['eq', 'key', 'a']], [['key', 'a']]],
    [
      [{ success_action_status: 200 }],
      [
        ['key', 'a'],
        ['success_action_status', '200'],
      ],
    ],
    // What the policy does not name is allowed.
    [
      [{ bucket: 'BUCKET' }],
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
    [[['content-length-range', 6, 10]], [['key', 'a']], { status: 400, Code: 'EntityTooSmall', ec: '0006-00000004' }],
    [[['content-length-range', 0, 4]], [['key', 'a']], { status: 400, Code: 'EntityTooLarge', ec: '0006-00000003' }],
  ])('%j keeps %j out', async (conditions, fields, expected) => {
    const { answer, there } = await upload(conditions, fields);
    expect(code(answer)).toMatchObject(expected);
    expect(there).toBe(false);
  });

  it('one that has expired', async () => {
    const bucket = await freshBucket();
    const fields = policyV1([{ bucket }], { expiration: '2020-01-01T00:00:00Z' });
    expect(code(await post(bucket, formBody([['key', 'k'], ...fields])))).toEqual({
      status: 403,
      Code: 'AccessDenied',
      message: 'Invalid according to Policy: Policy expired.',
      ec: '0006-00000213',
    });
  });

  const until = '2099-01-01T00:00:00.000Z';
  const fits = '[{"key":"k"}]';
  it.each<[string, string]>([
    ['not json', '204'],
    ['', '204'],
    ['[]', '201'],
    ['null', '201'],
    [`{"expiration":"${until}","conditions":${fits},"more":1}`, '206'],
    [`{"expiration":"${until}"}`, '207'],
    [`{"conditions":${fits}}`, '208'],
    ['{}', '209'],
    [`{"expiration":1,"conditions":${fits}}`, '210'],
    [`{"expiration":"","conditions":${fits}}`, '211'],
    [`{"expiration":"tomorrow","conditions":${fits}}`, '212'],
    [`{"expiration":"2099-02-19 13:19:00","conditions":${fits}}`, '212'],
    [`{"expiration":"2099-99-01T00:00:00Z","conditions":${fits}}`, '212'],
    [`{"expiration":"${until}","conditions":{}}`, '214'],
    [`{"expiration":"${until}","conditions":[]}`, '215'],
  ])('%s is none', async (document, ec) => {
    expect(await refusal(Buffer.from(document).toString('base64'))).toMatchObject({ ec: `0006-00000${ec}` });
  });

  it.each([
    ['***', '202'],
    ['//79', '203'],
  ])('nor is %s, as it is sent', async (policy, ec) => {
    expect(await refusal(policy)).toMatchObject({ ec: `0006-00000${ec}` });
  });

  const simple =
    'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.';
  it.each<[string, string | undefined]>([
    ['["$key"]', '216'],
    ['["near","$key","k"]', '216'],
    ['["__proto__","$key","k"]', '216'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, '216'],
    ['["starts-with","$key","k","more"]', '218'],
    ['["eq","$key"]', '218'],
    ['["content-length-range",20,10]', '219'],
    ['["content-length-range","a",1]', '220'],
    ['["content-length-range",-1,1]', '220'],
    ['["content-length-range",10,"test"]', '221'],
    ['["content-length-range",0,1.5]', '221'],
    ['123', '222'],
    ['null', '222'],
    ['["content-length-range",[1],"test"]', '223'],
    ['["not-in","$cache-control","no-cache"]', '224'],
    ['["in","$key",[1,{}]]', '224'],
    ['["eq","$key",null]', '224'],
    ['["eq",{},"k"]', '224'],
    ['{"key":{"a":"b"}}', '224'],
    ['{}', undefined],
    ['{"key":"k","bucket":"b"}', undefined],
  ])('%.60s is no condition', async (condition, ec) => {
    const document = `{"expiration":"${until}","conditions":[${condition}]}`;
    const { ec: found, message } = await refusal(Buffer.from(document).toString('base64'));
    expect(found).toBe(ec && `0006-00000${ec}`);
    if (ec === undefined) expect(message).toBe(simple);
  });

  async function refusal(policy: string) {
    const bucket = await freshBucket();
    const error = code(
      await post(
        bucket,
        formBody([
          ['key', 'k'],
          ['policy', policy],
        ]),
      ),
    );
    expect(error).toMatchObject({ status: 400, Code: 'InvalidPolicyDocument' });
    expect((await head(bucket, 'k')).status).toBe(404);
    return error;
  }

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
  /** Fulfilled by every form here. */
  const any = [['starts-with', '$key', '']];
  const without = (fields: readonly Field[], name: string) => fields.filter(([field]) => field !== name);
  const bad = { status: 400, Code: 'InvalidArgument' };
  const missing = (name: string, ec?: string) => ({
    ...bad,
    message: `The bucket POST must contain the specified '${name}'. If it is specified, please check the order of the fields.`,
    ec,
  });
  const replaced = (fields: readonly Field[], name: string, value: string) =>
    fields.map(([field, old]): Field => [field, field === name ? value : old]);

  it.each<[string, () => readonly Field[], string?]>([
    ['V1', () => policyV1(any)],
    ['V4', () => policyV4(any)],
    [
      'V1 with a security token',
      () => [...policyV1(any, { id: 'STS.id', secret: 'sts-secret' }), ['x-oss-security-token', 'token-1']],
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
      () => policyV1(any, { secret: 'x' }),
      { status: 403, Code: 'SignatureDoesNotMatch', ec: '0002-00000705' },
    ],
    [
      'a wrong secret, V4',
      () => policyV4(any, { secret: 'x' }),
      { status: 403, Code: 'SignatureDoesNotMatch', ec: '0002-00000705' },
    ],
    ['an unknown key', () => policyV1(any, { id: 'nobody' }), { status: 403, Code: 'InvalidAccessKeyId' }],
    ['no policy', () => without(policyV1(any), 'policy'), missing('policy', '0002-00000702')],
    ['no signature', () => without(policyV1(any), 'Signature'), missing('Signature', '0002-00000703')],
    [
      'an empty signature',
      () => replaced(policyV1(any), 'Signature', ''),
      { ...bad, message: 'Post request signature is empty.', ec: '0002-00000704' },
    ],
    ['no key id', () => without(policyV1(any), 'OSSAccessKeyId'), missing('OSSAccessKeyId', '0002-00000706')],
    [
      'an empty key id',
      () => replaced(policyV1(any), 'OSSAccessKeyId', ''),
      { ...bad, message: 'Post request accessKeyId is empty.', ec: '0002-00000707' },
    ],
    ['no policy, V4', () => without(policyV4(any), 'policy'), missing('policy', '0002-00000702')],
    ['no signature, V4', () => without(policyV4(any), 'x-oss-signature'), missing('x-oss-signature', '0002-00000703')],
    [
      'an empty signature, V4',
      () => replaced(policyV4(any), 'x-oss-signature', ''),
      { ...bad, message: 'Post request signature is empty.', ec: '0002-00000704' },
    ],
    ['no credential', () => without(policyV4(any), 'x-oss-credential'), missing('x-oss-credential')],
    ['a credential alone', () => policyV4(any).slice(2, 3), missing('x-oss-signature-version')],
    ['an empty date', () => replaced(policyV4(any), 'x-oss-date', ''), missing('x-oss-date')],
    ['another version', () => replaced(policyV4(any), 'x-oss-signature-version', '2'), { ...bad, ec: '0002-00000701' }],
    [
      'half a credential',
      () => replaced(policyV4(any), 'x-oss-credential', 'ossite/20260101'),
      { ...bad, ec: '0002-00000710' },
    ],
    [
      'another region',
      () => replaced(policyV4(any), 'x-oss-credential', 'ossite/20260101/cn-beijing/oss/aliyun_v4_request'),
      { ...bad, ec: '0002-00000715' },
    ],
    [
      'a V4 form of an hour ago',
      () => policyV4(any, { at: new Date(Date.now() - 3_600_000) }),
      { status: 403, Code: 'RequestTimeTooSkewed' },
    ],
    ['an unknown token', () => policyV4(any, { token: 'x' }), { status: 403, Code: 'InvalidAccessKeyId' }],
    [
      'an expired token',
      () => [...policyV1(any, { id: 'STS.id', secret: 'sts-secret' }), ['x-oss-security-token', 'token-2']],
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

  it('a signature in the header is nobody’s business, right or wrong', async () => {
    const upload = (headers: Record<string, string>, fields: readonly Field[] = []) =>
      strict.request('post', '/closed', {
        body: formBody([['key', 'k'], ...fields]),
        headers: { ...formType, ...headers },
      });
    const right = signedV1('POST', '/closed/', formType['content-type']);
    expect(code(await upload(right))).toMatchObject({ status: 403, Code: 'AccessDenied', ec: '0003-00000001' });
    const wrong = { ...right, authorization: 'OSS nobody:none' };
    const answer = await upload(wrong, policyV1(any));
    expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([204, 'ok']);
  });

  it('ali-oss signs forms that are accepted, in both versions', async () => {
    interface Signer {
      calculatePostSignature(policy: object): Readonly<Record<'OSSAccessKeyId' | 'Signature' | 'policy', string>>;
      signPostObjectPolicyV4(policy: object, date: Date): string;
    }
    const client = sdk({ endpoint: ossite.endpoint, region: 'cn-hangzhou' }, { bucket: 'closed' }) as unknown as Signer;
    const expiration = new Date(Date.now() + 60_000).toISOString();
    const policy = { expiration, conditions: [{ bucket: 'closed' }] };
    const date = new Date();
    const time = date.toISOString().replace(/[-:]|\.\d{3}/g, '');
    const v4: readonly Field[] = [
      ['policy', Buffer.from(JSON.stringify(policy)).toString('base64')],
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-credential', `ossite/${time.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`],
      ['x-oss-date', time],
      ['x-oss-signature', client.signPostObjectPolicyV4(policy, date)],
    ];
    for (const fields of [Object.entries(client.calculatePostSignature(policy)), v4]) {
      const answer = await send(fields);
      expect([answer.status, answer.text, answer.headers['x-ossite-auth']]).toEqual([204, '', 'ok']);
    }
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
    expect(code(await send(policyV1(any), 'nowhere'))).toMatchObject({ status: 404, Code: 'NoSuchBucket' });
    expect(code(await send(policyV1(any, { secret: 'x' }), 'nowhere'))).toMatchObject({
      Code: 'SignatureDoesNotMatch',
    });
  });
});
