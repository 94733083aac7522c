/** The console's page and files, as they are served. What is in them is tested in a browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/server/config.ts';
import { type Instance, start } from '../../src/server/start.ts';
import { systemClock } from '../../src/store/clock.ts';
import { frontDoor, ossError } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const page = '<!doctype html><title>Ossite</title>';
const script = `console.log(${JSON.stringify('中文 '.repeat(500))});\n`;
const font = Buffer.from([...'wOF2'].map((c) => c.charCodeAt(0)));

const dir = mkdtempSync(join(tmpdir(), 'ossite-console-'));
afterAll(() => rmSync(dir, { recursive: true }));
const built = join(dir, 'console');
mkdirSync(join(built, 'assets'), { recursive: true });
writeFileSync(join(built, 'index.html'), page);
writeFileSync(join(built, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
writeFileSync(join(built, 'assets', 'index-C4n1xYz.js'), script);
writeFileSync(join(built, 'assets', 'inter-9aB.woff2'), font);
writeFileSync(join(dir, 'secret.txt'), 'not of the console');

const servers: Instance[] = [];
afterAll(() => Promise.all(servers.map((one) => one.close())));

async function serve(given: Readonly<Record<string, string>> = {}, pages = built) {
  const settings = readSettings({ port: '0', storage: 'memory', log: 'silent', ...given }, {});
  const instance = await start(settings, systemClock, pathToFileURL(`${pages}/`));
  servers.push(instance);
  await instance.ready;
  return instance;
}

let endpoint: string;
let door: ReturnType<typeof frontDoor>;
beforeAll(async () => {
  ({ endpoint } = await serve({ hosts: 'localhost,127.0.0.1,oss.test' }));
  door = frontDoor(endpoint);
});

const ask = (line: string, host = 'localhost:6770', headers: readonly string[] = []) =>
  raw(endpoint, { line: `${line} HTTP/1.1`, headers: [`Host: ${host}`, ...headers] });

describe('the page', () => {
  it.each(['/_ossite/', '/_ossite', '/_ossite/?tab=tasks'])('stands under %s', async (path) => {
    const answer = await ask(`GET ${path}`);
    expect([answer.status, answer.body]).toEqual([200, page]);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it.each([
    ['localhost:6770', 'localhost:6770/_ossite/console/'],
    ['127.0.0.1:80', '127.0.0.1:80/_ossite/console/'],
    ['OSS.test', 'oss.test/_ossite/console/'],
    // No policy can name such an address.
    ['[::1]:6770', "'self'"],
  ])('on %s scripts, styles and fonts come from %s alone', async (host, source) => {
    const { headers } = await ask('GET /_ossite/', host);
    const policy = Object.fromEntries(
      (headers['content-security-policy'] ?? '').split('; ').map((one) => {
        const [name = '', ...values] = one.split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': source,
      'style-src': source,
      'font-src': source,
      'connect-src': "'self'",
      'img-src': "'self' data: blob:",
      'media-src': "'self' blob:",
      'frame-src': "'self' blob:",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  });

  it.each(['[::1]; script-src *', '[::1].evil.example', 'localhost:6770; script-src *', 'localhost:x', 'evil.example'])(
    'a host "%s" gets none, and no word into a policy',
    async (host) => {
      const answer = await ask('GET /_ossite/', host);
      expect([answer.status, answer.headers['content-security-policy']]).toEqual([403, undefined]);
    },
  );

  it('HEAD has the headers, 304 says that nothing changed', async () => {
    const { headers } = await ask('GET /_ossite/');
    const head = await ask('HEAD /_ossite/');
    expect([head.status, head.body, head.headers['content-length'], head.headers.etag]).toEqual([
      200,
      '',
      String(page.length),
      headers.etag,
    ]);
    for (const etag of [headers.etag, `W/${headers.etag}`, `"other", ${headers.etag}`]) {
      const again = await ask('GET /_ossite/', 'localhost', [`If-None-Match: ${etag}`]);
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', headers.etag]);
    }
    expect((await ask('GET /_ossite/', 'localhost', ['If-None-Match: "other"'])).status).toBe(200);
  });

  it('takes no other method', async () => {
    const { status, body } = await ask('PUT /_ossite/', 'localhost', ['Content-Length: 0']);
    expect([status, JSON.parse(body)]).toMatchObject([405, { error: { code: 'MethodNotAllowed' } }]);
  });
});

describe('its files', () => {
  it.each([
    ['assets/index-C4n1xYz.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['assets/inter-9aB.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['icon.svg', 'image/svg+xml', 'no-cache'],
  ])('%s is %s, kept %s', async (file, type, cache) => {
    const { status, headers } = await door.request('get', `/_ossite/console/${file}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': type,
      'cache-control': cache,
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=0.5, identity', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
    ['zstd', undefined],
  ])('a script for who takes %s is packed by %s', async (accepted, coding) => {
    const path = '/_ossite/console/assets/index-C4n1xYz.js';
    const get = (headers = {}) => door.request('get', path, { headers: { 'accept-encoding': accepted, ...headers } });
    const answer = await get();
    expect([answer.headers['content-encoding'], answer.headers.vary]).toEqual([coding, 'Accept-Encoding']);
    expect(answer.text).toBe(script);
    if (coding !== undefined) expect(Number(answer.headers['content-length'])).toBeLessThan(script.length / 4);
    const again = await get({ 'if-none-match': answer.headers.etag });
    expect([again.status, again.headers.etag]).toEqual([304, answer.headers.etag]);
  });

  it('other codings have other ETags, and what is packed already stays as it is', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (coding) => {
        const { headers } = await door.request('head', '/_ossite/console/assets/index-C4n1xYz.js', {
          headers: { 'accept-encoding': coding },
        });
        return headers.etag;
      }),
    );
    expect(new Set(tags).size).toBe(3);
    const { headers, bytes } = await door.request('get', '/_ossite/console/assets/inter-9aB.woff2', {
      headers: { 'accept-encoding': 'br' },
    });
    expect([headers['content-encoding'], bytes]).toEqual([undefined, font]);
  });

  it.each([
    'console/index.html',
    'console/',
    'console/assets',
    'console/nothing.js',
    'console/../secret.txt',
    'console/../../secret.txt',
    'console/..%2fsecret.txt',
    'console/%2e%2e/secret.txt',
    'console/assets/../../secret.txt',
    'console//etc/passwd',
    'console/..%5csecret.txt',
    'console/__proto__',
    'secret.txt',
  ])('%s is none', async (path) => {
    const { status, body } = await ask(`GET /_ossite/${path}`);
    expect([status, (JSON.parse(body) as { error: { code: string } }).error.code]).toEqual([404, 'NotFound']);
  });
});

describe('a browser that opens /', () => {
  it('is led to the page', async () => {
    const { status, headers } = await ask('GET /', 'localhost:6770', [`Accept: ${BROWSER}`]);
    expect([status, headers.location]).toEqual([302, '/_ossite/']);
  });

  it.each<[string, string, readonly string[]]>([
    ['a program that takes anything', 'GET /', ['Accept: */*']],
    ['a program that says nothing', 'GET /', []],
    ['one that likes XML better', 'GET /', ['Accept: application/xml, text/html;q=0.9']],
    ['one that asks for something', 'GET /?max-keys=1', [`Accept: ${BROWSER}`]],
    ['one that signs', 'GET /', [`Accept: ${BROWSER}`, 'Authorization: OSS ossite:wrong']],
  ])('%s is not: it gets the list of buckets', async (_, line, headers) => {
    const answer = await ask(line, 'localhost', headers);
    expect([answer.status, answer.headers.location]).toEqual([200, undefined]);
    expect(answer.body).toContain('<ListAllMyBucketsResult>');
  });

  it('is not under a bucket’s own host', async () => {
    const bucket = await door.freshBucket();
    const answer = await ask('GET /', `${bucket}.localhost`, [`Accept: ${BROWSER}`]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`<Name>${bucket}</Name>`);
    const page = await ask('GET /_ossite/', `${bucket}.localhost`, [`Accept: ${BROWSER}`]);
    expect([page.status, ossError({ status: page.status, text: page.body }).code]).toEqual([404, 'NoSuchKey']);
  });
});

describe('without it', () => {
  it('the server says how it is built', async () => {
    const other = frontDoor((await serve({}, join(dir, 'nothing'))).endpoint);
    const { status, headers, text } = await other.request('get', '/_ossite/');
    expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(text).toContain('npm run build');
    expect((await other.request('get', '/_ossite/console/icon.svg')).status).toBe(404);
  });

  it('--console=false leaves nothing of it', async () => {
    const off = frontDoor((await serve({ console: 'false' })).endpoint);
    for (const path of ['', 'console/icon.svg']) {
      const { status, text } = await off.request('get', `/_ossite/${path}`);
      expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: 'NotFound' } }]);
    }
    const root = await off.request('get', '/', { headers: { accept: BROWSER } });
    expect(root.text).toContain('<ListAllMyBucketsResult>');
    expect((await off.request('get', '/_ossite/ready')).status).toBe(200);
  });

  it.each([
    [{ console: 'false' }, {}, {}],
    [{}, { OSSITE_CONSOLE: 'false' }, {}],
    [{}, {}, { console: 'false' }],
  ])('flag, environment and file turn it off: %j %j %j', (given, environment, file) => {
    expect(readSettings(given, environment, file).console).toBe(false);
    expect(readSettings({}, {}).console).toBe(true);
  });
});

it('answers of the control API are for nobody to keep, or to take for something else', async () => {
  const server = await ownServer();
  for (const path of ['ready', 'nothing', 'metrics', 'callback_pub_key_v1.pem']) {
    const { headers } = await server.request('get', `/_ossite/${path}`);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  }
});
