import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../src/server/journal.ts';
import { type Entry as CatalogueEntry, catalogue } from '../../src/store/errors.ts';
import { formBody, formType } from '../helpers/form.ts';
import { immCall } from '../helpers/imm.ts';
import { fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { formsOf, sdk } from '../helpers/sdk.ts';

const server = await ownServer({ buckets: ['media', 'other'] });
const photo = fixture('photo.jpg');
await server.put('media', 'photo.jpg', photo);
await server.put('media', 'clip.mp4', fixture('clip.mp4'));
afterEach(() => server.control('delete', 'faults'));

interface Shown {
  readonly rules: readonly { readonly matched: number; readonly fired: number }[];
}

const set = (...rules: readonly object[]) => server.control<Shown>('put', 'faults', { rules });
const counts = async () =>
  (await server.control<Shown>('get', 'faults')).rules.map(({ matched, fired }) => [matched, fired]);

/** Status line, headers and body as they come, until the connection ends. */
function rawGet(path: string): Promise<{ readonly text: string; readonly end: 'closed' | 'reset' }> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.ossite.endpoint).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', () => {});
    socket.on('close', (failed) => resolve({ text, end: failed ? 'reset' : 'closed' }));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  });
}

describe('who is struck', () => {
  const get = () => server.get('media', 'photo.jpg');
  it.each([
    ['the operation', { op: 'GetObject' }, 503],
    ['another operation', { op: 'PutObject' }, 200],
    ['the bucket', { bucket: 'media' }, 503],
    ['a pattern of buckets', { bucket: 'm*a' }, 503],
    ['another bucket', { bucket: 'other' }, 200],
    ['a pattern of keys', { key: '*.jpg' }, 503],
    ['another pattern of keys', { key: '*.png' }, 200],
    ['all of them', { op: 'GetObject', bucket: 'media', key: 'photo.jpg' }, 503],
    ['everybody', {}, 503],
    ['an action, of a request that has none', { action: '*' }, 200],
  ])('%s: %j', async (_, who, status) => {
    await set({ ...who, status: 503 });
    expect((await get()).status).toBe(status);
    expect(await counts()).toEqual([status === 503 ? [1, 1] : [0, 0]]);
  });

  it.each([
    ['resize', 503],
    ['image/resize', 503],
    ['image/*', 503],
    ['rotate', 200],
  ])('the action %s of GET and POST: %i', async (action, status) => {
    await set({ action, status: 503 });
    expect((await server.processed('media', 'photo.jpg', 'image/resize,w_9')).status).toBe(status);
    expect((await server.posted('media', 'photo.jpg', `image/resize,w_9${saveas('s.jpg')}`)).status).toBe(status);
  });

  it('only so many times, and the first rule that strikes is the only one', async () => {
    await set({ times: 2, status: 503 }, { times: 1, status: 500 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await get()).status);
    expect(statuses).toEqual([503, 503, 500, 200]);
    expect(await counts()).toEqual([
      [4, 2],
      [2, 1],
    ]);
  });

  it('by chance, the same for the same seed', async () => {
    const run = async (seed: number) => {
      await server.control('put', 'faults', { rules: [{ probability: 0.5, status: 503 }], seed });
      const statuses: number[] = [];
      for (let i = 0; i < 24; i += 1) statuses.push((await server.head('media', 'photo.jpg')).status);
      return statuses.map((status) => (status === 503 ? '1' : '0')).join('');
    };
    const [one, again, another] = [await run(1), await run(1), await run(2)];
    expect(one).toBe(again);
    expect(one).not.toBe(another);
    expect(one).toMatch(/1/);
    expect(one).toMatch(/0/);
  });

  it('a form, by the key in it', async () => {
    await set({ op: 'PostObject', key: 'user/*', status: 503 });
    const upload = (key: string) =>
      server.request('post', '/other', { headers: formType, body: formBody([['key', key]], { filename: 'a.txt' }) });
    expect([(await upload('else')).status, (await upload(`user/\${filename}`)).status]).toEqual([204, 503]);
    expect((await server.head('other', 'user/a.txt')).status).toBe(404);
    expect(await counts()).toEqual([[1, 1]]);
  });

  it('never the control API', async () => {
    await set({ status: 503 });
    expect((await server.request('get', '/_ossite/live')).status).toBe(200);
  });
});

describe('a refusal', () => {
  it.each([
    [{ code: 'AccessDenied' }, 403, 'AccessDenied', '0003-00000001'],
    [{ status: 503 }, 503, 'ServiceUnavailable', undefined],
    [{ status: 500 }, 500, 'InternalError', undefined],
    [{ status: 429, code: 'QpsLimitExceeded', message: 'Slow down.' }, 429, 'QpsLimitExceeded', undefined],
  ])('%j is a proper answer of OSS', async (rule, status, code, ec) => {
    await set(rule);
    const error = ossError(await server.get('media', 'photo.jpg'));
    expect(error).toMatchObject({ status, code, ec });
    if ('message' in rule) expect(error.message).toBe(rule.message);
    const head = await server.head('media', 'photo.jpg');
    const document = Buffer.from(head.headers['x-oss-err'] ?? '', 'base64').toString();
    expect([head.status, ossError({ status, text: document }).code]).toEqual([status, code]);
  });

  it('can be each of OSS’s, with its status, message, EC and the name it is about', async () => {
    const codes = Object.entries<CatalogueEntry>(catalogue);
    await set(...codes.map(([code]) => ({ key: code, code })));
    for (const [code, { status, message, ec, names }] of codes) {
      const answer = await server.get('media', code);
      const head = await server.head('media', code);
      const text = Buffer.from(head.headers['x-oss-err'] ?? '', 'base64').toString();
      for (const error of [ossError(answer), ossError({ status: head.status, text })]) {
        expect(error, code).toMatchObject({ status, code, message, ec });
        const { BucketName, Key } = error.elements;
        expect({ BucketName, Key }, code).toEqual({
          BucketName: names === 'BucketName' ? 'media' : undefined,
          Key: names === 'Key' ? code : undefined,
        });
      }
      expect([answer.headers['x-oss-ec'], head.headers['x-oss-ec']], code).toEqual([ec, ec]);
    }
  });

  it('has the EC that it is given', async () => {
    await set({ code: 'AccessDenied', message: 'Access denied by authorizer’s policy.', ec: '0003-00000201' });
    expect(ossError(await server.get('media', 'photo.jpg'))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Access denied by authorizer’s policy.',
      ec: '0003-00000201',
    });
  });

  it('keeps a write from happening, and shows in the journal', async () => {
    await set({ op: 'PutObject', status: 503, times: 1 });
    const body = Buffer.alloc(3_000_000);
    expect((await server.request('put', '/other/big', { body })).status).toBe(503);
    expect((await server.head('other', 'big')).status).toBe(404);
    const { requests } = await server.control<{ requests: readonly Entry[] }>('get', 'requests?op=PutObject&limit=1');
    expect(requests[0]).toMatchObject({ status: 503, code: 'ServiceUnavailable', fault: 0 });
  });

  it('is what the SDK takes for one', async () => {
    await set({ op: 'GetObject', code: 'NoSuchKey' });
    const [form = {}] = Object.values(formsOf(server.ossite.endpoint));
    const client = sdk(form, { bucket: 'media' });
    await expect(client.get('photo.jpg')).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
  });
});

describe('an answer that is spoilt', () => {
  it('ends after so many bytes', async () => {
    await set({ truncateAfter: 1000 });
    const { text } = await rawGet('/media/photo.jpg');
    const [head = '', body = ''] = text.split('\r\n\r\n', 1).concat(text.slice(text.indexOf('\r\n\r\n') + 4));
    expect(head).toContain(`Content-Length: ${photo.length}`);
    expect(Buffer.from(body, 'latin1')).toEqual(photo.subarray(0, 1000));
    const [entry] = (await server.control<{ requests: readonly Entry[] }>('get', 'requests?limit=1')).requests;
    expect(entry).toMatchObject({ status: 200, fault: 0 });
  });

  it('is whole when it is shorter than that', async () => {
    await set({ truncateAfter: photo.length + 1 });
    expect((await server.get('media', 'photo.jpg')).bytes).toEqual(photo);
  });

  it.each([
    ['a processed one', '/media/photo.jpg?x-oss-process=image/resize,w_50'],
    ['a listing', '/media'],
    ['an error', '/media/none'],
  ])('%s is cut as well', async (_, path) => {
    await set({ truncateAfter: 5 });
    const { text } = await rawGet(path);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toHaveLength(5);
  });

  it('is a reset connection, and nothing was done', async () => {
    await set({ op: 'PutObject', reset: true });
    await expect(server.put('other', 'lost', Buffer.from('x'))).rejects.toThrow();
    expect((await server.head('other', 'lost')).status).toBe(404);
    const [entry] = (await server.control<{ requests: readonly Entry[] }>('get', 'requests?op=PutObject&limit=1'))
      .requests;
    expect(entry).toMatchObject({ status: 0, fault: 0, complete: false });
  });

  it('is a reset connection after the work was done', async () => {
    await set({ op: 'PutObject', reset: true, truncateAfter: 0 });
    await expect(server.put('other', 'stored', Buffer.from('x'))).rejects.toThrow();
    expect((await server.head('other', 'stored')).status).toBe(200);
  });

  it('stalls until the rules are gone, or the client is', async () => {
    await set({ stallAfter: 100 });
    let done = false;
    const stalled = rawGet('/media/photo.jpg').finally(() => {
      done = true;
    });
    const leaves = connect(Number(new URL(server.ossite.endpoint).port), '127.0.0.1');
    leaves.write('GET /media/photo.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(leaves, 'data');
    leaves.destroy();
    while ((await counts())[0]?.[1] !== 2) await new Promise(setImmediate);
    expect(done).toBe(false);
    await server.control('delete', 'faults');
    const { text } = await stalled;
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toHaveLength(100);
  });

  it('has a wrong checksum', async () => {
    const right = (await server.get('media', 'photo.jpg')).headers['x-oss-hash-crc64ecma'];
    await set({ corruptCrc: true });
    const { headers, bytes } = await server.get('media', 'photo.jpg');
    expect(headers['x-oss-hash-crc64ecma']).toMatch(/^\d+$/);
    expect(headers['x-oss-hash-crc64ecma']).not.toBe(right);
    expect(createHash('md5').update(bytes).digest('base64')).toBe(headers['content-md5']);
  });

  it('comes later', async () => {
    await set({ delayMs: 300 });
    const { requests } = await server
      .get('media', 'photo.jpg')
      .then(() => server.control<{ requests: readonly Entry[] }>('get', 'requests?limit=1'));
    expect(requests[0]?.ms).toBeGreaterThanOrEqual(299);
  });

  it('a delay ends with the rules', async () => {
    await set({ delayMs: 600_000 });
    const waiting = server.get('media', 'photo.jpg');
    while ((await counts())[0]?.[1] !== 1) await new Promise(setImmediate);
    await server.control('delete', 'faults');
    expect((await waiting).status).toBe(200);
  });
});

describe('a task', () => {
  const process = `video/convert,f_mkv,vcodec_copy,acodec_copy${saveas('copy.mkv')}`;

  it.each([
    [{ action: 'video/convert', code: 'UnsupportedMedia', message: 'No.' }, 'UnsupportedMedia', 'No.'],
    [{ action: 'convert', status: 503 }, 'ServiceUnavailable', 'A fault rule asked for this failure.'],
  ])('%j fails', async (rule, code, message) => {
    await set({ ...rule, times: 1 });
    const task = await server.converted('media', 'clip.mp4', process);
    expect(task).toMatchObject({ Status: 'Failed', Code: code, Message: message, Outputs: [] });
    expect(await counts()).toEqual([[1, 1]]);
    expect(await server.converted('media', 'clip.mp4', process)).toMatchObject({ Status: 'Succeeded' });
  });

  it('is refused when the rule names the operation', async () => {
    await set({ op: 'AsyncProcessObject', action: 'convert', status: 503 });
    expect((await server.submitted('media', 'clip.mp4', process)).status).toBe(503);
  });

  it('is not met by what cuts answers', async () => {
    await set({ action: 'convert', truncateAfter: 0 });
    expect(await server.converted('media', 'clip.mp4', process)).toMatchObject({ Status: 'Succeeded' });
    expect(await counts()).toEqual([[0, 0]]);
  });
});

it.each([
  ['no rules', {}, /rules/],
  ['no list', { rules: {} }, /rules/],
  ['no object', { rules: [1] }, /rule 0: a rule must be an object/],
  ['an unknown member', { rules: [{ status: 503, operation: 'x' }] }, /there is no operation; known are op, bucket/],
  ['a prototype’s member', { rules: [JSON.parse('{"__proto__": 1, "status": 503}')] }, /there is no __proto__/],
  [
    'an operation that is none',
    { rules: [{ op: 'GetObjet', status: 503 }] },
    /rule 0: there is no operation GetObjet; op/,
  ],
  ['an action that is none', { rules: [{ action: 'image/rezise', status: 503 }] }, /there is no action image\/rezise/],
  ['nothing that happens', { rules: [{ op: 'GetObject' }] }, /must say what happens/],
  ['a bad status', { rules: [{ status: 200 }] }, /status must be an integer from 300 to 599/],
  ['a status alone', { rules: [{ status: 404 }] }, /status 404 needs a code/],
  ['an unknown code alone', { rules: [{ code: 'Nope' }] }, /code Nope .* needs a status/],
  ['an EC that is none', { rules: [{ code: 'AccessDenied', ec: '1' }] }, /ec must be an EC such as/],
  ['an EC alone', { rules: [{ delayMs: 1, ec: '0003-00000001' }] }, /ec needs a code or a status/],
  ['a code that would break the document', { rules: [{ code: '<', status: 500 }] }, /code must be/],
  ['a chance above one', { rules: [{ probability: 2, status: 503 }] }, /from 0 to 1/],
  ['a delay without end', { rules: [{ delayMs: 1e9 }] }, /delayMs must be/],
  ['a text for a number', { rules: [{ times: '1', status: 503 }] }, /times must be/],
  ['stall and cut', { rules: [{ stallAfter: 1, reset: true }] }, /stallAfter excludes/],
  ['a seed that is none', { rules: [], seed: 'x' }, /seed/],
])('%s: refused, and the rules stay', async (_, body, message) => {
  await set({ key: 'never', status: 503 });
  const answer = await server.request('put', '/_ossite/faults', { body: JSON.stringify(body) });
  expect(answer.status).toBe(400);
  expect((JSON.parse(answer.text) as { error: { message: string } }).error.message).toMatch(message);
  expect(await counts()).toEqual([[0, 0]]);
});

describe('calls of IMM', () => {
  const path = '/?Action=ListTasks&Version=2020-09-30&ProjectName=p';
  const call = (Action: string) => immCall(server.request, { Action, TaskType: 'x', TaskId: 'x' });

  it.each([
    ['its name', { op: 'ListTasks' }],
    ['nothing', {}],
    ['any bucket', { bucket: '*' }],
  ])('are struck by a rule that says %s, and refused in the words of IMM', async (_, who) => {
    await set({ ...who, status: 503, times: 1 });
    expect(await call('ListTasks')).toEqual({
      status: 503,
      body: expect.objectContaining({
        Code: 'ServiceUnavailable',
        Message: expect.any(String),
        HostId: expect.any(String),
      }),
    });
    const [entry] = (await server.control<{ requests: Entry[] }>('get', 'requests?limit=1')).requests;
    expect(entry).toMatchObject({ op: 'ListTasks', status: 503, code: 'ServiceUnavailable', fault: 0 });
    expect((await call('ListTasks')).status).toBe(200);
    expect(await counts()).toEqual([[2, 1]]);
  });

  it('are refused with any code and message', async () => {
    await set({ op: 'GetTask', code: 'Throttling.User', status: 429, message: 'Slow down.' });
    const { status, body } = await call('GetTask');
    expect([status, body.Code, body.Message]).toEqual([429, 'Throttling.User', 'Slow down.']);
  });

  it('are not struck by what means another operation, an object or a process string', async () => {
    const rules = [{ op: 'GetTask' }, { op: 'GetObject' }, { key: 'photo.jpg' }, { bucket: 'media' }, { action: '*' }];
    await set(...rules.map((who) => ({ ...who, status: 503 })));
    expect((await call('ListTasks')).status).toBe(200);
    expect(await counts()).toEqual(rules.map(() => [0, 0]));
  });

  it('are cut', async () => {
    await set({ op: 'ListTasks', reset: true, times: 1 }, { op: 'ListTasks', truncateAfter: 5 });
    expect(await rawGet(path)).toEqual({ text: '', end: 'reset' });
    const { text } = await rawGet(path);
    expect(text).toMatch(/^HTTP\/1\.1 200/);
    expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toHaveLength(5);
  });
});
