/** What a bucket has beside its documents: retention, replication rules, domains; and the regions (rest-core.md §1.7). */
import { describe, expect, it } from 'vitest';
import { elements } from '../helpers/configure.ts';
import { freshBucket, ossError, pathOf, put, request } from '../helpers/ossite.ts';

describe('retention of a bucket (worm)', () => {
  const initiate =
    '<InitiateWormConfiguration><RetentionPeriodInDays>2</RetentionPeriodInDays></InitiateWormConfiguration>';
  const extend = (days: number) =>
    `<ExtendWormConfiguration><RetentionPeriodInDays>${days}</RetentionPeriodInDays></ExtendWormConfiguration>`;

  it('is begun, locked and extended', async () => {
    const own = await freshBucket();
    const path = pathOf(own);
    expect(ossError(await request('get', `${path}?worm`)).code).toBe('NoSuchWORMConfiguration');
    const begun = await request('post', `${path}?worm`, { body: initiate });
    const id = begun.headers['x-oss-worm-id'] ?? '';
    expect(id).not.toBe('');
    const shown = async () => {
      const answer = await request('get', `${path}?worm`);
      return ['WormId', 'State', 'RetentionPeriodInDays'].map((name) => elements(answer, name)[0]);
    };
    expect(await shown()).toEqual([id, 'InProgress', '2']);
    expect(ossError(await request('post', `${path}?worm`, { body: initiate }))).toMatchObject({
      status: 409,
      code: 'WORMConfigurationAlreadyExists',
    });
    expect(ossError(await request('post', `${path}?wormId=other`)).code).toBe('NoSuchWORMConfiguration');
    const refused = { status: 400, code: 'InvalidWORMConfiguration' };
    const tooEarly = await request('post', `${path}?wormExtend&wormId=${id}`, { body: extend(3) });
    expect(ossError(tooEarly)).toMatchObject(refused);
    expect((await request('post', `${path}?wormId=${id}`)).status).toBe(200);
    const shorter = await request('post', `${path}?wormExtend&wormId=${id}`, { body: extend(1) });
    expect(ossError(shorter)).toMatchObject(refused);
    expect((await request('post', `${path}?wormExtend&wormId=${id}`, { body: extend(3) })).status).toBe(200);
    expect(await shown()).toEqual([id, 'Locked', '3']);
    expect(ossError(await request('delete', `${path}?worm`))).toMatchObject({
      status: 403,
      code: 'WORMConfigurationLocked',
    });
  });

  it('a draft can be given up', async () => {
    const path = pathOf(await freshBucket());
    await request('post', `${path}?worm`, { body: initiate });
    expect((await request('delete', `${path}?worm`)).status).toBe(204);
    expect(ossError(await request('get', `${path}?worm`)).code).toBe('NoSuchWORMConfiguration');
    expect((await request('delete', `${path}?worm`)).status).toBe(204);
  });
});

it('replication rules are kept and shown', async () => {
  const own = await freshBucket();
  const path = pathOf(own);
  const rule =
    '<ReplicationConfiguration><Rule><PrefixSet><Prefix>a</Prefix></PrefixSet><Action>ALL</Action><Destination><Bucket>dest</Bucket><Location>oss-cn-beijing</Location></Destination></Rule></ReplicationConfiguration>';
  expect(ossError(await request('get', `${path}?replication`)).code).toBe('NoSuchReplicationConfiguration');
  const put = await request('post', `${path}?replication&comp=add`, { body: rule });
  const id = put.headers['x-oss-replication-rule-id'] ?? '';
  const shown = await request('get', `${path}?replication`);
  expect(['ID', 'Status', 'Bucket', 'Prefix'].map((name) => elements(shown, name)[0])).toEqual([
    id,
    'doing',
    'dest',
    'a',
  ]);
  const rtc = `<ReplicationRule><RTC><Status>enabled</Status></RTC><ID>${id}</ID></ReplicationRule>`;
  expect((await request('put', `${path}?rtc`, { body: rtc })).status).toBe(200);
  expect((await request('get', `${path}?replicationProgress&rule-id=${id}`)).text).toContain(
    '<Status>enabled</Status>',
  );
  const locations = await request('get', `${path}?replicationLocation`);
  expect([...new Set(elements(locations, 'Location'))]).toEqual(['oss-cn-hangzhou']);
  expect(locations.text).toMatch(
    /<LocationTransferTypeConstraint>[\s\S]*<Type>internal<\/Type>[\s\S]*<LocationRTCConstraint>/,
  );
  expect(elements(await request('get', `${path}?bucketInfo`), 'CrossRegionReplication')).toEqual(['Enabled']);
  const remove = (ruleId: string) =>
    request('post', `${path}?replication&comp=delete`, {
      body: `<ReplicationRules><ID>${ruleId}</ID></ReplicationRules>`,
    });
  expect(ossError(await remove('other')).code).toBe('NoSuchReplicationRule');
  expect((await remove(id)).status).toBe(200);
  expect(ossError(await request('get', `${path}?replication`)).code).toBe('NoSuchReplicationConfiguration');
});

it('DescribeRegions knows the one region', async () => {
  expect(elements(await request('get', '/?regions'), 'Region')).toEqual(['oss-cn-hangzhou']);
  expect(elements(await request('get', '/?regions=oss-cn-hangzhou'), 'InternetEndpoint')[0]).toMatch(
    /^127\.0\.0\.1:\d+$/,
  );
  expect(ossError(await request('get', '/?regions=oss-nowhere'))).toMatchObject({ status: 404, code: 'NoSuchRegion' });
});

describe('a domain leads to a bucket', () => {
  const cname = (domain: string) =>
    `<BucketCnameConfiguration><Cname><Domain>${domain}</Domain></Cname></BucketCnameConfiguration>`;
  const change = (name: string, comp: string, domain: string) =>
    request('post', `${pathOf(name)}?cname&comp=${comp}`, { body: cname(domain) });

  it('from PutCname to DeleteCname', async () => {
    const own = await freshBucket('public-read');
    const domain = `img.${own}.example.com`;
    await put(own, 'dir/a.txt', Buffer.from('by domain'));
    const visit = () => request('get', '/dir/a.txt', { headers: { host: domain } });
    expect((await visit()).text).not.toBe('by domain');
    expect((await change(own, 'add', domain.toUpperCase())).status).toBe(200);
    expect((await visit()).text).toBe('by domain');
    expect((await request('get', '/dir/a.txt', { headers: { host: `${domain}:8080` } })).text).toBe('by domain');
    const list = await request('get', `${pathOf(own)}?cname`);
    expect([elements(list, 'Bucket'), elements(list, 'Domain'), elements(list, 'Status')]).toEqual([
      [own],
      [domain],
      ['Enabled'],
    ]);
    expect(ossError(await change(await freshBucket(), 'add', domain)).code).toBe('InvalidArgument');
    expect((await change(own, 'delete', domain)).status).toBe(200);
    expect((await visit()).text).not.toBe('by domain');
  });

  it('tokens are handed out', async () => {
    const bucket = await freshBucket();
    const made = await change(bucket, 'token', 'www.example.com');
    expect([elements(made, 'Cname'), elements(made, 'Bucket')]).toEqual([['www.example.com'], [bucket]]);
    const asked = await request('get', `${pathOf(bucket)}?comp=token&cname=www.example.com`);
    expect(elements(asked, 'Token')).toEqual(elements(made, 'Token'));
  });

  it.each(['', 'nodots', 'a b.com', '-a.com', `${'a'.repeat(64)}.com`, '*.example.com'])(
    '%s is no domain',
    async (domain) => {
      expect(ossError(await change(await freshBucket(), 'add', domain)).status).toBe(400);
    },
  );
});
