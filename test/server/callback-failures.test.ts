/** Callbacks that fail, and requests for them that are refused (rest-core.md §1.5). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import {
  base64Json,
  type CallbackAnswer,
  type CallbackServer,
  callbackHeaders,
  callbackTo,
  startCallbackServer,
} from '../helpers/callback-server.ts';
import { type Answer, freshBucket, frontDoor, get, head, ossError, pathOf, request } from '../helpers/ossite.ts';

let server: CallbackServer;
beforeAll(async () => {
  server = await startCallbackServer();
});
beforeEach(() => {
  server.calls.length = 0;
  server.answer = '{"Status":"OK"}';
});
afterAll(() => server.close());

const config = (more: Readonly<Record<string, unknown>> = {}) => callbackTo(server, more);
const putWith = (bucket: string, key: string, headers: Record<string, string>, body: Buffer | string = 'hello') =>
  request('put', pathOf(bucket, key), { body, headers });

const error = (answer: Answer) => {
  const { status, code, message, ec } = ossError(answer);
  return { status, code, message, ec };
};

describe('when it fails the object stays', () => {
  const status = '0007-00000203';
  const json = '0007-00000205';
  it.each<[string, CallbackAnswer, string, string]>([
    ['another status', { status: 502, body: '{}' }, 'Error status : 502.', status],
    ['201, which is not 200', { status: 201, body: '{}' }, 'Error status : 201.', status],
    [
      'a redirect, which nobody follows',
      { status: 302, headers: { location: '/else' } },
      'Error status : 302.',
      status,
    ],
    ['no JSON', 'OK', 'Response body is not valid json format.', json],
    ['nothing', '', 'Response body is not valid json format.', json],
    ['too much', `"${'x'.repeat(3 * 1024 * 1024)}"`, 'Response body is not valid json format.', json],
  ])('%s', async (_, answer, message, ec) => {
    const bucket = await freshBucket();
    server.answer = answer;
    const failed = await putWith(bucket, 'k', callbackHeaders(config()));
    expect(error(failed)).toEqual({ status: 203, code: 'CallbackFailed', message, ec });
    expect(failed.headers).toMatchObject({ 'x-oss-ec': ec, etag: '"5D41402ABC4B2A76B9719D911017C592"' });
    expect(server.calls).toHaveLength(1);
    expect((await get(bucket, 'k')).text).toBe('hello');
  });

  it('a server that is not there, or does not answer within 5 s', async () => {
    const bucket = await freshBucket();
    const gone = await startCallbackServer();
    await gone.close();
    const answer = await putWith(bucket, 'k', callbackHeaders(config({ callbackUrl: gone.host })));
    expect(error(answer)).toMatchObject({ status: 203, code: 'CallbackFailed', ec: status });
    expect(answer.text).toContain(`Error status : -1.${gone.host}`);
    server.answer = 'hang';
    const late = await putWith(bucket, 'k', callbackHeaders(config()));
    expect(error(late)).toMatchObject({ status: 203, ec: status });
    expect(late.text).toContain('reply timeout, cost:5000ms, timeout:5000ms (err -4, errno115)');
    expect((await head(bucket, 'k')).status).toBe(200);
  });

  it('up to five addresses are tried in turn', async () => {
    const bucket = await freshBucket();
    const gone = await startCallbackServer();
    await gone.close();
    const callbackUrl = [
      gone.host,
      `http://${gone.host}/x`,
      `http://${server.host}/second`,
      `${server.host}/third`,
    ].join(';');
    expect((await putWith(bucket, 'k', callbackHeaders(config({ callbackUrl })))).status).toBe(200);
    expect(server.calls.map(({ path }) => path)).toEqual(['/second']);
  });
});

describe('what can not be meant is refused, and nothing is stored', () => {
  const url = 'The callback url configuration is invalid.';
  it.each<[string, () => Record<string, string>, string, string?]>([
    ['no Base64', () => callbackHeaders('{}'), 'The callback configuration is not base64 encoded.'],
    [
      'no JSON',
      () => callbackHeaders(Buffer.from('url').toString('base64')),
      'The callback configuration is not json format.',
    ],
    ['a list', () => callbackHeaders([]), 'The callback configuration is not json format.'],
    ['no URL', () => callbackHeaders({ callbackBody: 'x' }), url],
    ['another scheme', () => callbackHeaders(config({ callbackUrl: 'file:///etc/passwd' })), url],
    ['a user name', () => callbackHeaders(config({ callbackUrl: 'http://u:p@h/' })), url],
    ['a host that can not be', () => callbackHeaders(config({ callbackHost: 'a\r\nb' })), url],
    [
      'six addresses',
      () => callbackHeaders(config({ callbackUrl: 'a;b;c;d;e;f' })),
      'The number of callback url exceed max value.',
    ],
    ['no body', () => callbackHeaders(config({ callbackBody: '' })), 'The callback body is empty.'],
    [
      'another type of body',
      () => callbackHeaders(config({ callbackBodyType: 'text/xml' })),
      'The callback body type configuration is invalid.',
    ],
    [
      'more than 5 KB',
      () => callbackHeaders(config({ callbackBody: 'x'.repeat(5121) })),
      'The length of callback exceed max value.',
    ],
    [
      'variables that are no Base64',
      () => callbackHeaders(config(), '{'),
      'The callback configuration is not base64 encoded.',
    ],
    [
      'variables that are no JSON',
      () => callbackHeaders(config(), 'eHg='),
      'The callback configuration is not json format.',
    ],
    [
      'variables that are no texts',
      () => callbackHeaders(config(), { 'x:a': { b: '1' } }),
      'The callback configuration is not json format.',
    ],
  ])('%s', async (_, headers, message) => {
    const bucket = await freshBucket();
    expect(error(await putWith(bucket, 'k', headers()))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message,
    });
    expect([(await head(bucket, 'k')).status, server.calls]).toEqual([404, []]);
  });

  it('in header and query at once', async () => {
    const bucket = await freshBucket();
    const callback = encodeURIComponent(base64Json(config()));
    const answer = await request('put', `${pathOf(bucket, 'k')}?callback=${callback}`, {
      body: 'x',
      headers: callbackHeaders(config()),
    });
    expect(error(answer)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: 'Either the callback query string parameter or the x-oss-callback header should be specified, not both.',
      ec: '0007-00000027',
    });
  });
});

describe('settings', () => {
  it('callbacks=off refuses; callback-key-url is what the request names', async () => {
    const common = { port: 0, storage: 'memory', log: 'error', buckets: ['cb-bucket'] };
    const off = await startOssite({ ...common, callbacks: 'off' });
    const named = await startOssite({
      ...common,
      callbackKeyUrl: 'https://gosspublic.alicdn.com/callback_pub_key_v1.pem',
    });
    try {
      const ask = ({ endpoint }: { endpoint: string }) =>
        frontDoor(endpoint).request('put', '/cb-bucket/k', { body: 'x', headers: callbackHeaders(config()) });
      expect(error(await ask(off))).toMatchObject({ status: 400, code: 'NotImplemented' });
      expect(server.calls).toEqual([]);
      expect((await ask(named)).status).toBe(200);
      expect(Buffer.from(String(server.calls[0]?.headers['x-oss-pub-key-url']), 'base64').toString()).toBe(
        'https://gosspublic.alicdn.com/callback_pub_key_v1.pem',
      );
    } finally {
      await Promise.all([off.close(), named.close()]);
    }
  });
});
