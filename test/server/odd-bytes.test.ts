/**
 * Values that are no UTF-8: GBK, Latin-1, halves of characters. They come back byte by byte, and signatures over those bytes
 * are right, as PHP and Python clients make them (rest-core.md W13, §4.1, §4.4).
 */
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../src/server/wire.ts';
import { ossError } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { raw } from '../helpers/raw.ts';

const server = await ownServer({ auth: 'strict', buckets: ['odd'] });

/** Bytes as one writes them into a header: one character each. */
const hex = (text: string) => Buffer.from(text, 'hex').toString('latin1');
const GBK = hex('d6d0cec4');
const values: Readonly<Record<string, string>> = {
  'x-oss-meta-gbk': GBK,
  'x-oss-meta-latin': 'caf\xe9',
  'x-oss-meta-half': hex('e4b8'),
  // A surrogate, and what stands for bytes that can not be read: neither is to be taken for the other.
  'x-oss-meta-surrogate': hex('edb096'),
  'x-oss-meta-replaced': hex('efbfbdd6'),
  'x-oss-meta-mixed': `${Buffer.from('图 ').toString('latin1')}${GBK} ok`,
  // Blanks of other alphabets are no blanks of HTTP.
  'x-oss-meta-wide': Buffer.from('\u3000图\u3000').toString('latin1'),
  'content-type': `text/plain; name=${GBK}`,
  'content-disposition': `attachment; filename=${GBK}`,
};

const SECRET = 'ossite-secret';
type Headers = Readonly<Record<string, string>>;
const ossHeaders = (headers: Headers, also: readonly string[] = []) =>
  Object.entries(headers)
    .filter(([name]) => name.startsWith('x-oss-') || also.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');

/** Signs bytes, which the texts here are. */
function v1(method: string, resource: string, headers: Headers = {}): Headers {
  const date = new Date().toUTCString();
  const text = `${method}\n\n${headers['content-type'] ?? ''}\n${date}\n${ossHeaders(headers)}${resource}`;
  const signature = createHmac('sha1', SECRET).update(text, 'latin1').digest('base64');
  return { ...headers, date, authorization: `OSS ossite:${signature}` };
}

function v4(method: string, path: string, query: string, headers: Headers = {}): Headers {
  const time = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const sent = { ...headers, 'x-oss-date': time, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
  const signed = ossHeaders(sent, ['content-type']);
  const canonical = [method, path, query, signed, '', 'UNSIGNED-PAYLOAD'].join('\n');
  const scope = `${time.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const key = scope
    .split('/')
    .reduce((last, part) => createHmac('sha256', last).update(part).digest(), Buffer.from(`aliyun_v4${SECRET}`));
  const signature = createHmac('sha256', key).update(`OSS4-HMAC-SHA256\n${time}\n${scope}\n${hash}`).digest('hex');
  return { ...sent, authorization: `OSS4-HMAC-SHA256 Credential=ossite/${scope},Signature=${signature}` };
}

/** Written by hand: Node's own client mangles a Content-Disposition that is not ASCII. */
function send(method: string, target: string, headers: Headers, body = '') {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return raw(server.ossite.endpoint, {
    line: `${method} ${target} HTTP/1.1`,
    headers: ['Host: localhost', `Content-Length: ${body.length}`, ...lines],
    encoding: 'latin1',
    body,
  });
}

const resource = (key: string) => `/odd/${key}`;

describe('headers that are no UTF-8', () => {
  it.each([
    ['V1', (key: string) => v1('PUT', resource(key), values)],
    ['V4', (key: string) => v4('PUT', resource(key), '', values)],
  ] as const)('%s: signatures are right, and the bytes come back', async (name, signed) => {
    const answer = await send('PUT', resource(name), signed(name), 'x');
    expect([answer.status, answer.headers['x-ossite-auth']], answer.body).toEqual([200, 'ok']);
    for (const method of ['HEAD', 'GET'])
      expect((await send(method, resource(name), v1(method, resource(name)))).headers).toMatchObject(values);
  });

  it('copies, parts, versions and a change of the ACL keep them', async () => {
    await send('PUT', resource('source'), v1('PUT', resource('source'), values), 'x');
    await send('PUT', resource('copy'), v1('PUT', resource('copy'), { 'x-oss-copy-source': resource('source') }));
    const begun = await send(
      'POST',
      `${resource('parts')}?uploads`,
      v1('POST', `${resource('parts')}?uploads`, values),
    );
    const id = /<UploadId>(\w+)/.exec(begun.body)?.[1];
    const part = `${resource('parts')}?partNumber=1&uploadId=${id}`;
    await send('PUT', part, v1('PUT', part), 'x');
    const all = { 'x-oss-complete-all': 'yes' };
    const end = `${resource('parts')}?uploadId=${id}`;
    expect((await send('POST', end, v1('POST', end, all))).status).toBe(200);
    const acl = { 'x-oss-object-acl': 'public-read' };
    await send('PUT', `${resource('source')}?acl`, v1('PUT', `${resource('source')}?acl`, acl));
    for (const key of ['source', 'copy', 'parts'])
      expect((await send('HEAD', resource(key), v1('HEAD', resource(key)))).headers, key).toMatchObject(values);
  });

  it('what was signed is shown byte by byte when it is wrong', async () => {
    const wrong = { ...v1('PUT', resource('wrong')), 'x-oss-meta-gbk': GBK };
    const { status, body } = await send('PUT', resource('wrong'), wrong, 'x');
    const { code, elements } = ossError({ status, text: body });
    expect(code).toBe('SignatureDoesNotMatch');
    expect(elements.StringToSignBytes).toContain(' 3A D6 D0 CE C4 0A ');
  });

  it.each(['x-oss-symlink-target', 'x-oss-copy-source'])('%s names a key: that must be UTF-8', async (name) => {
    const path = `${resource('n')}${name.includes('symlink') ? '?symlink' : ''}`;
    const { status, body } = await send('PUT', path, v1('PUT', path, { [name]: `/odd/${GBK}` }));
    const error = ossError({ status, text: body });
    expect([error.code, error.message]).toEqual(['InvalidArgument', 'The characters encoding must be utf-8.']);
  });

  it('8 KB of metadata are counted in bytes', async () => {
    const meta = (length: number) => ({ 'x-oss-meta-a': '\xd6'.repeat(length - 1) });
    const sent = (length: number) => send('PUT', resource('big'), v1('PUT', resource('big'), meta(length)), 'x');
    expect([(await sent(8192)).status, (await sent(8193)).status]).toEqual([200, 400]);
  });
});

describe('queries that are no UTF-8', () => {
  const asked = 'response-content-disposition=%D6%D0';
  it.each([
    ['V1', v1('GET', `${resource('V1')}?response-content-disposition=${hex('d6d0')}`)],
    ['V4', v4('GET', resource('V1'), asked)],
  ] as const)('%s: signatures are right, and the bytes come back', async (_, headers) => {
    const answer = await send('GET', `${resource('V1')}?${asked}`, headers);
    expect([answer.status, answer.headers['content-disposition']], answer.body).toEqual([200, hex('d6d0')]);
  });

  it('a prefix finds nothing, and is told as it came', async () => {
    const query = 'encoding-type=url&prefix=%D6';
    const { status, body } = await send('GET', `/odd?${query}`, v4('GET', '/odd/', query));
    expect([status, body.includes('<Prefix>%D6</Prefix>'), body.includes('<Key>')]).toEqual([200, true, false]);
  });
});

describe('text that keeps bytes', () => {
  it('is UTF-8 where the bytes are, and gives back any bytes', () => {
    for (const text of ['plain', '图 😀', '\ufeff\ufffd', '\u0001'])
      expect([textOf(Buffer.from(text).toString('latin1')), bytesOf(text)]).toEqual([text, Buffer.from(text)]);
    // Seeded: what fails can be looked at again.
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >> 16;
    };
    const leads = [0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xe4, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0xa0, 0x9f, 0x90];
    for (let i = 0; i < 5000; i += 1) {
      const bytes = Buffer.from(Array.from({ length: next() % 12 }, () => leads[next() % leads.length] as number));
      const text = textOf(bytes.toString('latin1'));
      expect(bytesOf(text), bytes.toString('hex')).toEqual(bytes);
      expect(text.isWellFormed()).toBe(Buffer.from(bytes.toString('utf8')).equals(bytes));
    }
  });
});
