/** Which bucket and key a request means, in the forms in which clients write it (rest-core.md §5). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { frontDoor } from '../helpers/ossite.ts';
import { raw } from '../helpers/raw.ts';

const B = 'media-bucket';
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
let port: string;
beforeAll(async () => {
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    buckets: [B, 'other-bucket', 'fallback-bucket'],
    hosts: ['localhost', '127.0.0.1', 'oss.test'],
    cnames: [`cdn.example.com=${B}`],
  });
  door = frontDoor(ossite.endpoint);
  port = new URL(ossite.endpoint).port;
});
afterAll(() => ossite.close());

/** The V1 signature over what the client takes for the resource: that it is right shows how the request was read. */
function signed(method: string, resource: string): readonly string[] {
  const date = new Date().toUTCString();
  const signature = createHmac('sha1', 'ossite-secret').update(`${method}\n\n\n${date}\n${resource}`).digest('base64');
  return [`Date: ${date}`, `Authorization: OSS ossite:${signature}`];
}

interface Row {
  readonly client: string;
  readonly target: string;
  readonly host: string;
  readonly key: string;
  /** Around date and signature, in the order in which the client sends them. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly body?: string;
  readonly waits?: boolean;
}

const length = 'Content-Length: 4';
const chunked = { after: ['Transfer-Encoding: chunked'], body: '2\r\nda\r\n2;x=y\r\nta\r\n0\r\n\r\n' };

describe('objects, as clients put them', () => {
  const rows: readonly Row[] = [
    {
      client: 'Python oss2 on an IP',
      target: `/${B}/dir%2Fa%20b%2B%E4%B8%AD.txt`,
      host: '127.0.0.1:PORT',
      key: 'dir/a b+中.txt',
      before: ['Accept-Encoding: identity', 'Accept: */*', 'User-Agent: aliyun-sdk-python/2.19.1', length],
    },
    {
      client: 'Python oss2, a body without a length',
      target: `/${B}/stream`,
      host: '127.0.0.1:PORT',
      key: 'stream',
      ...chunked,
    },
    {
      client: 'Go v1 on localhost',
      target: '/dir%2Fgo%20.txt',
      host: `${B}.localhost:PORT`,
      key: 'dir/go .txt',
      before: ['User-Agent: aliyun-sdk-go/3.0.2 (Linux; go1.22)', length],
    },
    {
      client: 'Go v2, path style',
      target: `/${B}/go-v2/x%2By`,
      host: 'localhost:PORT',
      key: 'go-v2/x+y',
      before: [length],
    },
    {
      client: 'PHP, by curl',
      target: `/${B}/php/%E5%9B%BE%20%2B.txt`,
      host: '127.0.0.1:PORT',
      key: 'php/图 +.txt',
      before: ['Accept-Encoding:', 'Expect: 100-continue', length],
      waits: true,
    },
    {
      client: 'Ruby, form encoding',
      target: `/${B}/ruby%2Fa+b%2Bc`,
      host: '127.0.0.1:PORT',
      key: 'ruby/a b+c',
      before: ['Accept: */*', length],
    },
    {
      client: 'C on an IP',
      target: `/${B}/c.txt`,
      host: '127.0.0.1:PORT',
      key: 'c.txt',
      before: ['Expect: 100-continue', length],
      waits: true,
    },
    {
      client: 'C#, whose Host has no port',
      target: `/${B}/cs.txt`,
      host: '127.0.0.1',
      key: 'cs.txt',
      before: ['Expect: 100-continue', length],
      waits: true,
    },
    {
      client: 'Java on localhost',
      target: `/${B}/java/a%2Fb`,
      host: 'localhost:PORT',
      key: 'java/a/b',
      before: [length],
    },
    {
      client: 'ali-oss on an IP',
      target: '/node.txt',
      host: `${B}.oss-cn-hangzhou.aliyuncs.com`,
      key: 'node.txt',
      after: [length],
    },
    {
      client: 'ali-oss on an IP with sldEnable',
      target: `/${B}/sld.txt`,
      host: `${B}.oss-cn-hangzhou.aliyuncs.com`,
      key: 'sld.txt',
      after: [length],
    },
    {
      client: 'a dual-stack name',
      target: `/${B}/dual`,
      host: 'cn-hangzhou.oss.aliyuncs.com',
      key: 'dual',
      after: [length],
    },
    {
      client: 'an internal name',
      target: '/internal',
      host: `${B}.oss-cn-hangzhou-internal.aliyuncs.com`,
      key: 'internal',
      after: [length],
    },
    {
      client: 'an accelerated name',
      target: '/fast',
      host: `${B}.oss-accelerate.aliyuncs.com`,
      key: 'fast',
      after: [length],
    },
    {
      client: 'docker’s registry, its bucket’s host as endpoint',
      target: '/docker/registry/v2',
      host: `${B}.oss.test:PORT`,
      key: 'docker/registry/v2',
      after: [length],
    },
    { client: 'a CNAME', target: '/a/b', host: 'CDN.example.com:PORT', key: 'a/b', after: [length] },
    {
      client: 'a CNAME, the key beginning like a bucket',
      target: '/other-bucket/x',
      host: 'cdn.example.com',
      key: 'other-bucket/x',
      after: [length],
    },
    {
      client: 'a container’s name, path style',
      target: `/${B}/docker`,
      host: 'emulator:6770',
      key: 'docker',
      after: [length],
    },
    {
      client: 'a container’s name behind the bucket’s',
      target: '/compose',
      host: `${B}.emulator:6770`,
      key: 'compose',
      after: [length],
    },
    {
      client: 'the same, the key beginning like a bucket',
      target: '/other-bucket/y',
      host: `${B}.emulator:6770`,
      key: 'other-bucket/y',
      after: [length],
    },
    {
      client: 'host.docker.internal, path style',
      target: `/${B}/inside`,
      host: 'host.docker.internal:6770',
      key: 'inside',
      after: [length],
    },
    {
      client: 'a proxy, the target in absolute form',
      target: `http://${B}.localhost:1/absolute?x=1`,
      host: 'proxy.example',
      key: 'absolute',
      after: [length],
    },
    {
      client: 'dots and slashes that a URL parser would fold',
      target: `/${B}/a//../b/./c\\d`,
      host: '127.0.0.1:PORT',
      key: 'a//../b/./c\\d',
      after: [length],
    },
  ];
  it.each(rows)('$client', async ({ target, host, key, before = [], after = [], body = 'data', waits = false }) => {
    const at = host.replace('PORT', port);
    const send = (method: string, more: readonly string[], content = '') =>
      raw(ossite.endpoint, {
        line: `${method} ${target} HTTP/1.1`,
        headers: [
          `Host: ${at}`,
          ...before.filter((line) => more.length > 0 || !/^(Expect|Content)/.test(line)),
          ...signed(method, `/${B}/${key}`),
          ...more,
        ],
        body: content,
        waits: waits && content !== '',
      });
    const put = await send('PUT', after.length === 0 ? ['X-Last: 1'] : after, body);
    expect([put.status, put.headers['x-ossite-auth'], put.body]).toEqual([200, 'ok', '']);
    if (waits) expect(put.interim).toEqual(['HTTP/1.1 100 Continue']);
    const found = await door.get(B, key);
    expect([found.status, found.text]).toEqual([200, 'data']);
    const got = await send('GET', []);
    expect([got.status, got.headers['x-ossite-auth'], got.body]).toEqual([200, 'ok', 'data']);
  });
});
