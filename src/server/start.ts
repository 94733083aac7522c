/** Puts one instance together and takes it apart again. Several in one process share nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createEngines } from '../processors/engines.ts';
import { loadRegistry } from '../processors/registry.ts';
import { createResults } from '../processors/results.ts';
import { createRoom } from '../processors/room.ts';
import { createSlots } from '../processors/slots.ts';
import { type Clock, systemClock } from '../store/clock.ts';
import type { Store } from '../store/store.ts';
import type { Services } from './action.ts';
import { createApp } from './app.ts';
import { refuseBadHttp } from './bad-http.ts';
import { openCallbackKey } from './callback/key.ts';
import type { Settings } from './config.ts';
import { closerOf } from './connections.ts';
import { builtConsole, openConsole } from './control/console.ts';
import { loadRoutes } from './control/index.ts';
import { engineSettingsOf } from './engine-settings.ts';
import { loadImmActions } from './imm/index.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openGround, type Shared } from './namespace.ts';
import { createNamespaces } from './namespaces.ts';
import { loadActions } from './router.ts';
import { runScripts } from './seed/scripts.ts';
import { seed } from './seed.ts';

export interface Instance {
  /** `http://127.0.0.1:6770` */
  readonly endpoint: string;
  readonly services: Services;
  /** Resolves when seeding is over. @throws Error when it failed */
  readonly ready: Promise<void>;
  /** Lets requests end (10 s at most), leaves running tasks for the next start, frees everything. Idempotent. */
  close(): Promise<void>;
}

/** Long presigned URLs, 8 KB of metadata, 5 KB of callback (rule W16). */
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * Starts an instance: listening when this resolves, seeding perhaps not over yet.
 * @param base what time it is for tasks, messages and what ages, until the clock is moved
 * @param pages the console, as it was built
 * @throws Error when the data directory is in use or the port is taken
 */
export async function start(settings: Settings, base: Clock = systemClock, pages = builtConsole): Promise<Instance> {
  const startedAt = new Date();
  const log = await createLog(settings);
  const temporary = settings.storage === 'memory' ? await mkdtemp(join(tmpdir(), 'ossite-')) : undefined;
  const [ground, registry, actions, routes, immActions] = await Promise.all([
    openGround(temporary ?? resolve(settings['data-dir']), settings, base),
    loadRegistry(),
    loadActions(),
    loadRoutes(),
    loadImmActions(),
  ]);
  const { store } = ground;
  const closing = new AbortController();
  const results = createResults(join(store.temp, 'results'), settings['result-cache'] * 1024 * 1024);
  const metrics = createMetrics();
  const engines = createEngines(join(store.temp, 'engines'), engineSettingsOf(settings), results, metrics.run);
  let seeded = false;
  const seeding = new AbortController();
  const shared: Shared = {
    ...{ settings, log, registry, engines, results, metrics, startedAt },
    slots: createSlots(settings['max-image-slots']),
    room: createRoom(settings.workers),
    callbackKey: openCallbackKey(store.dir),
    closing: closing.signal,
    isReady: () => seeded,
    inNamespaceOf: (accessKeyId) => namespaces.of(accessKeyId),
    seed: fill,
  };
  const namespaces = createNamespaces(ground, shared, base);
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0, keepAliveTimeout: 75_000, highWaterMark: 256 * 1024 },
    createApp(namespaces, actions, { routes, console: settings.console ? openConsole(pages) : undefined }, immActions),
  );

  refuseBadHttp(server);
  const closeConnections = closerOf(server);

  async function release(): Promise<void> {
    await engines.close();
    await namespaces.release();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }

  const port = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const endpoint = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const ready = namespaces.begin().then(() => {
    seeded = true;
  });
  ready.catch(() => {});

  /** Scripts work with a key of the settings, and so on what is everybody's. */
  async function fill(namespace: string, into: Store, only: readonly string[] | undefined) {
    const { signal } = seeding;
    const made = await seed(into, settings, { signal, only });
    if (namespace !== '' || only !== undefined) return made;
    const onEnd = (script: string, output: string) =>
      log.info({ script, output }, 'a script of the seed directory ran');
    await runScripts({ children: engines.children, endpoint: connectable(endpoint), settings, signal, onEnd });
    return made;
  }

  let closed: Promise<void> | undefined;
  return {
    endpoint,
    services: namespaces.usual,
    ready,
    close() {
      closed ??= (async () => {
        seeding.abort(new Error('the server is closing'));
        const stopped = closeConnections();
        await namespaces.stop();
        await stopped;
        closing.abort(new Error('the server is closing'));
        await ready.catch(() => {});
        await release();
      })();
      return closed;
    },
  };
}

/** An address that stands for all of the machine's is none to connect to. */
export const connectable = (endpoint: string) =>
  endpoint.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

function listen(server: Server, settings: Settings): Promise<number> {
  return new Promise((resolvePort, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolvePort((server.address() as AddressInfo).port);
    });
  });
}
