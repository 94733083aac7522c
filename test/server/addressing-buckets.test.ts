/** Requests on buckets and the service, in the forms in which clients write them (rest-core.md §5). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { frontDoor } from '../helpers/ossite.ts';
import { raw } from '../helpers/raw.ts';

const B = 'media-bucket';
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
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
});
afterAll(() => ossite.close());

/** The V1 signature over what the client takes for the resource: that it is right shows how the request was read. */
function signed(method: string, resource: string): readonly string[] {
  const date = new Date().toUTCString();
  const signature = createHmac('sha1', 'ossite-secret').update(`${method}\n\n\n${date}\n${resource}`).digest('base64');
  return [`Date: ${date}`, `Authorization: OSS ossite:${signature}`];
}

const length = 'Content-Length: 4';

describe('buckets and the service', () => {
  it.each<[string, string, string, string, string]>([
    ['vhost', '/?acl', `${B}.localhost`, `/${B}/?acl`, 'AccessControlPolicy'],
    ['path with a slash', `/${B}/?acl`, 'localhost', `/${B}/?acl`, 'AccessControlPolicy'],
    ['path without', `/${B}?acl`, 'localhost', `/${B}/?acl`, 'AccessControlPolicy'],
    ['path without, an equals sign', `/${B}?acl=`, 'localhost', `/${B}/?acl`, 'AccessControlPolicy'],
    ['C, which signs no slash', `/${B}?acl`, '127.0.0.1', `/${B}?acl`, 'AccessControlPolicy'],
    ['C with a CNAME has the bucket in the path', `/${B}/?acl`, '127.0.0.1', `/${B}/?acl`, 'AccessControlPolicy'],
    ['a CNAME', '/?acl', 'cdn.example.com', `/${B}/?acl`, 'AccessControlPolicy'],
    ['vhost under a container’s name', '/?acl', `${B}.emulator`, `/${B}/?acl`, 'AccessControlPolicy'],
    ['the service by IP', '/', '127.0.0.1', '/', 'ListAllMyBucketsResult'],
    ['the service by IPv6', '/', '[::1]:6770', '/', 'ListAllMyBucketsResult'],
    ['the service by a container’s name', '/', 'emulator:6770', '/', 'ListAllMyBucketsResult'],
    ['the service by a name of Alibaba Cloud', '/', 'oss-cn-hangzhou.aliyuncs.com', '/', 'ListAllMyBucketsResult'],
    ['the service as libcloud has it', '/', 'oss.aliyuncs.com', '/', 'ListAllMyBucketsResult'],
    ['ali-oss without a bucket', '/', 'undefined.oss-cn-hangzhou.aliyuncs.com', '/', 'ListAllMyBucketsResult'],
    ['the same with an empty label', '/', '.oss-cn-hangzhou.aliyuncs.com', '/', 'ListAllMyBucketsResult'],
  ])('%s', async (_, target, host, resource, root) => {
    const { status, headers, body } = await raw(ossite.endpoint, {
      line: `GET ${target} HTTP/1.1`,
      headers: [`Host: ${host}`, ...signed('GET', resource)],
    });
    expect([status, headers['x-ossite-auth']]).toEqual([200, 'ok']);
    expect(body).toContain(`<${root}>`);
  });

  it('HTTP/1.0 without a Host', async () => {
    const { status } = await raw(ossite.endpoint, { line: `GET /${B} HTTP/1.0`, headers: [] });
    expect(status).toBe(200);
  });

  it.each<[string, string, string, string]>([
    ['path style, unsigned', '/made-by-path', 'emulator:6770', ''],
    ['path style under a name with dots, unsigned', '/made-in-docker', 'host.docker.internal:6770', ''],
    ['path style under a name with dots', '/made-and-signed', 'host.docker.internal:6770', '/made-and-signed/'],
    ['vhost under a container’s name', '/', 'made-by-host.emulator:6770', '/made-by-host/'],
    ['vhost', '/', 'made-by-vhost.localhost:6770', '/made-by-vhost/'],
  ])('PutBucket, %s', async (_, target, host, resource) => {
    const { status, body } = await raw(ossite.endpoint, {
      line: `PUT ${target} HTTP/1.1`,
      headers: [`Host: ${host}`, ...(resource === '' ? [] : signed('PUT', resource)), 'Content-Length: 0'],
    });
    expect([status, body]).toEqual([200, '']);
    const name = /made-[a-z-]+/.exec(`${target} ${host}`)?.[0] ?? '';
    expect((await door.request('get', `/${name}?acl`)).status).toBe(200);
  });

  it.each<[string, string, string, number, string, string]>([
    ['GET', '/No_Bucket/x', '127.0.0.1', 404, 'NoSuchBucket', 'No_Bucket'],
    ['PUT', '/No_Bucket', '127.0.0.1', 400, 'InvalidBucketName', 'No_Bucket'],
    ['GET', '/x', 'missing.localhost', 404, 'NoSuchBucket', 'missing'],
    ['GET', '/a/x.jpg', 'first.of.many.example', 404, 'NoSuchBucket', 'first'],
    ['GET', '/no-bucket/x', 'emulator', 404, 'NoSuchBucket', 'no-bucket'],
  ])('%s %s on %s is %d %s', async (method, target, host, status, code, bucket) => {
    const answer = await raw(ossite.endpoint, {
      line: `${method} ${target} HTTP/1.1`,
      headers: [`Host: ${host}`, 'Content-Length: 0'],
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
    expect(answer.body).toContain(`<BucketName>${bucket}</BucketName>`);
    expect(answer.body).toContain(`<HostId>${host}</HostId>`);
  });

  it('the control API is looked for under any host but a bucket’s, and answers under names of the server', async () => {
    const ready = (host: string) =>
      raw(ossite.endpoint, { line: 'GET /_ossite/ready HTTP/1.1', headers: [`Host: ${host}`] });
    for (const host of ['127.0.0.1:6770', 'localhost']) expect((await ready(host)).status).toBe(200);
    for (const host of ['emulator:6770', 'host.docker.internal:6770'])
      expect((await ready(host)).body).toContain('"ForbiddenHost"');
    for (const host of [`${B}.localhost`, `${B}.emulator`, 'cdn.example.com'])
      expect((await ready(host)).body).toContain('<Code>NoSuchKey</Code>');
  });
});

describe('a default bucket', () => {
  it('is meant where no other can be', async () => {
    const own = await startOssite({
      port: 0,
      storage: 'memory',
      log: 'error',
      buckets: [B, 'fallback-bucket'],
      defaultBucket: 'fallback-bucket',
    });
    try {
      const put = (host: string, target: string) =>
        raw(own.endpoint, { line: `PUT ${target} HTTP/1.1`, headers: [`Host: ${host}`, length], body: 'data' });
      // Java's old client, which takes every name for a CNAME.
      expect((await put('emulator', '/dir/key')).status).toBe(200);
      expect((await put('files.example.com', '/top')).status).toBe(200);
      expect((await put('emulator', `/${B}/k`)).status).toBe(200);
      const listed = await raw(own.endpoint, { line: 'GET /?prefix=dir HTTP/1.1', headers: ['Host: emulator'] });
      expect(listed.body).toContain('<Key>dir/key</Key>');
      const own_ = frontDoor(own.endpoint);
      for (const [bucket, key] of [
        ['fallback-bucket', 'dir/key'],
        ['fallback-bucket', 'top'],
        [B, 'k'],
      ] as const)
        expect((await own_.get(bucket, key)).text).toBe('data');
      // An address is no CNAME.
      expect((await put('127.0.0.1', '/nowhere/key')).status).toBe(404);
    } finally {
      await own.close();
    }
  });
});
