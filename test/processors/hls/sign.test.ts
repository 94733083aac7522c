/** hls/sign: what it hands out can be fetched by whoever has it, and by nobody else (media.md §17.3). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../../src/server/index.ts';
import { b64, frontDoor, ossError, saveas } from '../../helpers/ossite.ts';
import { formsOf, type Sdk, sdk } from '../../helpers/sdk.ts';
import { source } from '../media/sources.ts';
import { urisOf } from './playing.ts';

const BUCKET = 'signed-bucket';
const PLAYLIST = 'live/v.m3u8';
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
let client: Sdk;

beforeAll(async () => {
  ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', auth: 'strict', imm: 'bound' });
  door = frontDoor(ossite.endpoint);
  client = sdk(formsOf(ossite.endpoint)['path style (sldEnable)'] as object, { bucket: BUCKET });
  await client.putBucket(BUCKET);
  await client.put('film.mp4', await source('film.mp4'));
  await client.processObjectSave('film.mp4', 'live/v', 'hls/m3u8,st_5000,initd_0');
});
afterAll(() => ossite.close());

const fetchUrl = (url: string) => {
  const { pathname, search } = new URL(url);
  return door.request('get', pathname + search);
};

const signedV1 = async (key: string, expires = 1800) =>
  fetchUrl(client.signatureUrl(key, { process: 'hls/sign', expires }));

describe('a playlist of hls/m3u8', () => {
  it.each([
    ['V1', async () => signedV1(PLAYLIST)],
    [
      'V4',
      async () =>
        fetchUrl(await client.signatureUrlV4('GET', 1800, { queries: { 'x-oss-process': 'hls/sign' } }, PLAYLIST)),
    ],
  ])('gets %s URLs that fetch its segments', async (version, request) => {
    const answer = await request();
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['content-type']).toBe('application/vnd.apple.mpegurl');
    expect(Object.keys(answer.headers)).not.toContain('x-oss-hash-crc64ecma');
    const plain = (await client.get(PLAYLIST)).content.toString();
    const comments = (text: string) => text.split('\n').filter((line) => line.startsWith('#'));
    expect(comments(answer.text)).toEqual(comments(plain));
    const urls = urisOf(answer.text).map((url) => new URL(url));
    expect(urls.map((url) => url.origin)).toEqual([ossite.endpoint, ossite.endpoint, ossite.endpoint]);
    expect(urls.map((url) => url.pathname)).toEqual(urisOf(plain).map((uri) => `/${BUCKET}/live/${uri}`));
    const process = `if_status_eq_404{hls/ts,from_${b64(PLAYLIST)}}`;
    expect(urls.map((url) => url.searchParams.get('x-oss-process'))).toEqual([process, process, process]);
    expect(urls[0]?.searchParams.has(version === 'V4' ? 'x-oss-signature' : 'OSSAccessKeyId')).toBe(true);
    const [segment] = await Promise.all(urls.slice(0, 1).map((url) => fetchUrl(url.href)));
    expect([segment?.status, segment?.headers['content-type']], segment?.text).toEqual([200, 'video/MP2T']);
    // The signature is of this very segment.
    const other = (urls[0]?.href ?? '').replace(/-0\.ts/, '-1.ts');
    expect(ossError(await fetchUrl(other))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('they last as long as the URL of the request', async () => {
    const now = Date.now() / 1000;
    const left = (url: string) => Number(new URL(url).searchParams.get('Expires')) - now;
    const [short = ''] = urisOf((await signedV1(PLAYLIST, 100)).text);
    expect(Math.abs(left(short) - 100)).toBeLessThan(5);
    const [long = ''] = urisOf((await signedV1(PLAYLIST, 5000)).text);
    expect(Math.abs(left(long) - 5000)).toBeLessThan(5);
    const v4 = await client.signatureUrlV4('GET', 200, { queries: { 'x-oss-process': 'hls/sign' } }, PLAYLIST);
    const [url = ''] = urisOf((await fetchUrl(v4)).text);
    expect(Math.abs(Number(new URL(url).searchParams.get('x-oss-expires')) - 200)).toBeLessThan(5);
    // A signature in a header has no end.
    const { content } = await client.get(PLAYLIST, { process: 'hls/sign' });
    expect(Math.abs(left(urisOf(content.toString())[0] ?? '') - 3600)).toBeLessThan(5);
  });
});

it('any playlist: relative names, other files, other places, nested ones', async () => {
  const lines = [
    '#EXTM3U\r',
    '#EXT-X-KEY:METHOD=NONE',
    'part%201.TS?old=1\r',
    '../up.ts',
    '/root/a.ts',
    '../../../beyond.ts',
    'low/list.m3u8',
    'sound.aac',
    'https://example.com/x.ts',
    '//example.com/y.ts',
    '',
  ];
  await client.put('a/b/list.m3u8', Buffer.from(lines.join('\n')));
  const shown = (await signedV1('a/b/list.m3u8')).text.split('\n').map((line) => {
    const url = line.startsWith(ossite.endpoint) ? new URL(line) : undefined;
    const inner = url?.searchParams.get('x-oss-process')?.split(',')[0];
    return url === undefined ? line : `${decodeURIComponent(url.pathname)} ${inner}`;
  });
  const live = 'if_status_eq_404{hls/ts';
  expect(shown).toEqual([
    '#EXTM3U\r',
    '#EXT-X-KEY:METHOD=NONE',
    `/${BUCKET}/a/b/part 1.TS ${live}`,
    `/${BUCKET}/a/up.ts ${live}`,
    `/${BUCKET}/root/a.ts ${live}`,
    `/${BUCKET}/beyond.ts ${live}`,
    `/${BUCKET}/a/b/low/list.m3u8 hls/sign`,
    'sound.aac',
    'https://example.com/x.ts',
    '//example.com/y.ts',
    '',
  ]);
});

describe('refused', () => {
  it.each([
    ['a playlist without segments', '#EXTM3U\n#EXT-X-ENDLIST\n'],
    ['other files only', '#EXTM3U\nsound.aac\nhttps://example.com/x.ts\n'],
    ['a letter', 'Just a letter to a friend.\n'],
    ['nothing', ''],
  ])('%s', async (what, text) => {
    await client.put(what, Buffer.from(text));
    expect(ossError(await signedV1(what))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      ec: '0044-00000408',
    });
  });

  it('more URLs than a playlist can have', async () => {
    await client.put('many', Buffer.from('a.ts\n'.repeat(20_001)));
    const error = ossError(await signedV1('many'));
    expect(error).toMatchObject({ status: 400, code: 'InvalidArgument', message: 'At most 20000 URLs are signed.' });
    await client.put('long', Buffer.alloc(5 * 1024 * 1024, 'a.ts\n'));
    expect(ossError(await signedV1('long'))).toMatchObject({ status: 400, ec: '0044-00000408' });
  });

  it('anonymous callers, even where anyone may read', async () => {
    await client.putBucketACL(BUCKET, 'public-read');
    const process = 'hls/sign';
    expect(ossError(await door.processed(BUCKET, PLAYLIST, process))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    // So is making a segment; one that is there is an object like any other.
    const [uri = ''] = urisOf((await client.get(PLAYLIST)).content.toString());
    const segment = `live/${uri.replace('-0.ts', '-2.ts')}`;
    const wrapped = `if_status_eq_404{hls/ts,from_${b64(PLAYLIST)}}`;
    expect(ossError(await door.processed(BUCKET, segment, wrapped))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    const url = new URL(client.signatureUrl(segment, { process: wrapped }));
    expect((await fetchUrl(url.href)).status).toBe(200);
    expect((await door.processed(BUCKET, segment, wrapped)).status).toBe(200);
  });

  it('POST', async () => {
    const { posted } = frontDoor(ossite.endpoint);
    expect((await posted(BUCKET, PLAYLIST, `hls/sign${saveas('o')}`)).status).toBe(403);
  });
});

it('needs no binding to IMM, which hls/m3u8 needs', async () => {
  const server = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    imm: 'unbound',
    buckets: ['own-bucket'],
  });
  try {
    const own = frontDoor(server.endpoint);
    await own.put('own-bucket', 'v.m3u8', Buffer.from('#EXTM3U\nv.ts\n'));
    const answer = await own.processed('own-bucket', 'v.m3u8', 'hls/sign');
    expect(answer.text).toMatch(/^#EXTM3U\nhttp:\/\/127\.0\.0\.1:\d+\/own-bucket\/v\.ts\?x-oss-process=.*Signature=/);
    const made = ossError(await own.posted('own-bucket', 'v.m3u8', `hls/m3u8${saveas('o')}`));
    expect(made).toMatchObject({ status: 404, code: 'Imm Client' });
    expect(made.message).toContain('The specified resource Attachment is not found.');
  } finally {
    await server.close();
  }
});
