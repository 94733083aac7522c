/** `GET /_ossite/counts` agrees with what the OSS API shows, whatever has become of the objects. */
import { expect, it } from 'vitest';
import { b64, fixture } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { formsOf, sdk } from '../helpers/sdk.ts';

const server = await ownServer({ buckets: ['seeded'], namespaces: 'worker-*', workers: 1 });
const client = sdk(formsOf(server.ossite.endpoint)['path style (sldEnable)'] ?? {}, { bucket: 'counted' });

interface Counts {
  readonly buckets: number;
  readonly objects: number;
  readonly bytes: number;
  readonly uploads: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly requests: { readonly total: number; readonly errors: number; readonly kept: number };
  readonly messages: number;
}
const counts = (namespace = '') => server.control<Counts>('get', `counts?namespace=${namespace}`);

/** Objects and bytes as listings tell them. */
async function listed(): Promise<{ readonly objects: number; readonly bytes: number }> {
  const { buckets } = await client.listBuckets();
  let [objects, bytes] = [0, 0];
  for (const { name } of buckets) {
    const { text } = await server.get(name, '', { 'list-type': '2', 'max-keys': '1000' });
    for (const [, size] of text.matchAll(/<Size>(\d+)<\/Size>/g)) {
      objects += 1;
      bytes += Number(size);
    }
  }
  return { objects, bytes };
}

it('objects and bytes follow everything that adds, replaces or removes', async () => {
  await client.putBucket('counted');
  const same = async () => {
    const { objects, bytes } = await counts();
    expect({ objects, bytes }).toEqual(await listed());
    return objects;
  };
  const send = (method: 'put' | 'post' | 'delete', path: string, body = '') =>
    server.request(method, path, { body }).then(({ status, text }) => expect(status, text).toBeLessThan(300));
  expect(await same()).toBe(0);
  await server.put('counted', 'a', Buffer.alloc(10));
  await server.put('counted', 'a', Buffer.alloc(7));
  expect(await same()).toBe(1);
  await send('post', '/counted/log?append&position=0', 'one');
  await send('post', '/counted/log?append&position=3', 'and two');
  expect(await same()).toBe(2);
  await client.copy('b', 'a');
  await client.copy('b', 'log');
  await server.put('counted', 'photo.jpg', fixture('photo.jpg'));
  await server.posted('counted', 'photo.jpg', `image/resize,w_9|sys/saveas,o_${b64('c')}`);
  expect(await same()).toBe(5);
  await client.deleteMulti(['a', 'nothing', 'c']);
  await send(
    'put',
    '/counted?versioning',
    '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  );
  await server.put('counted', 'b', Buffer.alloc(99));
  expect(await same()).toBe(3);
  await send('delete', '/counted/b');
  expect(await same()).toBe(2);
  const { uploadId } = await client.initMultipartUpload('big');
  expect((await counts()).uploads).toBe(1);
  await client.abortMultipartUpload('big', uploadId);
  expect(await counts()).toMatchObject({ uploads: 0, buckets: 2 });
  await server.put('seeded', 'x', Buffer.alloc(5));
  await server.control('post', 'reset', { buckets: ['counted'] });
  expect(await same()).toBe(1);
  await server.control('post', 'reset', { keep: 'seed' });
  expect(await same()).toBe(0);
  expect((await counts()).buckets).toBe(1);
});

it('requests since the reset, errors among them; tasks by state; messages', async () => {
  await server.control('post', 'reset');
  const empty = { Queued: 0, Running: 0, Succeeded: 0, Failed: 0, Canceled: 0 };
  expect(await counts()).toEqual({
    ...{ buckets: 1, objects: 0, bytes: 0, uploads: 0, tasks: empty, messages: 0 },
    requests: { total: 0, errors: 0, kept: 0 },
  });
  await server.put('seeded', 'photo.jpg', fixture('photo.jpg'));
  expect((await server.get('seeded', 'none')).status).toBe(404);
  // What the console asks for to show something is no request of a test's.
  await server.get('seeded', 'none', { 'x-ossite-console': '1' });
  const task = await server.converted('seeded', 'photo.jpg', `image/deblindwatermark|sys/notify,topic_${b64('t')}`);
  expect(await counts()).toMatchObject({
    requests: { total: 3, errors: 1, kept: 3 },
    tasks: { ...empty, [task.Status]: 1 },
    messages: 1,
  });
  await server.control('delete', 'requests');
  expect((await counts()).requests).toEqual({ total: 3, errors: 1, kept: 0 });
  expect((await counts('worker-1')).requests.total).toBe(0);
});
