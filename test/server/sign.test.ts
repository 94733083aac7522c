/** `POST /_ossite/sign`: URLs that any HTTP client can use as they are, in strict mode, too. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { b64, fixture, ossError } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';

const temporary = 'worker-sts:sts-secret:sts-token';
const strict = await ownServer({
  auth: 'strict',
  buckets: ['signed'],
  namespaces: 'worker-*',
  'access-keys': 'first:first-secret;worker-7:secret-of-7;ossite:ossite-secret',
  'sts-tokens': temporary,
} as object);
const lenient = await ownServer({ namespaces: 'worker-*', buckets: ['signed'] });

interface Asked {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}
interface Signed {
  readonly urls: readonly string[];
  readonly known: boolean;
}

const urlFor = async (asked: Asked, version: string, server = strict, namespace = '') => {
  const path = `sign?namespace=${namespace}`;
  const { urls } = await server.control<Signed>('post', path, { requests: [asked], version });
  return urls[0] ?? '';
};

/** Signs and sends, through an HTTP client that knows nothing of OSS. */
async function send(asked: Asked, version: string, body?: Buffer | string) {
  const { method, headers = {} } = asked;
  const url = await urlFor(asked, version);
  const sent = body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) };
  return fetch(url, { method, headers, ...sent });
}

const KEYS = [
  'a b',
  'a+b',
  '100%',
  '50%41',
  '中文/图片.jpg',
  '😀.txt',
  'a//b',
  "it's (1)!*",
  'a/../b/./c',
  'a?b=c&d#e',
  '"\\x',
];

describe.each(['v1', 'v4'])('in %s, taken by a strict server', (version) => {
  const accepted = async (asked: Asked, status: number, body?: Buffer | string) => {
    const answer = await send({ bucket: 'signed', ...asked }, version, body);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('x-ossite-auth')], bytes.toString()).toEqual([status, 'ok']);
    return bytes;
  };

  it('service, bucket and object; GET, HEAD, PUT, POST and DELETE', async () => {
    const list = await accepted({ method: 'GET', bucket: '' }, 200);
    expect(list.toString()).toContain('<Name>signed</Name>');
    const headers = { 'Content-Type': 'image/jpeg', 'x-oss-meta-who': 'me', 'x-oss-object-acl': 'private' };
    await accepted({ method: 'PUT', key: 'photo.jpg', headers }, 200, fixture('photo.jpg'));
    await accepted({ method: 'HEAD', key: 'photo.jpg' }, 200);
    const processed = await accepted(
      { method: 'GET', key: 'photo.jpg', query: { 'x-oss-process': 'image/resize,w_30/rotate,90' } },
      200,
    );
    expect(await sharp(processed).metadata()).toMatchObject({ width: 20, height: 30 });
    const saved = await accepted(
      { method: 'POST', key: 'photo.jpg', query: { 'x-oss-process': '' } },
      200,
      `x-oss-process=image/resize,w_10|sys/saveas,o_${b64('small.jpg')}`,
    );
    expect(JSON.parse(saved.toString())).toMatchObject({ object: 'small.jpg', status: 'OK' });
    const task = await accepted(
      { method: 'POST', key: 'photo.jpg', query: { 'x-oss-async-process': '' } },
      200,
      'x-oss-async-process=image/deblindwatermark',
    );
    expect(JSON.parse(task.toString())).toHaveProperty('TaskId');
    const query = { 'list-type': '2', prefix: 'small', delimiter: '/', 'max-keys': '5', 'encoding-type': 'url' };
    expect((await accepted({ method: 'GET', query }, 200)).toString()).toContain('<Key>small.jpg</Key>');
    const style = '<Style><Content>image/resize,w_5</Content></Style>';
    await accepted({ method: 'PUT', query: { style: '', styleName: 'tiny' } }, 200, style);
    const styled = await accepted({ method: 'GET', key: 'photo.jpg', query: { 'x-oss-process': 'style/tiny' } }, 200);
    expect((await sharp(styled).metadata()).width).toBe(5);
    await accepted({ method: 'DELETE', query: { style: '', styleName: 'tiny' } }, 204);
    await accepted({ method: 'DELETE', key: 'small.jpg' }, 204);
    expect((await accepted({ method: 'GET', key: 'small.jpg' }, 404)).toString()).toContain('NoSuchKey');
  });

  it.each(KEYS)('the key %j', async (key) => {
    await accepted({ method: 'PUT', key, headers: { 'content-type': 'text/plain' } }, 200, `of ${key}`);
    expect((await accepted({ method: 'GET', key }, 200)).toString()).toBe(`of ${key}`);
    const query = { 'list-type': '2', prefix: key, 'encoding-type': 'url' };
    const list = (await accepted({ method: 'GET', query }, 200)).toString();
    expect(decodeURIComponent(/<Key>(.*)<\/Key>/.exec(list)?.[1] ?? '')).toBe(key);
    await accepted({ method: 'DELETE', key }, 204);
  });

  it('and refused when another header is sent than was said, or after its time', async () => {
    const url = await urlFor(
      { method: 'PUT', bucket: 'signed', key: 'x', headers: { 'Content-Type': 'a/b' } },
      version,
    );
    const other = await fetch(url, { method: 'PUT', body: 'x', headers: { 'Content-Type': 'a/c' } });
    expect(ossError({ status: other.status, text: await other.text() }).code).toBe('SignatureDoesNotMatch');
    const wrong = await fetch(url, { method: 'GET' });
    expect(ossError({ status: wrong.status, text: await wrong.text() }).code).toBe('SignatureDoesNotMatch');
    expect(Number(/(?:Expires=|x-oss-expires=)(\d+)/.exec(url)?.[1])).toBeGreaterThanOrEqual(3600);
  });

  it('in a namespace with its own key, a temporary one with its token', async () => {
    for (const name of ['worker-7', 'worker-sts']) {
      const put = await urlFor({ method: 'PUT', bucket: 'signed', key: 'own' }, version, strict, name);
      // A text would bring a Content-Type of its own.
      const answer = await fetch(put, { method: 'PUT', body: new TextEncoder().encode(name) });
      expect([answer.status, answer.headers.get('x-ossite-auth')]).toEqual([200, 'ok']);
      const got = await fetch(await urlFor({ method: 'GET', bucket: 'signed', key: 'own' }, version, strict, name));
      expect(await got.text()).toBe(name);
    }
    expect((await send({ method: 'GET', bucket: 'signed', key: 'own' }, version)).status).toBe(404);
  });
});

describe('signing', () => {
  it('says when only a lenient server takes it, and still means the namespace', async () => {
    const asked = { requests: [{ method: 'PUT', bucket: 'signed', key: 'mine' }], version: 'v4' };
    expect(await strict.control('post', 'sign', asked)).toMatchObject({ known: true });
    const { known, urls } = await lenient.control<Signed>('post', 'sign?namespace=worker-new', asked);
    expect(known).toBe(false);
    const answer = await fetch(urls[0] ?? '', { method: 'PUT', body: new Uint8Array(1) });
    expect([answer.status, answer.headers.get('x-ossite-auth')]).toEqual([200, 'unknown-key']);
    const read = { method: 'GET', bucket: 'signed', key: 'mine' };
    expect((await fetch(await urlFor(read, 'v4', lenient, 'worker-new'))).status).toBe(200);
    expect((await fetch(await urlFor(read, 'v4', lenient))).status).toBe(404);
  });

  it('names the host that the request was addressed to, and two hundred requests at once', async () => {
    const requests = Array.from({ length: 200 }, (_, i) => ({
      ...{ method: 'GET', bucket: 'signed', key: `${i}-${'k'.repeat(1000)}` },
      query: { 'x-oss-process': `image/${'resize,w_1/'.repeat(200)}` },
    }));
    const body = JSON.stringify({ requests, expires: 604_800 });
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    const sent = { line: 'POST /_ossite/sign HTTP/1.1', headers: ['Host: localhost:1234', length], body };
    const { urls } = JSON.parse((await raw(strict.ossite.endpoint, sent)).body) as Signed;
    expect(urls).toHaveLength(200);
    expect(urls.every((url, i) => url.startsWith(`http://localhost:1234/signed/${i}-kkk`))).toBe(true);
    expect(urls[0]).toContain('x-oss-expires=604800');
  });

  it.each([
    ['{}', 'the body must be {"requests"'],
    ['{"requests": [], "expires": 0}', 'expires must be an integer'],
    ['{"requests": [], "expires": 604801}', 'expires must be an integer'],
    ['{"requests": [], "version": "v2"}', 'version must be one of v1, v4'],
    ['{"requests": [1]}', 'request 0 is none'],
    ['{"requests": [{"method": "PATCH"}]}', 'request 0: method must be one of'],
    ['{"requests": [{"method": "GET", "bucket": "a/b"}]}', 'request 0: bucket must be'],
    ['{"requests": [{"method": "GET", "key": "a"}]}', 'request 0: key must be a text, in a bucket'],
    ['{"requests": [{"method": "GET", "query": {"a": 1}}]}', 'request 0: query must be an object of texts'],
    ['{"requests": [{"method": "GET", "query": {"Signature": "x"}}]}', 'Signature belongs to the signature'],
    ['{"requests": [{"method": "GET", "url": "x"}]}', 'there is no url'],
  ])('%s is a mistake', async (body, message) => {
    const { status, text } = await strict.request('post', '/_ossite/sign', { body });
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    expect([status, error.code]).toEqual([400, 'InvalidArgument']);
    expect(error.message).toContain(message);
  });

  it('half a character is what it becomes on the wire', async () => {
    const body =
      '{"requests": [{"method": "GET", "bucket": "signed", "key": "a\\ud83d", "query": {"x-oss-process": "\\ud83d"}}]}';
    const { text } = await strict.request('post', '/_ossite/sign', { body });
    const answer = await fetch((JSON.parse(text) as Signed).urls[0] ?? '');
    expect(answer.headers.get('x-ossite-auth')).toBe('ok');
  });
});
