/** What nobody sends by mistake: names that every object has, texts that take long, what can not be sent back. */
import { describe, expect, it } from 'vitest';
import { formBody, formType } from '../helpers/form.ts';
import { endpoint, freshBucket, ossError, put, request } from '../helpers/ossite.ts';
import { raw } from '../helpers/raw.ts';

describe('names that every JavaScript object has', () => {
  it.each(['constructor', '__proto__'])('%s is no header that was signed', async (name) => {
    const bucket = await freshBucket();
    const v4 = 'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=0';
    const scope = 'x-oss-credential=ossite/20260101/cn-hangzhou/oss/aliyun_v4_request&x-oss-date=20260101T000000Z';
    const paths = [
      `/${bucket}/?${v4}&${scope}&x-oss-expires=60&x-oss-additional-headers=${name}`,
      `/${bucket}/?x-oss-signature-version=OSS2&x-oss-access-key-id=ossite&x-oss-signature=0&x-oss-additional-headers=${name}`,
    ];
    for (const path of paths) {
      const answer = await request('get', path);
      expect([answer.status, answer.headers['x-ossite-auth']]).toEqual([200, 'mismatch']);
    }
    const acs3 = `ACS3-HMAC-SHA256 Credential=ossite,SignedHeaders=${name},Signature=0`;
    expect((await request('get', '/?Action=GetTask', { headers: { authorization: acs3 } })).status).toBe(400);
  });

  it.each(['constructor', '__proto__'])('%s is no header of a visitor', async (name) => {
    const bucket = await freshBucket('public-read');
    const rule = `<RoutingRule><RuleNumber>1</RuleNumber><Condition><IncludeHeader><Key>${name}</Key></IncludeHeader></Condition><Redirect><RedirectType>External</RedirectType></Redirect></RoutingRule>`;
    const body = `<WebsiteConfiguration><RoutingRules>${rule}</RoutingRules></WebsiteConfiguration>`;
    expect((await request('put', `/${bucket}/?website`, { body })).status).toBe(200);
    expect((await request('get', `/${bucket}/a`)).status).toBe(404);
  });
});

it('an Authorization header of blanks is read at once', { timeout: 3000 }, async () => {
  const authorization = `OSS2 AccessKeyId:x${' '.repeat(100_000)}x`;
  expect((await request('get', '/', { headers: { authorization } })).headers['x-ossite-auth']).toBe('unknown-key');
});

describe('forms', () => {
  it.each(['a b', 'ä', 'a:b', 'a(b)'])('metadata can not be called %s: no answer could carry it', async (name) => {
    const bucket = await freshBucket();
    const fields = [['key', 'a.txt'] as const, [`x-oss-meta-${name}`, 'v'] as const];
    const answer = await request('post', `/${bucket}/`, { headers: formType, body: formBody(fields) });
    expect(ossError(answer)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await request('get', `/${bucket}/a.txt`)).status).toBe(404);
  });

  it('a key that would grow to gigabytes is too long', async () => {
    const bucket = await freshBucket();
    const fields = [['key', `\${filename}`.repeat(180_000)] as const];
    const body = formBody(fields, { filename: 'n'.repeat(60_000) });
    const answer = ossError(await request('post', `/${bucket}/`, { headers: formType, body }));
    expect(answer).toMatchObject({ status: 400, code: 'InvalidObjectName', ec: '0016-00000002' });
  });
});

describe('domains', () => {
  const bind = (bucket: string, domain: string) =>
    request('post', `/${bucket}/?cname&comp=add`, {
      body: `<BucketCnameConfiguration><Cname><Domain>${domain}</Domain></Cname></BucketCnameConfiguration>`,
    });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    'photos.localhost',
    'oss-cn-hangzhou.aliyuncs.com',
    'a.oss-cn-beijing.aliyuncs.com',
  ])('%s is the service, or a bucket of it: nobody can bind it', async (domain) => {
    const bucket = await freshBucket();
    expect(ossError(await bind(bucket, domain))).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await request('get', '/_ossite/live')).status).toBe(200);
  });
});

it('a document that is matched against requests may have 64 KiB', async () => {
  const bucket = await freshBucket();
  const list = `<RefererList>${`<Referer>${'*a'.repeat(100)}</Referer>`.repeat(400)}</RefererList>`;
  const body = `<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer>${list}</RefererConfiguration>`;
  expect(ossError(await request('put', `/${bucket}/?referer`, { body }))).toMatchObject({
    status: 400,
    code: 'EntityTooLarge',
    elements: { MaxSizeAllowed: '65536' },
  });
});

it('a Referer that is longer than any page has is not compared', { timeout: 5000 }, async () => {
  const bucket = await freshBucket();
  await put(bucket, 'a.txt', Buffer.from('text'));
  const list = `<RefererList>${`<Referer>${'*a'.repeat(100)}b</Referer>`.repeat(200)}</RefererList>`;
  const body = `<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer>${list}</RefererConfiguration>`;
  expect((await request('put', `/${bucket}/?referer`, { body })).status).toBe(200);
  const referer = `http://${'a'.repeat(100_000)}`;
  expect((await request('get', `/${bucket}/a.txt`, { headers: { referer } })).status).toBe(403);
});

it('half a character in a callback’s variables is told as the sign for none', async () => {
  const bucket = await freshBucket();
  const text = (value: string) => Buffer.from(value).toString('base64');
  const callback = text(JSON.stringify({ callbackUrl: 'http://127.0.0.1:1/', callbackBody: `a=\${x:a}` }));
  const headers = { 'x-oss-callback': callback, 'x-oss-callback-var': text('{"x:a":"\\ud800"}') };
  const answer = await request('put', `/${bucket}/a.txt`, { headers, body: 'text' });
  expect(ossError(answer)).toMatchObject({ status: 203, code: 'CallbackFailed' });
});

it.each(['//evil.example/', '/%2Fevil.example/', '/%5Cevil.example/'])(
  'a website leads %s to no other host',
  async (path) => {
    const bucket = await freshBucket('public-read');
    const rule =
      '<RoutingRule><RuleNumber>1</RuleNumber><Redirect><RedirectType>External</RedirectType></Redirect></RoutingRule>';
    const body = `<WebsiteConfiguration><RoutingRules>${rule}</RoutingRules></WebsiteConfiguration>`;
    expect((await request('put', `/${bucket}/?website`, { body })).status).toBe(200);
    const ask = (line: string) =>
      raw(endpoint, { line: `GET ${line} HTTP/1.1`, headers: [`Host: ${bucket}.localhost`] });
    expect((await ask('/page')).headers.location).toBe('/page');
    expect(await ask(path)).toMatchObject({ status: 400, body: expect.stringContaining('InvalidObjectName') });
  },
);
