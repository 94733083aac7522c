/** Pages that mean harm: what they can not do to the control API, and where what somebody uploaded is shown (raw requests). */
import { beforeAll, describe, expect, it } from 'vitest';
import { sandboxed } from '../../src/server/browsers.ts';
import { fixture, ossError } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';
import { signedV1 } from '../helpers/sign.ts';

const HOST = 'localhost:6770';
const OWN = `http://${HOST}`;
const SANDBOX = 'sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads';

const server = await ownServer({ hosts: ['localhost', '127.0.0.1', 'oss.test'], cnames: ['cdn.test=site-of-mine'] });
const { endpoint } = server.ossite;

const ask = (line: string, headers: readonly string[] = [], host = HOST, body = '') =>
  raw(endpoint, {
    line: `${line} HTTP/1.1`,
    headers: [`Host: ${host}`, ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]), ...headers],
    body,
  });

const codeOf = (body: string) => (JSON.parse(body) as { error?: { code: string } }).error?.code;

describe('calls of the control API that change something', () => {
  const call = (headers: readonly string[], line = 'POST /_ossite/reset', host = HOST) =>
    ask(line, ['Content-Length: 0', ...headers], host);
  const marked = 'x-ossite-control: 1';
  const site = (value: string) => `Sec-Fetch-Site: ${value}`;

  it.each<[string, readonly string[]]>([
    ['a program', []],
    ['a program with a header of its own', ['User-Agent: curl/8.5.0', 'Accept: */*']],
    ['a program that has a mode alone', ['Sec-Fetch-Mode: no-cors']],
    ['the console', [`Origin: ${OWN}`, site('same-origin'), 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', marked]],
    ['the console on an address that is no secure one', [`Origin: ${OWN}`, marked]],
    ['the console behind a proxy with TLS', [`Origin: https://${HOST}`, site('same-origin'), marked]],
  ])('are taken from %s', async (_, headers) => {
    const { status, body } = await call(headers);
    expect([status, JSON.parse(body)]).toEqual([200, { reset: true }]);
  });

  it('are taken from the fetch of Node.js', async () => {
    const answer = await fetch(`${server.ossite.endpoint}/_ossite/reset`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([200, { reset: true }]);
  });

  it.each<[string, readonly string[], string]>([
    ['another site', ['Origin: http://evil.example', site('cross-site'), marked], 'ForbiddenOrigin'],
    ['another site whose browser tells no more', ['Origin: http://evil.example', marked], 'ForbiddenOrigin'],
    ['a bucket’s own host', [`Origin: http://b.${HOST}`, site('same-site'), marked], 'ForbiddenOrigin'],
    ['another port', ['Origin: http://localhost:3000', site('same-site'), marked], 'ForbiddenOrigin'],
    ['a sandboxed page', ['Origin: null', site('same-origin'), marked], 'ForbiddenOrigin'],
    ['the same host by TLS, without the browser’s word', [`Origin: https://${HOST}`, marked], 'ForbiddenOrigin'],
    ['an origin with more behind it', [`Origin: ${OWN}.evil.example`, marked], 'ForbiddenOrigin'],
    ['the address bar', [site('none'), 'Sec-Fetch-Mode: navigate', marked], 'ForbiddenOrigin'],
    ['a page that says nothing of its origin', [site('same-site'), marked], 'ForbiddenOrigin'],
    ['a form of its own', [`Origin: ${OWN}`, site('same-origin'), 'Sec-Fetch-Dest: iframe'], 'ControlHeaderMissing'],
    ['a page without the header', [`Origin: ${OWN}`], 'ControlHeaderMissing'],
    ['a page with another value', [`Origin: ${OWN}`, 'x-ossite-control: yes'], 'ControlHeaderMissing'],
    ['what has a destination alone', ['Sec-Fetch-Dest: empty'], 'ControlHeaderMissing'],
  ])('are refused from %s', async (_, headers, code) => {
    const { status, body } = await call(headers);
    expect([status, codeOf(body)]).toEqual([403, code]);
  });

  it.each([
    'PUT /_ossite/faults',
    'DELETE /_ossite/faults',
    'DELETE /_ossite/requests',
    'PUT /_ossite/clock',
    'POST /_ossite/explain',
    'POST /_ossite/tasks/drain',
    'POST /_ossite/nothing',
    'OPTIONS /_ossite/reset',
  ])('%s is one of them', async (line) => {
    const { status, body, headers } = await call(['Origin: http://evil.example'], line);
    expect([status, codeOf(body)]).toEqual([403, 'ForbiddenOrigin']);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('nothing is done when they are refused', async () => {
    await server.control('put', 'faults', { rules: [{ op: 'GetObject', status: 503 }] });
    await ask('DELETE /_ossite/faults', ['Origin: http://evil.example', 'Sec-Fetch-Site: cross-site']);
    const { rules } = await server.control<{ rules: unknown[] }>('get', 'faults');
    expect(rules).toHaveLength(1);
    await server.control('delete', 'faults');
  });

  it('what only reads is answered, to nobody else’s script', async () => {
    const { status, headers } = await ask('GET /_ossite/requests', ['Origin: http://evil.example']);
    expect([status, headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

describe('names of the server', () => {
  it.each([
    'localhost:6770',
    '127.0.0.1',
    '192.168.7.7:1',
    '[::1]:6770',
    'oss.test:80',
    'OSS.Test',
    'oss-cn-hangzhou.aliyuncs.com',
  ])('the control API answers on %s', async (host) =>
    expect((await ask('GET /_ossite/live', [], host)).status).toBe(200),
  );

  it.each([
    'ossite:6770',
    'evil.example',
    'localhost.evil.example',
    'host.docker.internal',
    '127.0.0.1.nip.io',
    'undefined.localhost',
  ])('it does not on %s, and says which setting has the names', async (host) => {
    for (const line of ['GET /_ossite/live', 'GET /_ossite/', 'POST /_ossite/reset']) {
      const { status, body } = await ask(line, ['Content-Length: 0'], host);
      expect([status, codeOf(body)]).toEqual([403, 'ForbiddenHost']);
      expect(body).toContain('the setting hosts');
    }
  });
});

describe('what somebody uploaded', () => {
  const page = '<script>fetch("/_ossite/reset",{method:"POST",headers:{"x-ossite-control":"1"}})</script>';
  const bucket = 'site-of-mine';
  beforeAll(async () => {
    await server.request('put', `/${bucket}`, { headers: { 'x-oss-acl': 'public-read' } });
    const put = (key: string, type: string, body: Buffer | string) =>
      server.put(bucket, key, Buffer.from(body), { 'content-type': type });
    await put('page.html', 'text/html', page);
    await put('picture.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await put('feed.xml', 'application/xml', '<a/>');
    await put('unknown', 'x/y', page);
    await put('worker.js', 'text/javascript', 'onmessage = () => {};');
    await put('report.pdf', 'application/pdf', '%PDF-1.4');
    await put('no.pdf', 'application/pdf; x=1', '%PDF-1.4');
    await put('photo.jpg', 'image/jpeg', fixture('photo.jpg'));
    await put('report.docx', 'application/octet-stream', fixture('report.docx'));
    await server.request('put', `/${bucket}?website`, {
      body: '<WebsiteConfiguration><IndexDocument><Suffix>page.html</Suffix></IndexDocument><ErrorDocument><Key>page.html</Key></ErrorDocument></WebsiteConfiguration>',
    });
  });

  const policyOf = async (line: string, headers: readonly string[], host = HOST) =>
    (await ask(line, headers, host)).headers['content-security-policy'];
  const dest = (value: string) => [`Sec-Fetch-Dest: ${value}`];
  const HTML = ['Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'];

  it.each(['page.html', 'picture.svg', 'feed.xml', 'unknown', 'photo.jpg', 'no.pdf', 'missing', ''])(
    '%s is shown by a browser apart from the console',
    async (key) => {
      for (const shown of [
        ...['document', 'iframe', 'frame', 'embed', 'object', 'worker', 'sharedworker'].map(dest),
        HTML,
      ])
        expect(await policyOf(`GET /${bucket}/${key}`, shown)).toBe(SANDBOX);
    },
  );

  it.each<[string, string]>([
    ['the website’s index', `GET /${bucket}/`],
    ['the website’s error page', `GET /${bucket}/nothing`],
    ['a process string', `GET /${bucket}/photo.jpg?x-oss-process=image/info`],
    ['a type of the client’s choice', `GET /${bucket}/photo.jpg?response-content-type=text/html`],
    ['an error', 'GET /no-such-bucket/x'],
    ['a request that is none of OSS’s', `GET /${bucket}/page.html?acl&tagging`],
    ['a name that is no UTF-8', `GET /${bucket}/%ff`],
    ['IMM’s answer', 'GET /?Action=ListTasks'],
    ['what is signed for S3', `GET /${bucket}/page.html?AWSAccessKeyId=x`],
    ['a signed URL', `GET /${bucket}/page.html?OSSAccessKeyId=ossite&Expires=1&Signature=x`],
  ])('%s is, too', async (_, line) => expect(await policyOf(line, dest('document'))).toBe(SANDBOX));

  it('a document that is shown as a page is, too', async () => {
    const answer = await ask(`GET /${bucket}/report.docx?x-oss-process=doc/preview`, dest('iframe'));
    expect([answer.status, answer.headers['content-security-policy']]).toEqual([200, SANDBOX]);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
  });

  it('what a browser fetches to show it later from its cache has the policy already', async () => {
    for (const headers of [
      dest('empty'),
      dest('image'),
      ['Origin: http://evil.example', 'Accept: */*'],
      ['User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'Accept: image/avif,*/*'],
    ])
      expect(await policyOf(`GET /${bucket}/page.html`, headers)).toBe(SANDBOX);
    const { headers } = await ask(`GET /${bucket}/page.html`);
    const again = await ask(`GET /${bucket}/page.html`, [...dest('document'), `If-None-Match: ${headers.etag}`]);
    expect([again.status, again.headers['content-security-policy']]).toEqual([304, SANDBOX]);
  });

  it('a policy that an answer has stays beside it', () => {
    const shown = (name: string) => (name === 'sec-fetch-dest' ? 'document' : undefined);
    expect(sandboxed(shown, 'text/html', "default-src 'none'")).toBe(`default-src 'none', ${SANDBOX}`);
  });

  it('a PDF is not: Chrome shows none in a sandbox', async () => {
    expect(await policyOf(`GET /${bucket}/report.pdf`, dest('iframe'))).toBeUndefined();
    // What only says that it is one, or no more than begins so, is.
    expect(await policyOf(`GET /${bucket}/page.html?response-content-type=application/pdfx`, dest('iframe'))).toBe(
      SANDBOX,
    );
  });

  it.each<[string, readonly string[]]>([
    ['says nothing', []],
    ['takes anything', ['Accept: */*', 'User-Agent: curl/8.5.0']],
    [
      'is an SDK',
      [
        'User-Agent: aliyun-sdk-nodejs/6.23.0',
        ...Object.entries(signedV1('GET', `/${bucket}/page.html`)).map(([name, value]) => `${name}: ${value}`),
      ],
    ],
  ])('a program that %s sees nothing of it', async (_, headers) => {
    const answer = await ask(`GET /${bucket}/page.html`, headers);
    expect([answer.status, answer.body, answer.headers['content-security-policy']]).toEqual([200, page, undefined]);
  });

  it.each([`${bucket}.localhost:6770`, `${bucket}.oss-cn-hangzhou.aliyuncs.com`, 'cdn.test'])(
    'under %s, a bucket’s own host, a page is all it is',
    async (host) => {
      const answer = await ask('GET /page.html', dest('document'), host);
      expect([answer.status, answer.body, answer.headers['content-security-policy']]).toEqual([200, page, undefined]);
    },
  );

  it('a service worker is refused, and taken under a bucket’s own host', async () => {
    for (const headers of [['Service-Worker: script'], dest('serviceworker')]) {
      const { status, body } = await ask(`GET /${bucket}/worker.js`, headers);
      expect(ossError({ status, text: body })).toMatchObject({ status: 403, code: 'AccessDenied' });
      expect((await ask('GET /worker.js', headers, `${bucket}.localhost`)).status).toBe(200);
    }
  });
});
