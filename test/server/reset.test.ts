import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { processesWith } from '../helpers/process.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-reset-'));
afterAll(() => rmSync(dir, { recursive: true }));
const dataDir = join(dir, 'data');
const seedDir = join(dir, 'seed');
mkdirSync(join(seedDir, 'seeded'), { recursive: true });
for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(seedDir, 'seeded', name), name);
const server = await ownServer({
  ...{ storage: 'disk', dataDir, seedDir, buckets: ['media:public-read'], encoderPreset: 'slow' },
});

const reset = (body?: object) => server.control('post', 'reset', body);
const buckets = async () =>
  [...(await server.request('get', '/')).text.matchAll(/<Name>([^<]+)</g)].map(([, name]) => name);
const keys = async (bucket: string) =>
  [...(await server.request('get', `/${bucket}`)).text.matchAll(/<Key>([^<]+)</g)].map(([, key]) => key);
const modified = async (key: string) => (await server.head('seeded', key)).headers['last-modified'];
const aclOf = async (bucket: string) =>
  /<Grant>([^<]+)</.exec((await server.request('get', `/${bucket}?acl`)).text)?.[1];

const noPages =
  '<CORSConfiguration><CORSRule><AllowedOrigin>http://here</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>';
const delimited =
  '<BucketProcessConfiguration><CompliedHost>Both</CompliedHost><SourceFileProtect>Disabled</SourceFileProtect><SourceFileProtectSuffix></SourceFileProtectSuffix><StyleDelimiters>!</StyleDelimiters></BucketProcessConfiguration>';

const openTo = async (origin: string) =>
  (await server.get('seeded', 'c.txt', {}, { origin })).headers['access-control-allow-origin'];

/** Changes a little of everything. */
async function change(): Promise<void> {
  await server.ensureBucket('mine');
  await server.put('mine', 'x', Buffer.from('x'));
  await server.request('put', '/mine?versioning', {
    body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  });
  await server.put('mine', 'x', Buffer.from('xx'));
  await server.request('post', '/mine/part?uploads');
  await server.put('media', 'photo.jpg', fixture('photo.jpg'));
  await server.put('seeded', 'a.txt', Buffer.from('changed'));
  await server.put('seeded', 'd.txt', Buffer.from('new'));
  await server.request('delete', '/seeded/b.txt');
  await server.request('put', '/seeded/c.txt?acl', { headers: { 'x-oss-object-acl': 'public-read' } });
  await server.request('put', '/seeded?acl', { headers: { 'x-oss-acl': 'public-read-write' } });
  await server.request('put', '/media?acl', { headers: { 'x-oss-acl': 'private' } });
  await server.request('put', '/seeded?style&styleName=thumb', {
    body: '<Style><Content>image/resize,w_9</Content></Style>',
  });
  await server.request('put', '/seeded?cors', { body: noPages });
  await server.request('put', '/seeded?processConfiguration', { body: delimited });
  // Both act, and so are in memory.
  expect(await openTo('http://there')).toBeUndefined();
  expect(ossError(await server.get('seeded', 'c.txt!none')).code).toBe('NoSuchStyle');
  await server.converted('media', 'photo.jpg', `image/deblindwatermark${saveas('t.txt')}`).catch(() => {});
  await server.control('put', 'faults', { rules: [{ key: 'never', status: 503 }] });
  await server.control('put', 'clock', { advance: 86_400 });
}

/** What a server that has just been started shows. */
async function expectFresh(): Promise<void> {
  expect(await server.control('get', 'requests')).toEqual({ requests: [] });
  expect(await server.control('get', 'faults')).toEqual({ rules: [], seed: 0 });
  expect(await server.control('get', 'clock')).toMatchObject({ ahead: 0 });
  expect(await server.control('get', 'tasks')).toEqual({ tasks: [] });
  expect(await buckets()).toEqual(['media', 'seeded']);
  expect(await keys('media')).toEqual([]);
  expect(await keys('seeded')).toEqual(['a.txt', 'b.txt', 'c.txt']);
  expect((await server.get('seeded', 'a.txt')).text).toBe('a.txt');
  expect([await aclOf('media'), await aclOf('seeded')]).toEqual(['public-read', 'private']);
  expect((await server.request('get', '/seeded/c.txt?acl')).text).toContain('<Grant>default<');
  expect(ossError(await server.request('get', '/seeded?style&styleName=thumb')).code).toBe('NoSuchStyle');
  expect(await openTo('http://there')).toBe('*');
  expect(ossError(await server.get('seeded', 'c.txt!none')).code).toBe('NoSuchKey');
  expect(ossError(await server.get('mine', 'x')).code).toBe('NoSuchBucket');
}

describe('reset', () => {
  it('is back at the start', async () => {
    await change();
    await reset();
    await expectFresh();
  });

  it('through the library as well', async () => {
    await change();
    await server.ossite.reset();
    await expectFresh();
  });

  it('keep: seed leaves unchanged what was filled, twice as well', async () => {
    await server.control('put', 'clock', { now: '2020-01-01T00:00:00Z' });
    await reset();
    const before = await modified('c.txt');
    for (let i = 0; i < 2; i += 1) {
      await change();
      await reset({ keep: 'seed' });
      await expectFresh();
      expect(await modified('c.txt')).toBe(before);
    }
  });

  it('of some buckets leaves the others, and journal, faults and clock', async () => {
    await reset();
    await change();
    await reset({ buckets: ['seeded', 'mine', 'none'] });
    expect(await buckets()).toEqual(['media', 'seeded']);
    expect(await keys('seeded')).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(await keys('media')).toEqual(['photo.jpg']);
    expect(await aclOf('media')).toBe('private');
    expect(await server.control('get', 'clock')).toMatchObject({ ahead: 86_400 });
    expect((await server.control<{ requests: object[] }>('get', 'requests')).requests.length).toBeGreaterThan(0);
    await reset();
  });

  it('leaves no bytes behind', async () => {
    await change();
    await reset();
    await expect.poll(() => readdirSync(join(dataDir, 'tmp')).filter((name) => name.startsWith('gone-'))).toEqual([]);
    expect(readdirSync(join(dataDir, 'blobs'))).toHaveLength(1);
  });

  it('ends tasks that run, with their processes, and what they would have saved', async () => {
    await server.put('media', 'clip.mp4', fixture('clip.mp4'));
    const slow = `video/convert,f_mp4,vcodec_h265,s_1920x1080${saveas('slow.mp4')}`;
    for (let i = 0; i < 8; i += 1) expect((await server.submitted('media', 'clip.mp4', slow)).status).toBe(200);
    await expect.poll(() => processesWith(dataDir).some((line) => line.includes('libx265'))).toBe(true);
    await reset();
    expect(await server.control('get', 'tasks')).toEqual({ tasks: [] });
    expect(processesWith(dataDir).filter((line) => line.includes('libx265'))).toEqual([]);
    expect(await keys('media')).toEqual([]);
    expect(readdirSync(join(dataDir, 'tmp')).filter((name) => name.startsWith('run-'))).toEqual([]);
    await server.put('media', 'clip.mp4', fixture('clip.mp4'));
    const task = await server.converted(
      'media',
      'clip.mp4',
      `video/convert,f_mkv,vcodec_copy,acodec_copy${saveas('a.mkv')}`,
    );
    expect(task).toMatchObject({ Status: 'Succeeded' });
  });

  it('a write that began before ends in the old bucket, which is gone', async () => {
    await reset();
    const slow = server.request('put', '/media/late', { body: Buffer.alloc(8_000_000) });
    const [answer] = await Promise.all([slow, reset()]);
    if (answer.status === 200) await reset();
    else expect(ossError(answer).code).toBe('NoSuchBucket');
    expect(await keys('media')).toEqual([]);
  });

  it('several at once', async () => {
    await change();
    await Promise.all([reset(), reset({ keep: 'seed' }), reset({ buckets: ['media'] }), reset()]);
    await expectFresh();
  });

  it.each([[[]], [{ buckets: 'media' }], [{ keep: 'all' }], [{ bucket: ['media'] }], [{ buckets: [1] }], ['x']])(
    '%j is refused',
    async (body) => {
      expect((await server.request('post', '/_ossite/reset', { body: JSON.stringify(body) })).status).toBe(400);
    },
  );
});
