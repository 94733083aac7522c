/** The server calls nobody, unless a callback or a webhook was asked for: a process of its own is watched. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formBody, formType } from '../helpers/form.ts';
import { b64, fixture, saveas } from '../helpers/ossite.ts';
import { type ServerProcess, startProcess } from '../helpers/process.ts';
import { raw } from '../helpers/raw.ts';
import { aviWithPlaylist, playlist } from '../processors/media/traps.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-outbound-'));
const noted = join(dir, 'noted');
const hook = new URL('../helpers/outbound-hook.mjs', import.meta.url).href;
/** Whoever is lured away ends here: the server, or an engine that it started. */
const lured: string[] = [];
const trap = createServer((req, res) => {
  lured.push(`${req.method} ${req.url}`);
  res.setHeader('content-type', 'application/json');
  res.end('{}');
});
let server: ServerProcess;
let web: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  web = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  const { NODE_OPTIONS } = process.env;
  Object.assign(process.env, { NODE_OPTIONS: `${NODE_OPTIONS ?? ''} --import ${hook}`, OSSITE_TEST_OUTBOUND: noted });
  server = await startProcess(join(dir, 'data'), ['--demo']);
  if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = NODE_OPTIONS;
  delete process.env.OSSITE_TEST_OUTBOUND;
  await server.ensureBucket('bbb');
});

afterAll(async () => {
  await server.stop('SIGTERM');
  trap.close();
  rmSync(dir, { recursive: true });
});

const connections = () => (existsSync(noted) ? readFileSync(noted, 'utf8').split('\n').filter(Boolean) : []);

const processes: readonly (readonly [key: string, process: () => string])[] = [
  ['photo.jpg', () => `image/watermark,image_${b64(`${web}/a.png`)}`],
  ['photo.jpg', () => `image/watermark,image_${b64(`//127.0.0.1/a.png?x-oss-process=image/resize,w_10`)}`],
  ['a.svg', () => 'image/resize,w_10'],
  ['a.m3u8', () => 'video/info'],
  ['a.m3u8', () => 'video/snapshot,t_0,f_jpg'],
  ['a.avi', () => 'video/info'],
];

const tasks: readonly (readonly [key: string, process: () => string])[] = [
  ['a.m3u8', () => `video/convert,f_mp4,vcodec_h264${saveas('o.mp4')}`],
  ['a.avi', () => `video/convert,f_mp4,vcodec_h264${saveas('o.mp4')}`],
  ['a.html', () => `doc/convert,target_png${saveas('o.png')}`],
  ['clip.mp4', () => `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,o_${b64(`${web}/x.mp4`)}${saveas('o.mp4')}`],
  ['clip.mp4', () => `video/convert,f_mkv,vcodec_copy,acodec_copy${saveas('o.mkv')}|sys/notify,topic_${b64(web)}`],
];

const requests: readonly (readonly [
  method: 'get' | 'put' | 'post',
  path: string,
  headers: () => Record<string, string>,
  body?: () => string,
])[] = [
  ['put', '/bbb/copied', () => ({ 'x-oss-copy-source': `${web}/bbb/x` })],
  ['put', '/bbb/link?symlink', () => ({ 'x-oss-symlink-target': `${web}/x` })],
  ['get', '/bbb/link', () => ({})],
  [
    'post',
    '/bbb/x?asyncFetch',
    () => ({}),
    () => `<AsyncFetchTaskConfiguration><Url>${web}/x</Url></AsyncFetchTaskConfiguration>`,
  ],
  [
    'put',
    '/bbb?website',
    () => ({}),
    () =>
      `<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition><Redirect><RedirectType>Mirror</RedirectType><MirrorURL>${web}/</MirrorURL></Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>`,
  ],
  ['get', '/bbb/mirrored', () => ({})],
  [
    'put',
    '/bbb?replication&comp=add',
    () => ({}),
    () =>
      `<ReplicationConfiguration><Rule><Destination><Bucket>other</Bucket><Location>oss-cn-beijing</Location></Destination></Rule></ReplicationConfiguration>`,
  ],
  [
    'put',
    '/bbb?cname&comp=token',
    () => ({}),
    () => '<BucketCnameConfiguration><Cname><Domain>example.com</Domain></Cname></BucketCnameConfiguration>',
  ],
  [
    'put',
    '/bbb?logging',
    () => ({}),
    () =>
      `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${web}</TargetBucket></LoggingEnabled></BucketLoggingStatus>`,
  ],
  ['get', '/?Action=GetTask&Version=2020-09-30&ProjectName=p&TaskType=x&TaskId=y', () => ({})],
  [
    'post',
    '/_ossite/explain',
    () => ({}),
    () => JSON.stringify({ bucket: 'bbb', key: 'photo.jpg', process: `image/watermark,image_${b64(web)}` }),
  ],
  [
    'post',
    '/bbb',
    () => formType,
    () =>
      formBody([
        ['key', 'k'],
        ['success_action_redirect', `${web}/done`],
      ]).toString('latin1'),
  ],
];

it('hostile requests lead nowhere', async () => {
  const html = `<img src="${web}/i.png"><link rel="stylesheet" href="${web}/s.css"><p>text</p>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image width="9" height="9" xlink:href="${web}/s.png"/></svg>`;
  const { port } = new URL(web);
  await server.put('bbb', 'photo.jpg', fixture('photo.jpg'));
  await server.put('bbb', 'clip.mp4', fixture('clip.mp4'));
  await server.put('bbb', 'a.svg', Buffer.from(svg));
  await server.put('bbb', 'a.m3u8', Buffer.from(playlist(Number(port))));
  await server.put('bbb', 'a.avi', await aviWithPlaylist(Number(port)));
  await server.put('bbb', 'a.html', Buffer.from(html));
  for (const [key, process] of processes)
    expect((await server.processed('bbb', key, process())).status).toBeLessThan(500);
  const submitted = await Promise.all(tasks.map(([key, process]) => server.submitted('bbb', key, process())));
  for (const { status, text } of submitted) {
    expect(status).toBeLessThan(500);
    if (status === 200) await server.finished((JSON.parse(text) as { TaskId: string }).TaskId);
  }
  for (const [method, path, headers, body] of requests) {
    const answer = await server.request(method, path, { headers: headers(), ...(body && { body: body() }) });
    expect([path, answer.status < 500]).toEqual([path, true]);
  }
  for (const line of [`GET ${web}/proxied HTTP/1.1`, `CONNECT ${web.slice(7)} HTTP/1.1`])
    await raw(server.endpoint, { line, headers: [`Host: ${web.slice(7)}`] }).catch(() => {});
  expect(lured).toEqual([]);
  expect(connections()).toEqual([]);
});

it('a callback is the one that is asked for, and the watch sees it', async () => {
  const callback = { callbackUrl: `${web}/called`, callbackBody: 'x=1' };
  const headers = { 'x-oss-callback': Buffer.from(JSON.stringify(callback)).toString('base64') };
  expect((await server.request('put', '/bbb/c', { body: 'x', headers })).status).toBe(200);
  expect(lured).toEqual(['POST /called']);
  expect(connections().filter((line) => line.startsWith('connect'))).toEqual([`connect ${web.slice(7)}`]);
});
