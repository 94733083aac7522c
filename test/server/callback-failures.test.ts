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
import { forms, sdk } from '../helpers/sdk.ts';

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
  const unreachable = 'Error status : -1.OSS can not connect to your callbackUrl, please check it.';
  const raw = (text: string): CallbackAnswer => ({ raw: text === '' ? '' : `HTTP/1.1 ${text}`, after: 'end' });
  it.each<[string, CallbackAnswer, string, string]>([
    ['another status', { status: 502, body: '{}' }, 'Error status : 502.', status],
    ['201, which is not 200', { status: 201, body: '{}' }, 'Error status : 201.', status],
    [
      'a redirect, which nobody follows',
      { status: 302, headers: { location: 'file:///etc/passwd' } },
      'Error status : 302.',
      status,
    ],
    ['no JSON', 'OK', 'Response body is not valid json format.', json],
    ['JSON behind a mark of its byte order', '\ufeff{}', 'Response body is not valid json format.', json],
    [
      'JSON that is not UTF-8',
      raw('200 OK\r\nContent-Length: 4\r\n\r\n"\xff\xfe"'),
      'Response body is not valid json format.',
      json,
    ],
    ['no length', raw('200 OK\r\n\r\n{}'), 'Error status : 400.User server missing content-length.', status],
    [
      'no end',
      { raw: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'2\r\n{}\r\n'.repeat(9)}`, after: 'hang' },
      'Error status : 400.User server missing content-length.',
      status,
    ],
    ['nothing', '', 'Error status : 400.User server return invalid content-length value.', status],
    [
      'too much',
      raw(`200 OK\r\nContent-Length: ${1024 ** 3}\r\n\r\n"${'x'.repeat(99_999)}`),
      'Error status : 400.User server return too long content-length value.',
      status,
    ],
    ['a connection that ends', raw(''), unreachable, status],
    ['half an answer', raw('200 OK\r\nContent-Length: 9\r\n\r\n{"a"'), unreachable, status],
    [
      'half an answer, and a reset',
      { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"', after: 'resetAndDestroy' },
      unreachable,
      status,
    ],
    ['what is no HTTP', { raw: 'hello\r\n\r\n', after: 'end' }, unreachable, status],
    ['headers without end', raw(`200 OK\r\n${`X: ${'y'.repeat(999)}\r\n`.repeat(99)}`), unreachable, status],
  ])('%s', async (_, answer, message, ec) => {
    const bucket = await freshBucket();
    server.answer = answer;
    const failed = await putWith(bucket, 'k', callbackHeaders(config()));
    expect(error(failed)).toEqual({ status: 203, code: 'CallbackFailed', message, ec });
    expect(failed.headers).toMatchObject({ 'x-oss-ec': ec, etag: '"5D41402ABC4B2A76B9719D911017C592"' });
    expect(server.calls).toHaveLength(1);
    expect((await get(bucket, 'k')).text).toBe('hello');
  });

  it.each<[string, CallbackAnswer, RegExp]>([
    ['no length', raw('200 OK\r\n\r\n{}'), /must have a Content-Length header/],
    ['an answer in chunks', raw('200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'), /in chunks/],
    ['no body', '', /must have a body: JSON/],
    ['too much', raw(`200 OK\r\nContent-Length: ${1024 ** 3}\r\n\r\n{}`), /may have 3145728 bytes/],
  ])('Detail says what the answer should have been: %s', async (_, answer, detail) => {
    server.answer = answer;
    const failed = await putWith(await freshBucket(), 'k', callbackHeaders(config()));
    expect(ossError(failed).elements.Detail).toMatch(detail);
  });

  it('a server that is not there', async () => {
    const gone = await startCallbackServer();
    await gone.close();
    const answer = await putWith(await freshBucket(), 'k', callbackHeaders(config({ callbackUrl: gone.host })));
    expect(error(answer)).toEqual({ status: 203, code: 'CallbackFailed', message: unreachable, ec: status });
    expect(ossError(answer).elements.Detail).toBe(`${gone.host}: connect ECONNREFUSED ${gone.host}`);
  });

  it('one that does not answer within 5 s, or begins to and does not come to an end', async () => {
    const bucket = await freshBucket();
    const slow = await startCallbackServer();
    slow.answer = { raw: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"', after: 'hang' };
    server.answer = 'hang';
    try {
      const late = await Promise.all(
        [server, slow].map(({ host }) => putWith(bucket, host, callbackHeaders(config({ callbackUrl: host })))),
      );
      const what = 'reply timeout, cost:5000ms, timeout:5000ms (err -4, errno115)';
      expect(late.map(error)).toEqual(
        [server, slow].map(({ host }) => ({
          status: 203,
          code: 'CallbackFailed',
          message: `Error status : -1.${host} ${what}`,
          ec: status,
        })),
      );
      expect((await head(bucket, slow.host)).status).toBe(200);
    } finally {
      await slow.close();
    }
  });

  it('ali-oss throws', async () => {
    const bucket = await freshBucket();
    const client = sdk(forms['path style (sldEnable)'] as object, { bucket });
    server.answer = { status: 500 };
    const callback = { url: `http://${server.host}/`, body: 'x' };
    await expect(client.put('k', Buffer.from('hello'), { callback })).rejects.toMatchObject({
      status: 203,
      code: 'CallbackFailed',
      message: 'Error status : 500.',
    });
    expect((await get(bucket, 'k')).text).toBe('hello');
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
  const body = 'The callback body is invalid.';
  const host = 'The callback host configuration is invalid.';
  const type = 'The callback body type configuration is invalid.';
  const noBase64 = 'The callback configuration is not base64 encoded.';
  const noJson = 'The callback configuration is not json format.';
  const varNoJson = 'The callback var is not expecten json.';
  const additional = 'The callback additional headers configuration is invalid.';
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const own = (additionalHeaders: unknown) => callbackHeaders(config({ additionalHeaders }));
  const long = base64Json({ callbackBody: 'x'.repeat(3840) });
  it.each<[string, () => Record<string, string>, string, string | undefined, string, string]>([
    ['no Base64', () => callbackHeaders('{}'), noBase64, '002', 'callback', '{}'],
    ['bytes', () => callbackHeaders('//79'), noBase64, '002', 'callback', '//79'],
    ['no JSON', () => callbackHeaders(base64('{"a":"}')), noJson, '003', 'callback', '{"a":"}'],
    ['a list', () => callbackHeaders([]), noJson, '003', 'callback', '[]'],
    ['SNI that is neither', () => callbackHeaders(config({ callbackSNI: 'x' })), noJson, '003', 'callbackSNI', 'x'],
    [
      'another scheme',
      () => callbackHeaders(config({ callbackUrl: 'file:///x' })),
      url,
      '004',
      'callbackUrl',
      'file:///x',
    ],
    [
      'a user name',
      () => callbackHeaders(config({ callbackUrl: 'http://u:p@h/' })),
      url,
      '004',
      'callbackUrl',
      'http://u:p@h/',
    ],
    [
      'a port that is none',
      () => callbackHeaders(config({ callbackUrl: 'h:test' })),
      url,
      '004',
      'callbackUrl',
      'h:test',
    ],
    ['separators alone', () => callbackHeaders(config({ callbackUrl: ';' })), url, '004', 'callbackUrl', ';'],
    ['a number', () => callbackHeaders(config({ callbackUrl: 1 })), url, '004', 'callbackUrl', '1'],
    [
      'six addresses',
      () => callbackHeaders(config({ callbackUrl: 'a;b;c;d;e;f;' })),
      'The number of callback url exceed max value.',
      '005',
      'callbackUrl',
      'a;b;c;d;e;f;',
    ],
    [
      'a host that can not be',
      () => callbackHeaders(config({ callbackHost: 'a\r\nb' })),
      host,
      '009',
      'callbackHost',
      'a\r\nb',
    ],
    ['a list of hosts', () => callbackHeaders(config({ callbackHost: [1] })), host, '009', 'callbackHost', '[1]'],
    ['a list for a body', () => callbackHeaders(config({ callbackBody: [1] })), body, '010', 'callbackBody', '[1]'],
    [
      '$(object)',
      () => callbackHeaders(config({ callbackBody: 'o=$(object)' })),
      body,
      '010',
      'callbackBody',
      'o=$(object)',
    ],
    [
      'a name without its end',
      () => callbackHeaders(config({ callbackBody: 'a$${object' })),
      body,
      '010',
      'callbackBody',
      'a$${object',
    ],
    [
      'no body',
      () => callbackHeaders(config({ callbackBody: '' })),
      'The callback body is empty.',
      '011',
      'callbackBody',
      '',
    ],
    [
      'a number for its type',
      () => callbackHeaders(config({ callbackBodyType: 1 })),
      type,
      '012',
      'callbackBodyType',
      '1',
    ],
    [
      'another type of body',
      () => callbackHeaders(config({ callbackBodyType: 'text/xml' })),
      type,
      undefined,
      'callbackBodyType',
      'text/xml',
    ],
    ['a header of OSS’s', () => own({ 'X-Oss-a': 'b' }), additional, '026', 'additionalHeaders', '{"X-Oss-a":"b"}'],
    ['one that HTTP needs', () => own({ host: 'b' }), additional, '026', 'additionalHeaders', '{"host":"b"}'],
    ['one with a second line', () => own({ a: 'b\nc' }), additional, '026', 'additionalHeaders', '{"a":"b\\nc"}'],
    ['a list of headers', () => own(['a']), additional, '026', 'additionalHeaders', '["a"]'],
    [
      'more than 5 KB as it is sent',
      () => callbackHeaders(long),
      'The length of callback exceed max value.',
      '001',
      'callback',
      `${long.slice(0, 100)}…`,
    ],
    [
      'variables of more than 5 KB',
      () => callbackHeaders(config(), long),
      'The length of callback var exceed max value.',
      '101',
      'callback-var',
      `${long.slice(0, 100)}…`,
    ],
    ['variables that are no Base64', () => callbackHeaders(config(), '{'), noBase64, '102', 'callback-var', '{'],
    ['variables that are no JSON', () => callbackHeaders(config(), 'eHg='), varNoJson, '103', 'callback-var', 'xx'],
    [
      'variables that are no texts',
      () => callbackHeaders(config(), { 'x:a': { b: '1' } }),
      varNoJson,
      '103',
      'callback-var',
      '{"x:a":{"b":"1"}}',
    ],
  ])('%s', async (_, headers, message, ec, ArgumentName, ArgumentValue) => {
    const bucket = await freshBucket();
    expect(ossError(await putWith(bucket, 'k', headers()))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message,
      ec: ec && `0007-00000${ec}`,
      elements: { ArgumentName, ArgumentValue },
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
