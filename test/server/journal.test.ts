import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/server/journal.ts';
import { b64, fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { signedV1 } from '../helpers/sign.ts';

const server = await ownServer({ buckets: ['media:public-read', 'other'], journal: 50 });
await server.put('media', 'photo.jpg', fixture('photo.jpg'));

const journal = async (query = '') =>
  (await server.control<{ requests: readonly Entry[] }>('get', `requests${query}`)).requests;

/** The entry of what a test does. */
async function noted(work: () => Promise<unknown>): Promise<Entry> {
  const [before] = await journal();
  await work();
  const [entry] = await journal(`?since=${before?.seq ?? 0}`);
  if (entry === undefined) throw new Error('nothing was noted');
  return entry;
}

describe('an entry says', () => {
  it.each([
    [
      'GetObject',
      { bucket: 'media', key: 'photo.jpg', status: 200, method: 'GET', bytesOut: fixture('photo.jpg').length },
      () => server.get('media', 'photo.jpg'),
    ],
    ['HeadObject', { status: 200, bytesOut: 0 }, () => server.head('media', 'photo.jpg')],
    [
      'PutObject',
      { bucket: 'other', key: 'a b/ü', status: 200, bytesIn: 5 },
      () => server.put('other', 'a b/ü', Buffer.from('hello')),
    ],
    [
      'GetObject',
      { key: 'none', status: 404, code: 'NoSuchKey', ec: '0026-00000001' },
      () => server.get('media', 'none'),
    ],
    ['GetBucketAcl', { bucket: 'other', status: 200 }, () => server.request('get', '/other?acl')],
    [
      'GetProcessedObject',
      { process: 'image/resize,w_10', status: 200 },
      () => server.processed('media', 'photo.jpg', 'image/resize,w_10'),
    ],
    [
      'ProcessObject',
      { process: `image/resize,w_10${saveas('small.jpg')}`, status: 200 },
      () => server.posted('media', 'photo.jpg', `image/resize,w_10${saveas('small.jpg')}`),
    ],
    [
      'GetProcessedObject',
      { process: 'image/resize,w_0', status: 400, code: 'InvalidArgument', ec: '0040-00000312' },
      () => server.processed('media', 'photo.jpg', 'image/resize,w_0'),
    ],
    ['ListTasks', { status: 400, code: 'MissingVersion' }, () => server.request('get', '/?Action=ListTasks')],
  ] as const)('%s %j', async (op, expected, work) => {
    const entry = await noted(work);
    expect(entry).toMatchObject({ op, ...expected });
    expect(entry.requestId === '' || /^[0-9A-F]{24}$/.test(entry.requestId)).toBe(true);
    expect(Date.parse(entry.time)).toBeGreaterThan(0);
    expect(entry.ms).toBeGreaterThanOrEqual(0);
  });

  it('the styles of a process string in full', async () => {
    await server.request('put', '/media?style&styleName=thumb', {
      body: '<Style><Content>image/resize,w_20</Content></Style>',
    });
    expect((await noted(() => server.processed('media', 'photo.jpg', 'style/thumb'))).process).toBe(
      'image/resize,w_20',
    );
  });

  it('how the signature was', async () => {
    const at = (headers: Readonly<Record<string, string>>) =>
      noted(() => server.get('media', 'photo.jpg', {}, headers));
    expect((await at({})).auth).toEqual({ outcome: 'anonymous' });
    expect((await at(signedV1('GET', '/media/photo.jpg'))).auth).toEqual({
      outcome: 'ok',
      scheme: 'v1-header',
      accessKeyId: 'ossite',
    });
    const wrong = signedV1('GET', '/media/another.jpg');
    const { auth } = await at(wrong);
    const right = `GET\n\n\n${wrong.date}\n/media/photo.jpg`;
    expect(auth).toEqual({
      outcome: 'mismatch',
      scheme: 'v1-header',
      accessKeyId: 'ossite',
      received: wrong.authorization?.split(':')[1],
      expected: createHmac('sha1', 'ossite-secret').update(right).digest('base64'),
      stringToSign: right,
    });
    expect(JSON.stringify(await journal())).not.toContain('ossite-secret');
  });
});

it('filters by operation, bucket, status and number, newest first', async () => {
  const [last] = await journal();
  await server.get('media', 'one');
  await server.get('other', 'a b/ü');
  await server.head('media', 'photo.jpg');
  const since = `since=${last?.seq}`;
  const shown = async (query: string) => (await journal(`?${since}&${query}`)).map(({ op, status }) => [op, status]);
  expect(await shown('')).toEqual([
    ['HeadObject', 200],
    ['GetObject', 200],
    ['GetObject', 404],
  ]);
  expect(await shown('op=GetObject')).toEqual([
    ['GetObject', 200],
    ['GetObject', 404],
  ]);
  expect(await shown('op=GetObject&status=404')).toEqual([['GetObject', 404]]);
  expect(await shown('bucket=other')).toEqual([['GetObject', 200]]);
  expect(await shown('limit=1')).toEqual([['HeadObject', 200]]);
  expect((await server.request('get', '/_ossite/requests?status=abc')).status).toBe(400);
});

it('is bounded in entries and in the length of each, and can be emptied', async () => {
  for (let i = 0; i < 60; i += 1) await server.head('media', `k${i}`);
  const kept = await journal('?limit=1000');
  expect(kept).toHaveLength(50);
  expect(kept.map(({ key }) => key).slice(0, 2)).toEqual(['k59', 'k58']);
  const long = await noted(() => server.request('get', `/media/photo.jpg?x-oss-process=${'x'.repeat(9000)}`));
  expect(long.path.length).toBeLessThan(4200);
  expect(long.process?.length).toBeLessThan(4200);
  await server.control('delete', 'requests');
  expect(await journal()).toEqual([]);
  const next = await noted(() => server.head('media', 'photo.jpg'));
  expect(next.seq).toBe(long.seq + 1);
});

it('has no control requests, and one entry for what is no request of OSS', async () => {
  await server.control('delete', 'requests');
  await server.control('get', 'info');
  const answer = await server.request('get', '/media/photo.jpg?acl&tagging');
  expect(ossError(answer).code).toBe('NotImplemented');
  expect((await journal()).map(({ op, code }) => [op, code])).toEqual([[undefined, 'NotImplemented']]);
});

it('a form’s key is that in its fields', async () => {
  const policy = b64(JSON.stringify({ expiration: '2999-01-01T00:00:00Z', conditions: [] }));
  const fields = { OSSAccessKeyId: 'ossite', policy, Signature: 'wrong', key: 'from-form' };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const body = `${parts.join('')}--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhi\r\n--X--\r\n`;
  const entry = await noted(() =>
    server.request('post', '/other', { body, headers: { 'content-type': 'multipart/form-data; boundary=X' } }),
  );
  expect(entry).toMatchObject({
    op: 'PostObject',
    auth: { outcome: 'mismatch', scheme: 'v1-form', received: 'wrong' },
  });
});
