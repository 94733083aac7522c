/**
 * Ossite in a container, for tests in Node: `import { OssiteContainer } from 'ossite/testcontainers'`. Needs the package
 * `testcontainers` and an engine such as Docker.
 */
import { resolve } from 'node:path';
import {
  AbstractStartedContainer,
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
  Wait,
} from 'testcontainers';
import { environmentName, readSettings, type SettingName, type Settings, table, textOf } from '../server/config.ts';
import { version } from '../server/version.ts';

/** Where it listens inside. */
const PORT = Number(table.port.default);

/** What the image has settled: changing it would make the container one that nobody can reach. */
const settled: readonly SettingName[] = ['port', 'host', 'data-dir', 'seed-dir'];

/** Time from the container's start to readiness, seeding included. */
const STARTUP_TIMEOUT_MS = 60_000;

/** A container to be started. It can do what `GenericContainer` can: networks, labels, re-use. */
export class OssiteContainer extends GenericContainer {
  /** @param image its name and tag; absent: that of this package's version */
  constructor(image: string = `ossite:${version}`) {
    super(image);
    this.withExposedPorts(PORT)
      .withWaitStrategy(Wait.forHttp('/_ossite/ready', PORT).forStatusCode(200))
      .withStartupTimeout(STARTUP_TIMEOUT_MS);
  }

  /** @param buckets names, each with an optional ACL: `photos`, `site:public-read` */
  withBuckets(...buckets: readonly string[]): this {
    return this.withSetting('buckets', buckets);
  }

  /** @param dir a seed directory of this machine: `DIR/<bucket>/<key…>`, `DIR/ossite.yaml`, `DIR/init/ready.d` */
  withSeed(dir: string): this {
    return this.withCopyDirectoriesToContainer([{ source: resolve(dir), target: '/seed' }]);
  }

  /**
   * @param name as in docs/settings.md, without dashes in front: `auth`, `task-timeout`
   * @throws Error at once for a value that would stop the start
   */
  withSetting(name: SettingName, value: string | number | boolean | readonly string[]): this {
    if (settled.includes(name)) throw new Error(`the setting ${name} is the image's own`);
    const text = textOf(name, value);
    readSettings({ [name]: text }, {});
    return this.withEnvironment({ [environmentName(name)]: text });
  }

  /** Names it will be reached by: under any other the control API, which tells whether it is ready, does not answer. */
  protected override async beforeContainerCreated(): Promise<void> {
    if (this.environment[environmentName('hosts')] !== undefined) return;
    const names = [...settingsFrom(this.environment).hosts, await this.runtimeHost(), ...this.networkAliases];
    this.withSetting('hosts', [...new Set(names)]);
  }

  /** Where the engine is: `localhost`, or a name such as `docker` where it is a service of a CI job. */
  protected async runtimeHost(): Promise<string> {
    return (await getContainerRuntimeClient()).info.containerRuntime.host;
  }

  override async start(): Promise<StartedOssiteContainer> {
    return new StartedOssiteContainer(await super.start(), settingsFrom(this.environment));
  }
}

/** The settings a container's environment stands for. */
const settingsFrom = (environment: Readonly<Record<string, string>>): Settings => readSettings({}, { ...environment });

/** What ali-oss is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  /** Buckets in the path: names such as `bucket.localhost` do not resolve everywhere. */
  readonly sldEnable: true;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** A container that runs, seeded and ready. */
export class StartedOssiteContainer extends AbstractStartedContainer {
  readonly #settings: Settings;

  constructor(container: StartedTestContainer, settings: Settings) {
    super(container);
    this.#settings = settings;
  }

  /** Where clients on this machine connect: `http://localhost:49153`. */
  get endpoint(): string {
    return `http://${this.getHost()}:${this.getMappedPort(PORT)}`;
  }

  /** For `new OSS({ ...container.clientOptions(), bucket })`. */
  clientOptions(): ClientOptions {
    const { region, 'access-keys': keys } = this.#settings;
    const [key] = keys;
    if (key === undefined) throw new Error('the container knows no access key');
    return {
      ...{ region: `oss-${region}`, endpoint: this.endpoint, sldEnable: true },
      ...{ accessKeyId: key.id, accessKeySecret: key.secret },
    };
  }
}
