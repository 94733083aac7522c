/** Configurations of buckets: what is put comes back, what is wrong is refused (rest-core.md §1.7). */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadActions } from '../../src/server/router.ts';
import {
  type Case,
  cases,
  INVENTORIES,
  inventory,
  manyRules,
  manyTags,
  overwriteRules,
} from '../helpers/configuration-cases.ts';
import { configure, elements } from '../helpers/configure.ts';
import * as door from '../helpers/ossite.ts';
import { freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { forms, sdk } from '../helpers/sdk.ts';

let bucket = '';
beforeAll(async () => {
  bucket = await freshBucket();
  await request('put', `/${INVENTORIES}`);
});

const bare = (text: string) =>
  text
    .replace(/^<\?xml[^>]*>/, '')
    .replace(/>\s+</g, '><')
    .trim();

describe.each(Object.entries(cases))('%s', (_, { query, body, absent, removed, wrong, withoutBucket }) => {
  const path = () => `${pathOf(bucket)}?${query}`;
  const isAbsent = async () => {
    const answer = await request('get', path());
    if (absent.startsWith('<')) expect([answer.status, bare(answer.text)]).toEqual([200, absent]);
    else expect(ossError(answer)).toMatchObject({ status: 404, code: absent });
  };

  it('is absent, comes back as it was put, and goes', async () => {
    await isAbsent();
    await configure(door, bucket, query, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
    const answer = await request('get', path());
    expect(answer.headers['content-type']).toBe('application/xml');
    expect(answer.text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/);
    expect([answer.status, bare(answer.text)]).toEqual([200, body]);
    if (!removed) return;
    for (const round of ['there', 'absent']) {
      expect([round, (await request('delete', path())).status]).toEqual([round, 204]);
    }
    await isAbsent();
  });

  it.each([...wrong, ['no xml', 'MalformedXML'], ['<a', 'MalformedXML'], ['<Root/>', 'MalformedXML']] as const)(
    'refuses %s',
    async (sent, code) => {
      const before = await request('get', path());
      expect(ossError(await request('put', path(), { body: sent }))).toMatchObject({ status: 400, code });
      expect((await request('get', path())).text.replace(/<RequestId>.*/, '')).toBe(
        before.text.replace(/<RequestId>.*/, ''),
      );
    },
  );

  it('needs a bucket', async () => {
    const missing = { status: 404, code: 'NoSuchBucket', ec: '0015-00000101' };
    const path = `/no-such-bucket/?${query}`;
    expect(ossError(await request('get', path))).toMatchObject(missing);
    expect(ossError(await request('put', path, { body }))).toMatchObject(withoutBucket ?? missing);
  });
});

it('a wrong Content-MD5 is refused', async () => {
  const answer = await request('put', `${pathOf(bucket)}?cors`, {
    body: manyRules(1),
    headers: { 'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==' },
  });
  expect(ossError(answer).code).toBe('InvalidDigest');
});

it('a rule that only forbids overwriting is for every object, and gets an ID', async () => {
  const where = await freshBucket();
  await configure(door, where, 'overwriteConfig', overwriteRules('', '<ID>mine</ID>'));
  const answer = await request('get', `${pathOf(where)}?overwriteConfig`);
  expect(elements(answer, 'ID')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'mine']);
  expect(elements(answer, 'Action')).toEqual(['forbid', 'forbid']);
});

describe('logging', () => {
  const logging = (target: string) =>
    `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${target}</TargetBucket><TargetPrefix>log-</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`;

  it('the target must be there', async () => {
    const answer = await request('put', `${pathOf(bucket)}?logging`, { body: logging('no-such-bucket') });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'InvalidTargetBucketForLogging' });
  });

  it('is shown, also by GetBucketInfo', async () => {
    expect(bare((await request('get', `${pathOf(bucket)}?logging`)).text)).toBe('<BucketLoggingStatus/>');
    await configure(door, bucket, 'logging', logging(bucket));
    expect(bare((await request('get', `${pathOf(bucket)}?logging`)).text)).toBe(logging(bucket));
    const info = await request('get', `${pathOf(bucket)}?bucketInfo`);
    expect([elements(info, 'LogBucket'), elements(info, 'LogPrefix')]).toEqual([[bucket], ['log-']]);
    await request('delete', `${pathOf(bucket)}?logging`);
    expect(elements(await request('get', `${pathOf(bucket)}?bucketInfo`), 'LogBucket')).toEqual(['']);
  });
});

it('GetBucketInfo tells what is configured', async () => {
  const own = await freshBucket();
  const facts = async () => {
    const info = await request('get', `${pathOf(own)}?bucketInfo`);
    const names = ['TransferAcceleration', 'AccessMonitor', 'SSEAlgorithm', 'BlockPublicAccess', 'ResourceGroupId'];
    return names.map((name) => elements(info, name)[0]);
  };
  expect(await facts()).toEqual(['Disabled', 'Disabled', 'None', 'false', 'rg-acfmxazb4ph6aiy']);
  for (const name of [
    'transfer acceleration',
    'access monitor',
    'encryption',
    'public access block',
    'resource group',
  ]) {
    const { query, body } = cases[name] as Case;
    await configure(door, own, query, body);
  }
  expect(await facts()).toEqual(['Enabled', 'Enabled', 'KMS', 'true', 'rg-aekz00000000000']);
});

it('default encryption is what new objects say of themselves, unless they say something else', async () => {
  const own = await freshBucket();
  const sse = async (key: string) => (await head(own, key)).headers['x-oss-server-side-encryption'];
  await put(own, 'before', Buffer.from('x'));
  await configure(
    door,
    own,
    'encryption',
    '<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>',
  );
  const answer = await request('put', pathOf(own, 'after'), { body: 'x' });
  expect(answer.headers['x-oss-server-side-encryption']).toBe('AES256');
  await put(own, 'other', Buffer.from('x'), { 'x-oss-server-side-encryption': 'SM4' });
  await request('delete', `${pathOf(own)}?encryption`);
  await put(own, 'last', Buffer.from('x'));
  expect([await sse('before'), await sse('after'), await sse('other'), await sse('last')]).toEqual([
    undefined,
    'AES256',
    'SM4',
    undefined,
  ]);
});

describe('tags of buckets', () => {
  it('`?tagging=k1,k2` removes those two', async () => {
    const own = await freshBucket();
    await configure(door, own, 'tagging', manyTags(4));
    expect((await request('delete', `${pathOf(own)}?tagging=k1,k2`)).status).toBe(204);
    expect(elements(await request('get', `${pathOf(own)}?tagging`), 'Key')).toEqual(['k0', 'k3']);
  });

  it('PutBucket takes them in a header; ListBuckets finds by them', async () => {
    const [one, two, three] = [await freshBucket(), await freshBucket(), `${bucket}-3`];
    await configure(
      door,
      one,
      'tagging',
      '<Tagging><TagSet><Tag><Key>team</Key><Value>red</Value></Tag></TagSet></Tagging>',
    );
    await configure(
      door,
      two,
      'tagging',
      '<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>',
    );
    await request('put', pathOf(three), { headers: { 'x-oss-bucket-tagging': 'team=red&size=l%20x' } });
    const found = async (query: string) => {
      const answer = await request('get', `/?${query}`);
      return elements(answer, 'Name')
        .filter((name) => [one, two, three].includes(name))
        .toSorted();
    };
    expect(await found('tag-key=team')).toEqual([one, two, three].toSorted());
    expect(await found('tag-key=team&tag-value=red')).toEqual([one, three].toSorted());
    expect(await found(`tagging=${encodeURIComponent('"team":"red","size":"l x"')}`)).toEqual([three]);
    expect(await found('tag-key=nothing')).toEqual([]);
    const page = await request('get', `/?tag-key=team&prefix=${three}`);
    expect([elements(page, 'Key'), elements(page, 'Value')]).toEqual([
      ['team', 'size'],
      ['red', 'l x'],
    ]);
    expect(ossError(await request('get', '/?tagging=team')).code).toBe('InvalidArgument');
    expect(ossError(await request('get', '/?tag-value=red')).code).toBe('InvalidArgument');
  });
});

it('inventories are listed, page by page', async () => {
  const own = await freshBucket();
  for (let i = 0; i < 101; i += 1) {
    const id = `id-${String(i).padStart(3, '0')}`;
    await configure(door, own, `inventory&inventoryId=${id}`, inventory(id, own));
  }
  const first = await request('get', `${pathOf(own)}?inventory`);
  const [token = ''] = elements(first, 'NextContinuationToken');
  expect([elements(first, 'Id').length, elements(first, 'IsTruncated'), token]).toEqual([100, ['true'], 'id-099']);
  const second = await request('get', `${pathOf(own)}?inventory&continuation-token=${token}`);
  expect([elements(second, 'Id'), elements(second, 'IsTruncated')]).toEqual([['id-100'], ['false']]);
});

it('the configurations of a bucket go with it', async () => {
  const own = await freshBucket();
  await configure(door, own, 'cors', manyRules(1));
  expect((await request('delete', pathOf(own))).status).toBe(204);
  await request('put', pathOf(own));
  expect(ossError(await request('get', `${pathOf(own)}?cors`)).code).toBe('NoSuchCORSConfiguration');
});

it('every stored configuration is in the table above', async () => {
  const tried = new Set(Object.values(cases).map(({ query }) => query.split('&')[0]));
  const files = (await loadActions()).filter(({ name, on }) => name.startsWith('Put') && on.method === 'PUT');
  const keys = files.flatMap(({ on }) => (on.target === 'bucket' ? (on.query?.slice(0, 1) ?? []) : []));
  const elsewhere = ['acl', 'versioning', 'style', 'processConfiguration', 'policy', 'logging', 'rtc', 'qosInfo'];
  expect(keys.filter((key) => !tried.has(key) && !elsewhere.includes(key) && !key.startsWith('accessPoint'))).toEqual(
    [],
  );
});

describe('ali-oss', () => {
  it('puts, gets and deletes configurations', async () => {
    const client = sdk(forms['path style (sldEnable)'] ?? {}) as unknown as Readonly<
      Record<string, (...args: readonly unknown[]) => Promise<Readonly<Record<string, unknown>>>>
    >;
    const call = (name: string, ...args: readonly unknown[]) => {
      const method = client[name];
      if (method === undefined) throw new Error(`ali-oss has no ${name}`);
      return method.call(client, ...args);
    };
    const own = await freshBucket();
    await call('putBucketCORS', own, [{ allowedOrigin: '*', allowedMethod: ['GET', 'PUT'], maxAgeSeconds: '30' }]);
    expect((await call('getBucketCORS', own)).rules).toEqual([
      { allowedOrigin: '*', allowedMethod: ['GET', 'PUT'], maxAgeSeconds: '30' },
    ]);
    await call('deleteBucketCORS', own);
    await expect(call('getBucketCORS', own)).rejects.toMatchObject({ code: 'NoSuchCORSConfiguration', status: 404 });

    await call('putBucketLifecycle', own, [
      { id: 'r', prefix: 'logs/', status: 'Enabled', expiration: { days: 3 }, tag: [{ key: 'a', value: 'b' }] },
    ]);
    expect((await call('getBucketLifecycle', own)).rules).toMatchObject([
      { id: 'r', prefix: 'logs/', status: 'Enabled', expiration: { days: '3' } },
    ]);
    await call('deleteBucketLifecycle', own);
    await expect(call('getBucketLifecycle', own)).rejects.toMatchObject({ code: 'NoSuchLifecycle' });

    await call('putBucketWebsite', own, { index: 'index.html', error: 'error.html', supportSubDir: 'true', type: '1' });
    expect(await call('getBucketWebsite', own)).toMatchObject({
      index: 'index.html',
      error: 'error.html',
      supportSubDir: 'true',
      type: '1',
    });
    await call('deleteBucketWebsite', own);
    await expect(call('getBucketWebsite', own)).rejects.toMatchObject({ code: 'NoSuchWebsiteConfiguration' });

    await call('putBucketReferer', own, false, ['http://a.com', 'http://b.com']);
    expect(await call('getBucketReferer', own)).toMatchObject({
      allowEmpty: false,
      referers: ['http://a.com', 'http://b.com'],
    });
    await call('deleteBucketReferer', own);
    expect(await call('getBucketReferer', own)).toMatchObject({ allowEmpty: true, referers: null });

    await call('putBucketLogging', own, 'logs/');
    expect(await call('getBucketLogging', own)).toMatchObject({ enable: true, prefix: 'logs/' });
    await call('deleteBucketLogging', own);
    expect(await call('getBucketLogging', own)).toMatchObject({ enable: false, prefix: null });

    await call('putBucketTags', own, { a: '1', b: '2' });
    expect((await call('getBucketTags', own)).tag).toEqual({ a: '1', b: '2' });
    await call('deleteBucketTags', own);
    expect((await call('getBucketTags', own)).tag).toEqual({});

    const policy = {
      Version: '1',
      Statement: [{ Action: ['oss:GetObject'], Effect: 'Allow', Principal: ['*'], Resource: [`acs:oss:*:*:${own}/*`] }],
    };
    await call('putBucketPolicy', own, policy);
    expect((await call('getBucketPolicy', own)).policy).toEqual(policy);
    await call('deleteBucketPolicy', own);
    expect(await call('getBucketPolicy', own)).toMatchObject({ status: 404, policy: null });

    await call('putBucketEncryption', own, { SSEAlgorithm: 'AES256' });
    expect((await call('getBucketEncryption', own)).encryption).toEqual({ SSEAlgorithm: 'AES256' });
    await call('deleteBucketEncryption', own);

    await call('putBucketRequestPayment', own, 'Requester');
    expect((await call('getBucketRequestPayment', own)).payer).toBe('Requester');

    const worm = await call('initiateBucketWorm', own, '1');
    await call('completeBucketWorm', own, worm.wormId);
    await call('extendBucketWorm', own, worm.wormId, '2');
    expect(await call('getBucketWorm', own)).toMatchObject({ wormId: worm.wormId, state: 'Locked', days: '2' });
  });
});

it('what a client puts is never taken for more than text', async () => {
  const own = await freshBucket();
  const text =
    '<RequestPaymentConfiguration><Payer>BucketOwner</Payer><X>&lt;/X&gt;&amp;</X></RequestPaymentConfiguration>';
  await configure(door, own, 'requestPayment', text);
  expect(bare((await get(own, '', { requestPayment: '' })).text)).toBe(text);
});
