import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import type { Entry } from '../../src/server/journal.ts';
import { formBody, formType, policyV1 } from '../helpers/form.ts';
import { fixture, frontDoor, ossError, saveas, type Task } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { formsOf, type Sdk, sdk } from '../helpers/sdk.ts';

const server = await ownServer({ namespaces: 'worker-*', buckets: ['seeded'], workers: 2 });
const form = formsOf(server.ossite.endpoint)['path style (sldEnable)'] ?? {};

const client = (accessKeyId: string, options: object = {}): Sdk =>
  sdk(form, { accessKeyId, accessKeySecret: 'any', ...options });
const bucketsOf = async (accessKeyId: string) =>
  (await client(accessKeyId).listBuckets()).buckets.map(({ name }) => name);
const journal = async (namespace: string) =>
  (await server.control<{ requests: readonly Entry[] }>('get', `requests?limit=1000&namespace=${namespace}`)).requests;

/** Headers of a request by a key; the signature is wrong, which lenient servers let pass. */
const signedBy = (id: string) => ({ authorization: `OSS ${id}:wrong`, date: new Date().toUTCString() });

/** What one test worker does: the same names as all others, contents of its own. */
async function work(name: string): Promise<void> {
  const oss = client(name);
  const mine = Buffer.from(`made by ${name}`);
  expect(await bucketsOf(name)).toEqual(['seeded']);
  await oss.putBucket('shared');
  oss.useBucket('shared');
  await oss.put('same/key', mine);
  await oss.put('photo.jpg', fixture('photo.jpg'));
  for (let i = 0; i < 5; i += 1) await oss.put(`n${i}`, mine);
  expect((await oss.get('same/key')).content.equals(mine)).toBe(true);
  const width = 20 + Number(name.slice('worker-'.length));
  await server.request('put', '/shared?style&styleName=mine', {
    headers: signedBy(name),
    body: `<Style><Content>image/resize,w_${width}</Content></Style>`,
  });
  const info = await server.processed('shared', 'photo.jpg', 'style/mine', signedBy(name));
  expect(info.status).toBe(200);
  await oss.processObjectSave('photo.jpg', 'small.jpg', 'image/resize,w_10');
  const { objects = [] } = await oss.list({ 'max-keys': 100 });
  expect(objects.map((object) => object.name)).toEqual([
    'n0',
    'n1',
    'n2',
    'n3',
    'n4',
    'photo.jpg',
    'same/key',
    'small.jpg',
  ]);
  const answer = await server.request('post', '/shared/photo.jpg?x-oss-async-process', {
    headers: signedBy(name),
    body: 'x-oss-async-process=image/deblindwatermark',
  });
  const { TaskId } = JSON.parse(answer.text) as { TaskId: string };
  const task = await server.control<Task>('get', `tasks/${TaskId}?wait=60&namespace=${name}`);
  expect(['Succeeded', 'Failed']).toContain(task.Status);
  const { tasks } = await server.control<{ tasks: readonly Task[] }>('get', `tasks?namespace=${name}`);
  expect(tasks.map((one) => one.TaskId)).toEqual([TaskId]);
  const entries = await journal(name);
  expect(entries.find(({ process }) => process === `image/resize,w_${width}`)?.op).toBe('GetProcessedObject');
  expect(new Set(entries.map(({ auth }) => auth.accessKeyId))).toEqual(new Set([name]));
  await server.control('post', `reset?namespace=${name}`);
  expect(await bucketsOf(name)).toEqual(['seeded']);
  expect(await server.control('get', `tasks?namespace=${name}`)).toEqual({ tasks: [] });
}

describe('namespaces', () => {
  it('sixteen workers with the same names at once see nothing of each other', async () => {
    await Promise.all(Array.from({ length: 16 }, (_, i) => work(`worker-${i}`)));
    expect(await bucketsOf('ossite')).toEqual(['seeded']);
  });

  it('other keys and anonymous callers share the usual one', async () => {
    await client('somebody').putBucket('common');
    expect(await bucketsOf('somebody-else')).toEqual(['common', 'seeded']);
    expect((await server.request('get', '/')).text).toContain('<Name>common<');
    expect(await bucketsOf('worker-a')).toEqual(['seeded']);
    await client('ossite').deleteBucket('common');
  });

  it('faults and clock are of one', async () => {
    await server.control('put', 'faults?namespace=worker-a', { rules: [{ op: 'ListBuckets', status: 503 }] });
    await server.control('put', 'clock?namespace=worker-a', { now: '2031-01-01T00:00:00Z' });
    await expect(client('worker-a').listBuckets()).rejects.toMatchObject({ status: 503 });
    expect(await bucketsOf('worker-b')).toEqual(['seeded']);
    const year = async (name: string) =>
      (await server.control<{ now: string }>('get', `clock?namespace=${name}`)).now.slice(0, 4);
    expect([await year('worker-a'), (await year('worker-b')) === '2031']).toEqual(['2031', false]);
    await server.control('post', 'reset?namespace=worker-a');
    expect(await bucketsOf('worker-a')).toEqual(['seeded']);
  });

  it('a presigned URL, a form and a call of IMM belong to their keys', async () => {
    await client('worker-c').putBucket('forms');
    const fields = policyV1([{ bucket: 'forms' }], { id: 'worker-c', secret: 'any' });
    const body = formBody([...fields, ['key', 'by-form']], { bytes: 'form' });
    expect((await server.request('post', '/forms', { headers: formType, body })).status).toBe(204);
    const url = new URL(client('worker-c', { bucket: 'forms' }).signatureUrl('by-form'));
    const got = await server.request('get', `${url.pathname}${url.search}`);
    expect([got.status, got.text]).toEqual([200, 'form']);
    expect((await server.get('forms', 'by-form')).status).toBe(404);
    expect((await journal('worker-c')).map(({ op }) => op)).toEqual(['GetObject', 'PostObject', 'PutBucket']);
    await server.request('get', '/?Action=ListTasks&Version=2020-09-30&ProjectName=p&AccessKeyId=worker-c');
    expect((await journal('worker-c'))[0]?.op).toBe('ListTasks');
    await server.control('put', 'faults?namespace=worker-c', { rules: [{ op: 'PostObject', status: 503 }] });
    expect((await server.request('post', '/forms', { headers: formType, body })).status).toBe(503);
  });

  it.each(['nobody', 'worker', `worker-${'x'.repeat(200)}`])('%s can be none', async (name) => {
    expect((await server.request('get', `/_ossite/requests?namespace=${name}`)).status).toBe(400);
  });

  it('an id is never a path', async () => {
    for (const id of ['worker-/../../x', 'worker-..', 'worker-%2e%2e%2f', 'worker-\u0000', 'worker-ü']) {
      const { status } = await server.request('get', '/', { headers: { authorization: `OSS ${encodeURI(id)}:x` } });
      expect(status).toBe(200);
      expect((await server.request('get', `/_ossite/tasks?namespace=${encodeURIComponent(id)}`)).status).toBe(200);
    }
  });
});

describe('with a server of its own', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-namespaces-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('what a namespace holds is there after a restart, and its tasks go on', async () => {
    const options = { port: 0, dataDir: dir, log: 'silent', namespaces: '*', encoderPreset: 'slow' } as const;
    const first = await startOssite(options);
    const door = frontDoor(first.endpoint);
    const headers = signedBy('mine');
    await door.request('put', '/kept', { headers });
    await door.put('kept', 'clip.mp4', fixture('clip.mp4'), headers);
    const answer = await door.request('post', '/kept/clip.mp4?x-oss-async-process', {
      headers,
      body: `x-oss-async-process=video/convert,f_mp4,vcodec_h265,s_640x360${saveas('out.mp4')}`,
    });
    const { TaskId } = JSON.parse(answer.text) as { TaskId: string };
    await first.close();
    expect(readdirSync(join(dir, 'namespaces'))).toEqual([Buffer.from('mine').toString('hex')]);
    const second = await startOssite(options);
    const again = frontDoor(second.endpoint);
    const { text } = await again.request('get', `/_ossite/tasks/${TaskId}?wait=60&namespace=mine`);
    expect(JSON.parse(text)).toMatchObject({ Status: 'Succeeded', Outputs: [{ Key: 'out.mp4' }] });
    await second.close();
  });

  it('strict: a key that nobody knows opens none', async () => {
    const strict = await startOssite({
      ...{ port: 0, storage: 'memory', log: 'silent', auth: 'strict' },
      ...{ namespaces: 'w*', accessKeys: ['w1:one', 'w2:two', 'root:secret'] },
    });
    const door = frontDoor(strict.endpoint);
    const signed = (id: string, secret: string) => {
      const date = new Date().toUTCString();
      const signature = createHmac('sha1', secret).update(`PUT\n\n\n${date}\n/same/`).digest('base64');
      return { headers: { date, authorization: `OSS ${id}:${signature}` } };
    };
    for (const [id, secret] of [
      ['w1', 'one'],
      ['w2', 'two'],
      ['root', 'secret'],
    ] as const)
      expect((await door.request('put', '/same', signed(id, secret))).status).toBe(200);
    expect(ossError(await door.request('put', '/same', signed('w3', 'x'))).code).toBe('InvalidAccessKeyId');
    expect((await door.request('get', '/_ossite/tasks?namespace=w3')).status).toBe(400);
    await strict.close();
  });

  it('there are so many and no more', async () => {
    const many = await startOssite({ port: 0, storage: 'memory', log: 'silent', namespaces: 'n*' });
    const door = frontDoor(many.endpoint);
    for (let i = 0; i < 100; i += 1)
      expect((await door.request('get', '/', { headers: signedBy(`n${i}`) })).status).toBe(200);
    expect(ossError(await door.request('get', '/', { headers: signedBy('n100') }))).toMatchObject({
      ...{ status: 400, code: 'BadRequest' },
    });
    expect((await door.request('get', '/_ossite/tasks?namespace=n100')).status).toBe(400);
    await many.close();
  });
});
