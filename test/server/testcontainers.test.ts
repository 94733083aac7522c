/** Without an engine: what would be started, and what is made of a container that runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/server/config.ts';
import { version } from '../../src/server/version.ts';
import { OssiteContainer, StartedOssiteContainer } from '../../src/testing/testcontainers.ts';
import { endpoint, fixture, frontDoor } from '../helpers/ossite.ts';
import { Client } from '../helpers/sdk.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-container-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** What is protected in a container that has not started. */
class Opened extends OssiteContainer {
  get plan() {
    const { imageName, environment, exposedPorts, directoriesToCopy, waitStrategy, startupTimeoutMs } = this;
    return { image: imageName.string, environment, exposedPorts, directoriesToCopy, waitStrategy, startupTimeoutMs };
  }
}

describe('a container to be started', () => {
  it('is this version’s image, which is waited for until it is ready', () => {
    const { image, exposedPorts, waitStrategy, environment, startupTimeoutMs } = new Opened().plan;
    expect([image, exposedPorts, environment, startupTimeoutMs]).toEqual([`ossite:${version}`, [6770], {}, 60_000]);
    expect(waitStrategy).toMatchObject({ path: '/_ossite/ready', port: 6770 });
    expect(new Opened('registry.example/ossite:core').plan.image).toBe('registry.example/ossite:core');
  });

  it('has its settings in its environment, and its seed where the image looks for it', () => {
    const { environment, directoriesToCopy } = new Opened()
      .withBuckets('photos', 'site:public-read')
      .withSetting('auth', 'strict')
      .withSetting('task-timeout', 60)
      .withSetting('demo', true)
      .withSetting('access-keys', ['a:b', 'c:d'])
      .withSeed(dir).plan;
    expect(environment).toEqual({
      OSSITE_BUCKETS: 'photos,site:public-read',
      OSSITE_AUTH: 'strict',
      OSSITE_TASK_TIMEOUT: '60',
      OSSITE_DEMO: 'true',
      OSSITE_ACCESS_KEYS: 'a:b;c:d',
    });
    expect(directoriesToCopy).toEqual([{ source: dir, target: '/seed' }]);
  });

  it.each([
    ['auth', 'severe', /must be one of off, lenient, strict, not "severe"/],
    ['workers', 0, /must be an integer from 1 to 64/],
    ['port', 1234, /the setting port is the image's own/],
    ['host', 'localhost', /the setting host is the image's own/],
  ] as const)('a setting that would stop the start is refused at once: %s = %s', (name, value, message) => {
    expect(() => new OssiteContainer().withSetting(name, value)).toThrow(message);
  });

  it('a bucket that can not be one is refused at once', () => {
    expect(() => new OssiteContainer().withBuckets('Photos')).toThrow(
      /--buckets must be a bucket name: 3 to 63 lower-case letters/,
    );
  });
});

describe('names of a container', () => {
  class Named extends Opened {
    protected override runtimeHost = async () => 'docker';
    async named() {
      await this.beforeContainerCreated();
      return this.plan.environment.OSSITE_HOSTS;
    }
  }

  it('are the usual ones, that of the engine’s host, and those in networks', async () => {
    expect(await new Named().named()).toBe('localhost,127.0.0.1,docker');
    expect(await new Named().withNetworkAliases('oss', 'docker').named()).toBe('localhost,127.0.0.1,docker,oss');
  });

  it('are those that a test has settled', async () => {
    expect(await new Named().withSetting('hosts', ['localhost', 'mine']).named()).toBe('localhost,mine');
  });
});

describe('a container that runs', () => {
  // The shared server stands for what runs inside.
  const { hostname, port } = new URL(endpoint);
  const container = { getHost: () => hostname, getMappedPort: () => Number(port) } as unknown as StartedTestContainer;
  const started = new StartedOssiteContainer(container, readSettings({ region: 'cn-beijing' }, {}));

  it('says where it is', async () => {
    expect(started.endpoint).toBe(endpoint);
    expect((await frontDoor(started.endpoint).request('get', '/_ossite/ready')).status).toBe(200);
  });

  it('makes a client of ali-oss', async () => {
    const options = started.clientOptions();
    expect(options).toMatchObject({
      region: 'oss-cn-beijing',
      accessKeyId: 'ossite',
      accessKeySecret: 'ossite-secret',
    });
    const client = new Client({ ...options, bucket: 'from-container' });
    await client.putBucket('from-container');
    expect((await client.put('a.jpg', fixture('photo.jpg'))).res.status).toBe(200);
  });
});
