/** Bucket policies and the public access block: who may come in without a signature (rest-core.md §1.7, §4.8). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { elements } from '../helpers/configure.ts';
import { frontDoor, ossError } from '../helpers/ossite.ts';
import { signedV1 } from '../helpers/sign.ts';

let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
beforeAll(async () => {
  const buckets = ['closed', 'open:public-read', 'writable:public-read-write'];
  ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', auth: 'strict', buckets });
  door = frontDoor(ossite.endpoint);
  for (const bucket of ['closed', 'open', 'writable'])
    for (const key of ['a.txt', 'dir/b.txt']) await signed('put', `/${bucket}/${key}`, 'text');
});
afterAll(() => ossite.close());

/** A request of the owner's. */
async function signed(method: 'get' | 'put' | 'delete', resource: string, body?: string) {
  const type = body === undefined ? '' : 'application/xml';
  const headers = signedV1(method.toUpperCase(), resource, type);
  const answer = await door.request(method, resource, { headers, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}

type Statement = Readonly<Record<string, unknown>>;
const allow = (more: Statement): Statement => ({ Effect: 'Allow', Principal: ['*'], ...more });
const deny = (more: Statement): Statement => ({ Effect: 'Deny', Principal: ['*'], ...more });
const policy = (...statements: readonly Statement[]) => JSON.stringify({ Version: '1', Statement: statements });
const on = (resource: string) => [`acs:oss:*:1234567890:${resource}`];

const requests = {
  read: ['get', 'a.txt'],
  head: ['head', 'a.txt'],
  'read in dir': ['get', 'dir/b.txt'],
  list: ['get', ''],
  'list v2': ['get', '?list-type=2'],
  'list dir': ['get', '?prefix=dir/'],
  write: ['put', 'new.txt'],
  remove: ['delete', 'none'],
  acl: ['get', '?acl'],
} as const;
type Name = keyof typeof requests;

async function permitted(bucket: string, names: readonly Name[]): Promise<readonly Name[]> {
  const found: Name[] = [];
  for (const name of names) {
    const [method, path] = requests[name];
    const answer = await door.request(method, `/${bucket}/${path}`, method === 'put' ? { body: 'x' } : {});
    if (answer.status < 300) found.push(name);
    else expect([name, answer.status]).toEqual([name, 403]);
  }
  return found;
}
const all = Object.keys(requests) as readonly Name[];
const reads: readonly Name[] = ['read', 'head', 'read in dir', 'list', 'list v2', 'list dir'];

describe('anonymous callers', () => {
  it.each([
    ['closed', [allow({ Action: ['oss:GetObject'], Resource: on('closed/*') })], ['read', 'head', 'read in dir']],
    ['closed', [allow({ Action: 'oss:Get*', Resource: on('closed/dir/*') })], ['read in dir']],
    ['closed', [allow({ Action: ['oss:GetObject'], Resource: on('closed/?.txt') })], ['read', 'head']],
    ['closed', [allow({ Action: ['oss:ListObjects'], Resource: on('closed') })], ['list', 'list v2', 'list dir']],
    ['closed', [allow({ Action: ['oss:ListObjects'], Resource: on('closed/*') })], []],
    ['closed', [allow({ Action: ['oss:PutObject'], Resource: on('closed/new*') })], ['write']],
    ['closed', [allow({ Action: ['*'], Resource: ['*'] })], all],
    [
      'closed',
      [allow({ Action: ['oss:*'], Resource: on('closed/*') })],
      ['read', 'head', 'read in dir', 'write', 'remove'],
    ],
    ['closed', [allow({ Action: ['oss:GetObject'], Resource: on('other/*') })], []],
    ['closed', [allow({ Principal: ['20214760404935xxxx'], Action: ['oss:GetObject'], Resource: on('closed/*') })], []],
    ['closed', [allow({ NotAction: ['oss:Put*', 'oss:Delete*', 'oss:GetBucketAcl'], Resource: ['*'] })], reads],
    ['closed', [allow({ Action: ['oss:GetObject'], NotResource: on('closed/dir/*') })], ['read', 'head']],
    [
      'open',
      [deny({ Action: ['oss:GetObject'], Resource: on('open/dir/*') })],
      ['read', 'head', 'list', 'list v2', 'list dir'],
    ],
    ['open', [deny({ Action: ['oss:*'], Resource: ['*'] }), allow({ Action: ['oss:*'], Resource: ['*'] })], []],
    ['writable', [deny({ Action: ['oss:PutObject', 'oss:DeleteObject'], Resource: on('writable/*') })], reads],
  ] as const)('of %s with %j may %j', async (bucket, statements, expected) => {
    await signed('put', `/${bucket}/?policy`, policy(...statements));
    expect(await permitted(bucket, all)).toEqual(expected);
    await signed('delete', `/${bucket}/?policy`);
  });

  it.each([
    ['IpAddress', 'acs:SourceIp', ['10.0.0.0/8', '127.0.0.0/8'], true],
    ['IpAddress', 'acs:SourceIp', '127.0.0.1', true],
    [
      'IpAddress',
      'acs:SourceIp',
      ['10.0.0.0/8', 'nonsense', '::/0', '127.0.0.1/99', '127.0.0.1/8/9', '127.0.0.1/'],
      false,
    ],
    ['NotIpAddress', 'acs:SourceIp', ['10.0.0.0/8'], true],
    ['NotIpAddress', 'acs:SourceIp', ['127.0.0.0/8'], false],
    ['Bool', 'acs:SecureTransport', false, true],
    ['Bool', 'acs:SecureTransport', ['true'], false],
    ['StringLike', 'oss:Prefix', ['di?/*'], true],
    ['StringNotLike', 'oss:Prefix', 'dir/*', false],
    ['StringEqualsIgnoreCase', 'oss:Prefix', 'DIR/', true],
    ['StringNotEquals', 'oss:Delimiter', '/', true],
    ['StringEquals', 'acs:UserAgent', 'x', false],
    ['NumericLessThan', 'oss:MaxKeys', 10, false],
    ['toString', 'oss:Prefix', 'dir/', false],
  ])('when %s %s %j: %s', async (operator, key, value, expected) => {
    const statement = allow({
      Action: ['oss:ListObjects'],
      Resource: on('closed'),
      Condition: { [operator]: { [key]: value } },
    });
    await signed('put', '/closed/?policy', policy(statement));
    expect(await permitted('closed', ['list dir'])).toEqual(expected ? ['list dir'] : []);
    await signed('delete', '/closed/?policy');
  });

  it('the refusal says that it was the policy; owners are not bound', async () => {
    await signed('put', '/open/?policy', policy(deny({ Action: ['oss:*'], Resource: ['*'] })));
    expect(ossError(await door.request('get', '/open/a.txt'))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Access denied by bucket policy.',
    });
    expect((await signed('get', '/open/a.txt')).text).toBe('text');
    await signed('delete', '/open/?policy');
  });
});

describe('documents', () => {
  it('come back as they were put; absent ones are told', async () => {
    expect(
      ossError(await door.request('get', '/open/?policy', { headers: signedV1('GET', '/open/?policy') })).code,
    ).toBe('NoSuchBucketPolicy');
    const text = ` ${policy(allow({ Action: ['oss:GetObject'], Resource: ['*'] }))}\n`;
    await signed('put', '/open/?policy', text);
    const answer = await signed('get', '/open/?policy');
    expect([answer.text, answer.headers['content-type']]).toEqual([text, 'application/json']);
    expect(elements(await signed('get', '/open/?policyStatus'), 'IsPublic')).toEqual(['true']);
    await signed('delete', '/open/?policy');
    await signed('delete', '/open/?policy');
    expect(elements(await signed('get', '/open/?policyStatus'), 'IsPublic')).toEqual(['false']);
  });

  it.each([
    ['', 'no JSON'],
    ['[]', 'must be an object'],
    ['{"Version":"1"}', 'Statement must be'],
    [policy().replace('"1"', '"2"'), 'Version must be'],
    [policy(), 'Statement must be'],
    [policy({ Effect: 'Maybe', Principal: '*', Action: '*', Resource: '*' }), 'Effect must be'],
    [policy(allow({ Resource: '*' })), 'Action must be'],
    [policy(allow({ Action: '*' })), 'Resource must be'],
    [policy(allow({ Action: '*', Resource: [1] })), 'Resource must be'],
    [policy(allow({ Action: '*', Resource: '*', Principal: [] })), 'Principal must be'],
    [policy(allow({ Action: '*', Resource: '*', Condition: [] })), 'Condition must be'],
    [policy(allow({ Action: '*', Resource: '*', Condition: { Bool: { a: {} } } })), 'a must be'],
    [policy(allow({ Action: '*', Resource: ['x'.repeat(16 * 1024)] })), 'must not exceed 16384 bytes'],
  ])('%.60s is refused', async (body, message) => {
    const headers = signedV1('PUT', '/open/?policy', 'application/json');
    const answer = ossError(await door.request('put', '/open/?policy', { headers, body }));
    expect(answer).toMatchObject({ status: 400, code: 'InvalidPolicyDocument' });
    expect(answer.message).toContain(message);
  });
});

it('a block keeps the public out, of a bucket or of all', async () => {
  const block = (on: boolean) =>
    `<PublicAccessBlockConfiguration><BlockPublicAccess>${on}</BlockPublicAccess></PublicAccessBlockConfiguration>`;
  await signed('put', '/open/?policy', policy(allow({ Action: ['*'], Resource: ['*'] })));
  const seen = async () =>
    [await permitted('open', ['read']), await permitted('writable', ['read'])].map(({ length }) => length);
  expect(await seen()).toEqual([1, 1]);
  await signed('put', '/open/?publicAccessBlock', block(true));
  expect(await seen()).toEqual([0, 1]);
  expect(elements(await signed('get', '/open/?bucketInfo'), 'BlockPublicAccess')).toEqual(['true']);
  await signed('put', '/open/?publicAccessBlock', block(false));
  expect(await seen()).toEqual([1, 1]);
  await signed('put', '/?publicAccessBlock', block(true));
  expect(elements(await signed('get', '/?publicAccessBlock'), 'BlockPublicAccess')).toEqual(['true']);
  expect(await seen()).toEqual([0, 0]);
  await signed('delete', '/?publicAccessBlock');
  expect(await seen()).toEqual([1, 1]);
  await signed('delete', '/open/?policy');
});
