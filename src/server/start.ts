/** Puts one instance together and takes it apart again. Several in one process share nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Duplex, Readable } from 'node:stream';
import { createEngines } from '../processors/engines.ts';
import { loadRegistry } from '../processors/registry.ts';
import { createResults } from '../processors/results.ts';
import type { ObjectsPort } from '../processors/run.ts';
import { createSlots } from '../processors/slots.ts';
import { createWorker } from '../processors/worker.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Services } from './action.ts';
import { createApp } from './app.ts';
import type { Settings } from './config.ts';
import { loadRoutes } from './control/index.ts';
import { createLog } from './log.ts';
import { planFor } from './processing.ts';
import { loadActions } from './router.ts';
import { seed } from './seed.ts';
import { writeXml } from './xml.ts';

export interface Instance {
  /** `http://127.0.0.1:6770` */
  readonly endpoint: string;
  readonly services: Services;
  /** Resolves when seeding is over. @throws Error when it failed */
  readonly ready: Promise<void>;
  /** Lets requests end (10 s at most), leaves running tasks for the next start, frees everything. Idempotent. */
  close(): Promise<void>;
}

/** Requests in flight get this long to end. */
const GRACE_MS = 10_000;

/** Long presigned URLs, 8 KB of metadata, 5 KB of callback (rule W16). */
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * Starts an instance: listening when this resolves, seeding perhaps not over yet.
 * @throws Error when the data directory is in use or the port is taken
 */
export async function start(settings: Settings): Promise<Instance> {
  const startedAt = new Date();
  const log = await createLog(settings);
  const temporary = settings.storage === 'memory' ? await mkdtemp(join(tmpdir(), 'ossite-')) : undefined;
  const [store, registry, actions, routes] = await Promise.all([
    openStore(temporary ?? resolve(settings['data-dir'])),
    loadRegistry(),
    loadActions(),
    loadRoutes(),
  ]);
  const closing = new AbortController();
  const engines = createEngines(join(store.temp, 'engines'), {
    encoderPreset: settings['encoder-preset'],
    maxOutput: settings['max-output'] * 1024 ** 2,
    limitRule: settings['image-limit-rule'],
    gifToWebpAnimated: settings['gif-to-webp-animated'],
    animatedWebp: settings['animated-webp'],
  });
  const objects = objectsPort(store);
  const worker = createWorker({
    tasks: store.tasks,
    objects,
    engines,
    root: store.temp,
    atOnce: settings.workers,
    timeout: settings['task-timeout'],
    plan: (process, bucket) => planFor(process, 'async', store.buckets.need(bucket), { store, registry, settings }),
    onTrouble: (error, taskId) => log.error({ err: error, taskId }, 'a task failed for a reason of ours'),
  });
  let seeded = false;
  const services: Services = {
    settings,
    store,
    registry,
    engines,
    slots: createSlots(settings['max-image-slots']),
    worker,
    objects,
    results: createResults(join(store.temp, 'results'), settings['result-cache'] * 1024 * 1024),
    log,
    closing: closing.signal,
    startedAt,
    isReady: () => seeded,
  };
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0, keepAliveTimeout: 75_000, highWaterMark: 256 * 1024 },
    createApp(services, actions, routes),
  );

  server.on('clientError', refuseGarbage);

  async function release(): Promise<void> {
    await engines.close();
    await store.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }

  const port = await listen(server, settings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const ready = seed(store, settings).then(() => {
    seeded = true;
    worker.kick();
  });
  ready.catch(() => {});
  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    services,
    ready,
    close() {
      closed ??= (async () => {
        const stopped = new Promise<void>((done) => server.close(() => done()));
        server.closeIdleConnections();
        const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        await worker.stop();
        await stopped;
        clearTimeout(grace);
        closing.abort(new Error('the server is closing'));
        await ready.catch(() => {});
        await release();
      })();
      return closed;
    },
  };
}

/** What is no HTTP never becomes a request: it is answered here, as an error of OSS. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const message =
    error.code === 'HPE_HEADER_OVERFLOW' ? 'The request header is too large.' : 'The request is not HTTP.';
  const body = writeXml('Error', [
    ['Code', 'BadRequest'],
    ['Message', message],
  ]);
  const head = `HTTP/1.1 400 Bad Request\r\nServer: AliyunOSS\r\nConnection: close\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\n\r\n${body}`);
}

function listen(server: Server, settings: Settings): Promise<number> {
  return new Promise((resolvePort, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => {
      server.off('error', reject);
      resolvePort((server.address() as AddressInfo).port);
    });
  });
}

/** What processing may do with the store. */
function objectsPort(store: Store): ObjectsPort {
  return {
    pin: (ref, path) => store.objects.pin(store.buckets.need(ref.bucket), ref.key, path),
    async put(to, content, contentType) {
      const bucket = store.buckets.need(to.bucket);
      const written =
        'file' in content
          ? await store.blobs.adopt(bucket.id, content.file)
          : await store.blobs.write(bucket.id, Readable.from([content.bytes]));
      // ACL, class and metadata can not be chosen: they are the bucket's, and none (documents-styles-tasks.md §3.1).
      const facts = { contentType, headers: {}, meta: {}, acl: 'default', storageClass: bucket.storageClass };
      return store.objects.put(bucket, to.key, written, facts);
    },
  };
}
