import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Details, Entry } from '../../src/server/journal.ts';
import { b64, fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';
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
      // What the client signed is another object: nothing that could be guessed.
      diagnosis: { cause: 'secret', sentence: expect.stringContaining('secret') },
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

it('a form’s keys, of the object and of who sends it, are those in its fields', async () => {
  const policy = b64(JSON.stringify({ expiration: '2999-01-01T00:00:00Z', conditions: [{ bucket: 'other' }] }));
  const fields = { OSSAccessKeyId: 'ossite', policy, Signature: 'wrong', key: 'from-form' };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const body = `${parts.join('')}--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhi\r\n--X--\r\n`;
  const entry = await noted(() =>
    server.request('post', '/other', { body, headers: { 'content-type': 'multipart/form-data; boundary=X' } }),
  );
  expect(entry).toMatchObject({
    ...{ op: 'PostObject', key: 'from-form', status: 204 },
    auth: { outcome: 'mismatch', scheme: 'v1-form', received: 'wrong' },
  });
});

describe('one request in full', () => {
  const full = ({ requestId }: Entry) => server.control<Entry & Details>('get', `requests/${requestId}`);

  it('has the headers of both sides, in the order in which they were sent', async () => {
    const lines = ['Host: localhost', 'X-Oss-Meta-Name: zhōng', 'accept: */*', 'X-twice: a', 'X-twice: b'];
    let answer: Awaited<ReturnType<typeof raw>> | undefined;
    const entry = await noted(async () => {
      answer = await raw(server.ossite.endpoint, { line: 'GET /media/photo.jpg HTTP/1.1', headers: lines });
    });
    const { requestHeaders, responseHeaders, faultRule, ...rest } = await full(entry);
    expect(rest).toEqual(entry);
    expect(faultRule).toBeUndefined();
    expect(requestHeaders.map(([name, value]) => `${name}: ${value}`)).toEqual([...lines, 'Connection: close']);
    const got = Object.entries(answer?.headers ?? {}).filter(([name]) => !['date', 'connection'].includes(name));
    expect(responseHeaders?.map(([name, value]) => [name.toLowerCase(), value])).toEqual(got);
    expect(responseHeaders).toContainEqual(['x-oss-request-id', entry.requestId]);
  });

  it('has the rule that struck, as it was then', async () => {
    const rule = { op: 'GetObject', key: 'photo*', status: 503, code: 'Busy' };
    await server.control('put', 'faults', { rules: [{ op: 'PutObject', status: 500 }, rule] });
    const entry = await noted(() => server.get('media', 'photo.jpg'));
    await server.control('delete', 'faults');
    expect(await full(entry)).toMatchObject({ fault: 1, faultRule: rule, status: 503 });
  });

  it('has no headers of an answer that there was not', async () => {
    await server.control('put', 'faults', { rules: [{ reset: true }] });
    const entry = await noted(() => server.get('media', 'photo.jpg').catch(() => {}));
    await server.control('delete', 'faults');
    expect((await full(entry)).responseHeaders).toEqual([]);
  });

  it('is bounded', async () => {
    const long = Object.fromEntries([...'abcdefghij'].map((c) => [`x-long-${c}`, c.repeat(6000)]));
    const entry = await noted(() => server.get('media', 'photo.jpg', {}, long));
    const { requestHeaders } = await full(entry);
    const size = requestHeaders.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    expect(size).toBeLessThan(16_500);
    expect(requestHeaders).toContainEqual(['x-long-a', `${'a'.repeat(4096)}…`]);
    const [name, value] = requestHeaders.at(-1) ?? [];
    expect([name, value]).toEqual(['…', expect.stringMatching(/^[67891][0-9]? more$/)]);
  });

  it('is forgotten with its entry, and unknown when there was none', async () => {
    const entry = await noted(() => server.head('media', 'photo.jpg'));
    await server.control('delete', 'requests');
    for (const id of [entry.requestId, 'nothing']) {
      const { status, text } = await server.request('get', `/_ossite/requests/${id}`);
      expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: 'NoSuchRequest' } }]);
    }
  });
});

describe('what the console itself asks for', () => {
  it('does not push out what a test did', async () => {
    const small = await ownServer({ journal: 3, buckets: ['media'] });
    for (const key of ['a', 'b', 'c', 'd']) await small.get('media', key);
    for (let i = 0; i < 5; i++) await small.get('media', `looked-at-${i}`, { 'x-ossite-console': '1' });
    const { requests } = await small.control<{ readonly requests: readonly { key: string }[] }>('get', 'requests');
    expect(requests.map(({ key }) => key)).toEqual(['looked-at-4', 'looked-at-3', 'looked-at-2', 'd', 'c', 'b']);
  });

  it('is marked, and can be left out or looked for', async () => {
    const [last] = await journal();
    await server.get('media', 'photo.jpg', { 'x-ossite-console': '1' });
    await server.get('media', 'photo.jpg');
    await server.request('get', '/media?x-ossite-console');
    const shown = async (query: string) =>
      (await journal(`?since=${last?.seq ?? 0}${query}`)).map((entry) => [entry.op, entry.console]);
    expect(await shown('&console=true')).toEqual([
      ['ListObjects', true],
      ['GetObject', true],
    ]);
    expect(await shown('&console=false')).toEqual([['GetObject', undefined]]);
    expect(await shown('')).toHaveLength(3);
    expect((await server.request('get', '/_ossite/requests?console=yes')).status).toBe(400);
  });

  it('is answered as any other request, signed or not', async () => {
    const key = 'x-ossite-console';
    const plain = await server.processed('media', 'photo.jpg', 'image/resize,w_10');
    const marked = await server.request('get', `/media/photo.jpg?x-oss-process=image/resize,w_10&${key}=1`);
    expect([marked.status, marked.bytes]).toEqual([200, plain.bytes]);
    // V1 signs it as little as any key that means nothing.
    const signed = signedV1('GET', '/media/photo.jpg');
    const answer = await server.request('get', `/media/photo.jpg?${key}=1`, { headers: signed });
    expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([200, 'ok']);
  });
});
