/** Static websites: what visitors see who sign nothing (rest-core.md §1.7). */
import { beforeAll, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import { configure } from '../helpers/configure.ts';
import * as door from '../helpers/ossite.ts';
import { endpoint, freshBucket, frontDoor, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { signedV1 } from '../helpers/sign.ts';

const rule = (number: number, condition: string, redirect: string) =>
  `<RoutingRule><RuleNumber>${number}</RuleNumber><Condition>${condition}</Condition><Redirect>${redirect}</Redirect></RoutingRule>`;
const type = (name: string) => `<RedirectType>${name}</RedirectType>`;
const on404 = '<HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>';
const prefix = (text: string) => `<KeyPrefixEquals>${text}</KeyPrefixEquals>`;

const pages = ['index.html', 'error.html', 'docs/index.html', 'a.txt', 'new/moved.txt', 'folder/'];

async function site(content: string): Promise<string> {
  const name = await freshBucket();
  for (const key of pages) await put(name, key, Buffer.from(`this is ${key}`), { 'content-type': 'text/html' });
  await configure(door, name, 'website', `<WebsiteConfiguration>${content}</WebsiteConfiguration>`);
  return name;
}

const index = (more = '') => `<IndexDocument><Suffix>index.html</Suffix>${more}</IndexDocument>`;
const error = (more = '') => `<ErrorDocument><Key>error.html</Key>${more}</ErrorDocument>`;
const subdirectories = (kind: number) => index(`<SupportSubDir>true</SupportSubDir><Type>${kind}</Type>`);

const kinds = {
  plain: index() + error(),
  'error page as 200': error('<HttpStatus>200</HttpStatus>'),
  'subdirectories, 302': subdirectories(0) + error(),
  'subdirectories, 404': subdirectories(1) + error(),
  'subdirectories, index': subdirectories(2) + error(),
  rules: `${index()}${error()}<RoutingRules>${[
    rule(
      5,
      on404 + prefix('old/'),
      `${type('External')}<Protocol>https</Protocol><HostName>example.com</HostName><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith><HttpRedirectCode>301</HttpRedirectCode><PassQueryString>true</PassQueryString>`,
    ),
    rule(4, on404 + prefix('old/first'), `${type('External')}<ReplaceKeyWith>a.txt</ReplaceKeyWith>`),
    rule(
      1,
      prefix('always/'),
      `${type('AliCDN')}<HostName>cdn.example.com</HostName><ReplaceKeyWith>x/\${key}.y</ReplaceKeyWith><HttpRedirectCode>307</HttpRedirectCode>`,
    ),
    rule(2, on404 + prefix('inside/'), `${type('Internal')}<ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith>`),
    rule(3, on404 + prefix('mirror/'), `${type('Mirror')}<MirrorURL>http://127.0.0.1:1/</MirrorURL>`),
    rule(
      6,
      `${on404}<KeySuffixEquals>.jpg</KeySuffixEquals><IncludeHeader><Key>User-Agent</Key><StartsWith>Robot</StartsWith></IncludeHeader>`,
      `${type('External')}<ReplaceKeyWith>robot.jpg</ReplaceKeyWith>`,
    ),
    rule(7, prefix('circle/'), `${type('Internal')}<ReplaceKeyWith>circle/again</ReplaceKeyWith>`),
  ].join('')}</RoutingRules>`,
} as const;

const sites = new Map<string, string>();
beforeAll(async () => {
  for (const [name, content] of Object.entries(kinds)) sites.set(name, await site(content));
});

/** What a visitor of a kind of site sees under a path: status, and the text or the address. */
async function seen(kind: keyof typeof kinds, path: string, headers: Readonly<Record<string, string>> = {}) {
  const bucket = sites.get(kind) ?? '';
  const answer = await request('get', `/${bucket}/${path}`, { headers });
  const location = answer.headers.location?.replace(`/${bucket}/`, '/BUCKET/');
  return [answer.status, location ?? answer.text.replace(/[\s\S]*<Code>(\w+)[\s\S]*/, '$1')];
}

describe('pages', () => {
  it.each([
    ['plain', '', 200, 'this is index.html'],
    ['plain', 'docs/', 200, 'this is index.html'],
    ['plain', 'a.txt', 200, 'this is a.txt'],
    ['plain', 'missing', 404, 'this is error.html'],
    ['plain', 'docs', 404, 'this is error.html'],
    ['plain', 'missing?x-oss-process=image/info', 404, 'this is error.html'],
    ['plain', '?response-content-type=a', 400, 'InvalidRequest'],
    ['plain', 'missing?acl', 404, 'NoSuchKey'],
    ['error page as 200', 'missing', 200, 'this is error.html'],
    ['error page as 200', 'docs/', 200, 'this is error.html'],
    ['subdirectories, 302', '', 200, 'this is index.html'],
    ['subdirectories, 302', 'docs/', 200, 'this is docs/index.html'],
    ['subdirectories, 302', 'docs', 302, '/BUCKET/docs/'],
    ['subdirectories, 302', 'none/', 404, 'this is error.html'],
    ['subdirectories, 302', 'none', 404, 'this is error.html'],
    ['subdirectories, 404', 'docs', 404, 'this is error.html'],
    ['subdirectories, 404', 'docs/', 200, 'this is docs/index.html'],
    ['subdirectories, index', 'docs', 200, 'this is docs/index.html'],
  ] as const)('%s: /%s is %i, %s', async (kind, path, status, text) => {
    expect(await seen(kind, path)).toEqual([status, text]);
  });

  it('listings stay for those who ask for one, and for those who sign', async () => {
    const bucket = sites.get('plain') ?? '';
    for (const query of ['?list-type=2', '?prefix=', '?max-keys=5'])
      expect((await request('get', `/${bucket}/${query}`)).text).toContain('<ListBucketResult>');
    const signed = await request('get', `/${bucket}/`, { headers: signedV1('GET', `/${bucket}/`) });
    expect(signed.text).toContain('<ListBucketResult>');
    const missing = await request('get', `/${bucket}/missing`, { headers: signedV1('GET', `/${bucket}/missing`) });
    expect(ossError(missing)).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  it('an error page is whole, whatever part of the other one was asked for', async () => {
    const etag = (await door.head(sites.get('plain') ?? '', 'error.html')).headers.etag ?? '';
    expect(await seen('plain', 'missing', { range: 'bytes=0-3' })).toEqual([404, 'this is error.html']);
    expect(await seen('plain', 'missing', { 'if-none-match': etag })).toEqual([404, 'this is error.html']);
  });

  it('a HEAD is what a GET is', async () => {
    const answer = await request('head', `/${sites.get('plain')}/missing`);
    expect([answer.status, answer.headers['content-length']]).toEqual([404, '18']);
  });

  it('under the bucket’s own host the address has no bucket', async () => {
    const bucket = sites.get('subdirectories, 302') ?? '';
    const { port } = new URL(endpoint);
    const answer = await request('get', '/docs', { headers: { host: `${bucket}.localhost:${port}` } });
    expect([answer.status, answer.headers.location]).toEqual([302, '/docs/']);
  });

  it('without its error page a site has OSS’s', async () => {
    const own = await site(index() + error());
    await request('delete', pathOf(own, 'error.html'));
    expect(ossError(await request('get', `/${own}/missing`))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    await request('delete', `${pathOf(own)}?website`);
    expect((await request('get', `/${own}/`)).text).toContain('<ListBucketResult>');
  });
});

it('a rule for 403 leads away those who are kept out', async () => {
  const strict = await startOssite({ port: 0, storage: 'memory', log: 'error', auth: 'strict', buckets: ['closed'] });
  const own = frontDoor(strict.endpoint);
  const only403 = '<HttpErrorCodeReturnedEquals>403</HttpErrorCodeReturnedEquals>';
  const login = `${type('External')}<HostName>login.example.com</HostName><HttpRedirectCode>303</HttpRedirectCode>`;
  const rules = `<RoutingRules>${rule(1, only403 + prefix('in/'), login)}</RoutingRules>`;
  const headers = signedV1('PUT', '/closed/?website', 'application/xml');
  const body = `<WebsiteConfiguration>${rules}</WebsiteConfiguration>`;
  expect((await own.request('put', '/closed/?website', { headers, body })).status).toBe(200);
  const led = await own.request('get', '/closed/in/a');
  expect([led.status, led.headers.location]).toEqual([303, 'http://login.example.com/in/a']);
  expect((await own.request('get', '/closed/out')).status).toBe(403);
  await strict.close();
});

describe('rules', () => {
  it.each([
    ['old/x?a=1&b=2', 301, 'https://example.com/new/x?a=1&b=2'],
    ['old/first', 302, '/BUCKET/a.txt'],
    ['always/%E4%B8%AD', 307, 'http://cdn.example.com/x/always/%E4%B8%AD.y'],
    ['always/', 307, 'http://cdn.example.com/x/always/.y'],
    ['inside/moved.txt', 200, 'this is new/moved.txt'],
    ['inside/missing', 404, 'NoSuchKey'],
    ['mirror/x', 424, 'MirrorFailed'],
    ['circle/x', 404, 'NoSuchKey'],
    ['pic.jpg', 404, 'this is error.html'],
    ['a.txt', 200, 'this is a.txt'],
  ] as const)('/%s is %i, %s', async (path, status, text) => {
    expect(await seen('rules', path)).toEqual([status, text]);
  });

  it('headers are a condition', async () => {
    expect(await seen('rules', 'pic.jpg', { 'user-agent': 'Robot/1' })).toEqual([302, '/BUCKET/robot.jpg']);
  });
});

it.each([
  ['two of a number', rule(1, '', type('External')) + rule(1, '', type('External'))],
  ['an unknown type', rule(1, '', type('Teleport'))],
  ['a code that is no redirect', rule(1, '', `${type('External')}<HttpRedirectCode>200</HttpRedirectCode>`)],
  ['no number', rule(1, '', type('External')).replace('<RuleNumber>1</RuleNumber>', '')],
])('a rule with %s is refused', async (_, rules) => {
  const bucket = await freshBucket();
  const body = `<WebsiteConfiguration><RoutingRules>${rules}</RoutingRules></WebsiteConfiguration>`;
  const answer = await request('put', `${pathOf(bucket)}?website`, { body });
  expect(ossError(answer)).toMatchObject({ status: 400, code: 'MalformedXML' });
});
