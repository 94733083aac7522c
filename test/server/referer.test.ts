/** Hotlink protection (rest-core.md §1.7). */
import { describe, expect, it } from 'vitest';
import { configure } from '../helpers/configure.ts';
import * as door from '../helpers/ossite.ts';
import { freshBucket, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { forms, sdk } from '../helpers/sdk.ts';
import { signedV1 } from '../helpers/sign.ts';

const list = (name: string, items: readonly string[]) =>
  `<${name}>${items.map((item) => `<Referer>${item}</Referer>`).join('')}</${name}>`;

interface Rules {
  readonly empty?: boolean;
  readonly query?: boolean;
  readonly path?: boolean;
  readonly allowed?: readonly string[];
  readonly denied?: readonly string[];
}

async function protectedBucket({ empty = false, query = true, path = false, allowed = [], denied = [] }: Rules) {
  const bucket = await freshBucket('public-read');
  await put(bucket, 'pic', Buffer.from('shown'));
  const cuts = `<AllowTruncateQueryString>${query}</AllowTruncateQueryString><TruncatePath>${path}</TruncatePath>`;
  const lists = list('RefererList', allowed) + list('RefererBlacklist', denied);
  await configure(
    door,
    bucket,
    'referer',
    `<RefererConfiguration><AllowEmptyReferer>${empty}</AllowEmptyReferer>${cuts}${lists}</RefererConfiguration>`,
  );
  return bucket;
}

const tables: readonly (readonly [Rules, Readonly<Record<string, boolean>>])[] = [
  [{}, { '': true, 'http://a.com/': true }],
  [{ empty: true }, { '': true, 'http://a.com/': true }],
  [
    { allowed: ['http://www.a.com', 'https://*.b.com', 'http://c?.com/x', 'd.com'] },
    {
      '': false,
      'http://www.a.com': true,
      'http://www.a.com/page?q=1': true,
      'https://www.a.com/': false,
      'http://a.com': false,
      'https://x.b.com/y': true,
      'https://b.com': false,
      'http://c1.com/x/y': true,
      'http://c12.com/x': false,
      'http://d.com/p': true,
      'https://d.com': true,
    },
  ],
  [
    { empty: true, allowed: ['http://a.com'] },
    { '': true, 'http://b.com': false },
  ],
  [
    { allowed: ['*'], denied: ['http://bad.com', 'https://*.evil.com'] },
    {
      '': false,
      'http://bad.com/x': false,
      'https://a.evil.com': false,
      'https://evil.com': true,
      'http://good.com': true,
    },
  ],
  [
    { empty: true, denied: ['http://bad.com'] },
    { '': true, 'http://bad.com': false, 'http://a.com': true },
  ],
  [
    { allowed: ['http://a.com'], denied: ['http://a.com/private'] },
    { 'http://a.com/x': true, 'http://a.com/private/x': false },
  ],
  [
    { query: false, allowed: ['*.a.com'] },
    { 'http://b.com/?x.a.com': true, 'http://b.com/?x': false },
  ],
  [
    { query: true, allowed: ['*.a.com'] },
    { 'http://b.com/?x.a.com': false, 'http://b.com/x.a.com': true },
  ],
  [
    { path: true, allowed: ['*.a.com'] },
    { 'http://b.com/x.a.com': false, 'http://x.a.com/y': true },
  ],
];

it.each(tables)('%j', async (rules, expected) => {
  const bucket = await protectedBucket(rules);
  const seen: Record<string, boolean> = {};
  for (const referer of Object.keys(expected)) {
    const answer = await request('get', pathOf(bucket, 'pic'), { headers: referer === '' ? {} : { referer } });
    seen[referer] = answer.status === 200;
    if (answer.status !== 200) {
      const { code, message, ec } = ossError(answer);
      expect([code, message, ec]).toEqual(['AccessDenied', 'You are denied by bucket referer policy.', undefined]);
    }
  }
  expect(seen).toEqual(expected);
});

describe('who is asked', () => {
  const referer = 'http://b.com';

  it('presigned URLs are, signed requests are not', async () => {
    const bucket = await protectedBucket({ allowed: ['http://a.com'] });
    const client = sdk(forms['path style (sldEnable)'] ?? {});
    client.useBucket(bucket);
    const url = new URL(client.signatureUrl('pic'));
    const path = `${url.pathname}${url.search}`;
    expect((await request('get', path, { headers: { referer } })).status).toBe(403);
    expect((await request('get', path, { headers: { referer: 'http://a.com/x' } })).status).toBe(200);
    const headers = { ...signedV1('GET', `/${bucket}/pic`), referer };
    expect((await request('get', pathOf(bucket, 'pic'), { headers })).status).toBe(200);
  });

  it('all that is done with objects, not what is asked of the bucket', async () => {
    const bucket = await protectedBucket({ allowed: ['http://a.com'] });
    const path = pathOf(bucket, 'pic');
    expect((await request('head', path, { headers: { referer } })).status).toBe(403);
    expect((await request('get', `${path}?x-oss-process=image/info`, { headers: { referer } })).status).toBe(403);
    expect((await request('put', path, { headers: { referer }, body: 'x' })).status).toBe(403);
    expect((await request('get', pathOf(bucket), { headers: { referer } })).status).toBe(200);
  });
});

it('many stars cost nothing', async () => {
  const bucket = await protectedBucket({ allowed: [`${'*a'.repeat(500)}b`] });
  const answer = await request('get', pathOf(bucket, 'pic'), { headers: { referer: `http://${'a'.repeat(10_000)}` } });
  expect(answer.status).toBe(403);
});
