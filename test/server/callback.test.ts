/** Callbacks: what the client's server is told, and what the client is answered (rest-core.md §1.5). */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  base64Json,
  type CallbackServer,
  callbackHeaders,
  callbackTo,
  startCallbackServer,
} from '../helpers/callback-server.ts';
import { formBody, formType } from '../helpers/form.ts';
import { fixture, freshBucket, get, pathOf, request } from '../helpers/ossite.ts';
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

describe('what the server is told', () => {
  const everything = [
    'bucket',
    'object',
    'etag',
    'size',
    'mimeType',
    'imageInfo.height',
    'imageInfo.width',
    'imageInfo.format',
    'crc64',
    'contentMd5',
    'vpcId',
    'clientIp',
    'reqId',
    'operation',
    'x:a',
    'x:missing',
    'nothing',
  ];

  it('a form, with its values encoded', async () => {
    const bucket = await freshBucket();
    const callback = config({ callbackBody: everything.map((name) => `${name}=\${${name}}`).join('&') });
    const answer = await putWith(bucket, 'dir/a b&中.txt', {
      ...callbackHeaders(callback, { 'x:a': '1&2' }),
      'content-type': 'text/plain',
    });
    expect(answer).toMatchObject({ status: 200, text: '{"Status":"OK"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'x-oss-hash-crc64ecma': expect.stringMatching(/^\d+$/) as string,
    });
    const [call] = server.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/done' });
    expect(call?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(call?.body.length),
      'content-md5': createHash('md5')
        .update(call?.body ?? '')
        .digest('base64'),
      host: server.host,
      'user-agent': 'aliyun-oss-callback',
      'x-oss-bucket': bucket,
      'x-oss-request-id': answer.headers['x-oss-request-id'],
      'x-oss-requester': 'anonymous',
      'x-oss-signature-version': '1.0',
      'x-oss-tag': 'CALLBACK',
    });
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      bucket,
      object: 'dir/a b&中.txt',
      etag: '5D41402ABC4B2A76B9719D911017C592',
      size: '5',
      mimeType: 'text/plain',
      'imageInfo.height': '',
      'imageInfo.width': '',
      'imageInfo.format': '',
      crc64: answer.headers['x-oss-hash-crc64ecma'],
      contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
      vpcId: '',
      clientIp: '127.0.0.1',
      reqId: answer.headers['x-oss-request-id'],
      operation: 'PutObject',
      'x:a': '1&2',
      'x:missing': '',
      nothing: '',
    });
    expect(call?.body).toContain('mimeType=text%2Fplain');
  });

  it('JSON, whose texts are quoted and whose numbers are not; of pictures size and format', async () => {
    const bucket = await freshBucket();
    const body = `{${everything.map((name) => `"${name}":\${${name}}`).join(',')}}`;
    const callback = config({ callbackBody: body, callbackBodyType: 'application/json' });
    await putWith(bucket, 'a"b.jpg', callbackHeaders(callback), fixture('photo.jpg'));
    const [call] = server.calls;
    expect(call?.headers['content-type']).toBe('application/json');
    const info = JSON.parse((await get(bucket, 'a"b.jpg', { 'x-oss-process': 'image/info' })).text) as Record<
      string,
      { value: string }
    >;
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      object: 'a"b.jpg',
      size: fixture('photo.jpg').length,
      'imageInfo.height': Number(info.ImageHeight?.value),
      'imageInfo.width': Number(info.ImageWidth?.value),
      'imageInfo.format': 'jpg',
      'x:a': '',
    });
  });

  it('signed with a key that the server finds where the request says', async () => {
    const bucket = await freshBucket();
    for (const path of ['/a%20b/%E4%B8%AD?x=%31&y', '']) {
      await putWith(bucket, 'k', callbackHeaders(config({ callbackUrl: `${server.host}${path}` })));
      const call = server.calls.at(-1);
      const keyUrl = Buffer.from(String(call?.headers['x-oss-pub-key-url']), 'base64').toString();
      const pem = await (await fetch(keyUrl)).text();
      const [called = '', query] = (call?.path ?? '').split('?');
      const signed = `${decodeURIComponent(called)}${query === undefined ? '' : `?${query}`}\n${call?.body}`;
      const signature = Buffer.from(String(call?.headers.authorization), 'base64');
      expect(verify('md5', Buffer.from(signed), createPublicKey(pem), signature)).toBe(true);
    }
  });

  it('with the key that is found at the address of OSS’s own, where that name leads here', async () => {
    const [own, { text }] = await Promise.all([
      request('get', '/callback_pub_key_v1.pem', { headers: { host: 'gosspublic.alicdn.com' } }),
      request('get', '/_ossite/callback_pub_key_v1.pem'),
    ]);
    expect(own).toMatchObject({ status: 200, text });
    const other = await request('get', '/callback_pub_key_v1.pem', { headers: { host: 'alicdn.com' } });
    expect(other.status).toBe(404);
  });

  it('under the bucket’s own host the key has its address, too', async () => {
    const bucket = await freshBucket();
    const headers = { ...callbackHeaders(config()), host: `${bucket}.localhost` };
    await request('put', '/k', { body: 'x', headers });
    const keyUrl = Buffer.from(String(server.calls[0]?.headers['x-oss-pub-key-url']), 'base64').toString();
    expect(await (await fetch(keyUrl)).text()).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });

  it('the Host header it asks for, and headers of its own', async () => {
    const bucket = await freshBucket();
    const additionalHeaders = { Key1: 'val 1', 'User-Agent': 'mine', Authorization: 'mine' };
    await putWith(bucket, 'k', callbackHeaders(config({ callbackHost: 'app.example', additionalHeaders })));
    const headers = server.calls[0]?.headers;
    expect(headers).toMatchObject({ host: 'app.example', key1: 'val 1', 'user-agent': 'aliyun-oss-callback' });
    expect(headers?.authorization).toMatch(/^[\w+/]{342}==$/);
  });

  it('the account it belongs to, whatever the key is called', async () => {
    const bucket = await freshBucket();
    const authorization = 'OSS \u043a\u043b\u044e\u0447:none';
    const headers = { ...callbackHeaders(config()), authorization: Buffer.from(authorization).toString('latin1') };
    expect((await putWith(bucket, 'k', headers)).status).toBe(200);
    expect(server.calls[0]?.headers['x-oss-requester']).toMatch(/^\d{16}$/);
  });

  it.each<[boolean | undefined, readonly string[]]>([
    [true, ['localhost']],
    [undefined, []],
  ])('with callbackSNI %s the names sent are %j, whatever the Host header', async (callbackSNI, expected) => {
    const names: string[] = [];
    // It has no certificate: the name comes before one is needed.
    const tls = createServer({ SNICallback: (name, done) => done(null, void names.push(name)) });
    tls.listen(0);
    await once(tls, 'listening');
    const callbackUrl = `https://localhost:${(tls.address() as AddressInfo).port}/`;
    const callback = config({ callbackUrl, callbackHost: 'app.example', callbackSNI });
    const answer = await putWith(await freshBucket(), 'k', callbackHeaders(callback));
    tls.close();
    expect([answer.status, names]).toEqual([203, expected]);
  });
});

describe('what the client is answered', () => {
  it('XML, where the server says so', async () => {
    server.answer = { status: 200, body: '<ok/>', headers: { 'content-type': 'application/xml' } };
    const answer = await putWith(await freshBucket(), 'k', callbackHeaders(config()));
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '<ok/>', 'application/xml']);
  });

  it.each([{ callbackUrl: '' }, { callbackUrl: undefined }])(
    'OSS’s own answer when %j names no server',
    async (url) => {
      const bucket = await freshBucket();
      const answer = await putWith(bucket, 'k', callbackHeaders(config(url)));
      expect([answer.status, answer.text, server.calls]).toEqual([200, '', []]);
      expect((await get(bucket, 'k')).text).toBe('hello');
    },
  );
});

describe('who may ask', () => {
  it('PutObject, in its query as well', async () => {
    const bucket = await freshBucket();
    const query = new URLSearchParams({
      callback: base64Json(config({ callbackBody: `v=\${x:v}` })),
      // A name that no variable can have means nothing.
      'callback-var': base64Json({ 'x:v': '>>>?', v: 'no' }),
    });
    const answer = await request('put', `${pathOf(bucket, 'k')}?${query.toString()}`, { body: 'x' });
    expect(answer.text).toBe('{"Status":"OK"}');
    expect(server.calls[0]?.body).toBe('v=%3E%3E%3E%3F');
  });

  it('PostObject, whose fields x:name are variables', async () => {
    const bucket = await freshBucket();
    const callback = base64Json(config({ callbackBody: `op=\${operation}&v=\${x:v}&w=\${x:w}` }));
    const body = formBody([
      ['key', 'k'],
      ['success_action_status', '201'],
      ['callback', callback],
      ['callback-var', base64Json({ 'x:v': 'no', 'x:w': 'var' })],
      ['x:v', 'field'],
    ]);
    const answer = await request('post', `/${bucket}`, { body, headers: formType });
    expect(answer).toMatchObject({ status: 200, text: '{"Status":"OK"}' });
    expect(server.calls[0]?.body).toBe('op=PostObject&v=field&w=var');
  });

  it('CompleteMultipartUpload, instead of whose document the callback’s answer comes', async () => {
    const bucket = await freshBucket();
    const started = await request('post', `${pathOf(bucket, 'k')}?uploads`);
    const id = /<UploadId>([^<]+)/.exec(started.text)?.[1] ?? '';
    await request('put', `${pathOf(bucket, 'k')}?partNumber=1&uploadId=${id}`, { body: 'part' });
    const headers = {
      ...callbackHeaders(config({ callbackBody: `\${operation} \${size} \${etag}` })),
      'x-oss-complete-all': 'yes',
    };
    const answer = await request('post', `${pathOf(bucket, 'k')}?uploadId=${id}`, { headers });
    expect(answer).toMatchObject({ status: 200, text: '{"Status":"OK"}' });
    expect(server.calls[0]?.body).toMatch(/^CompleteMultipartUpload 4 [0-9A-F]{32}-1$/);
  });

  it('ali-oss', async () => {
    const bucket = await freshBucket();
    const client = sdk(forms['path style (sldEnable)'] as object, { bucket });
    const callback = {
      url: `http://${server.host}/done`,
      body: `bucket=\${bucket}&var1=\${x:var1}`,
      contentType: 'application/x-www-form-urlencoded',
      customValue: { var1: 'value1' },
    };
    const result = (await client.put('k', Buffer.from('x'), { callback })) as unknown as { data: object };
    expect(result.data).toEqual({ Status: 'OK' });
    expect(server.calls[0]?.body).toBe(`bucket=${bucket}&var1=value1`);
  });
});
