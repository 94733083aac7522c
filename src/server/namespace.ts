/** One namespace: a store of its own and what works on it. Engines, slots and kept results are shared with the others. */
import type { Engines } from '../processors/engines.ts';
import { envelope } from '../processors/notice.ts';
import type { Registry } from '../processors/registry.ts';
import type { Results } from '../processors/results.ts';
import type { Room } from '../processors/room.ts';
import type { ObjectsPort } from '../processors/run.ts';
import type { Slots } from '../processors/slots.ts';
import { createWorker } from '../processors/worker.ts';
import { type Clock, movableClock } from '../store/clock.ts';
import type { Outgoing } from '../store/messages.ts';
import { plainFacts } from '../store/objects.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Task } from '../store/task.ts';
import type { Services } from './action.ts';
import type { Settings } from './config.ts';
import { createCourier, webhookFor } from './courier.ts';
import { OWNER } from './describe.ts';
import { createEvents } from './events.ts';
import { createFaults } from './faults/index.ts';
import { strikeTask } from './faults/strike.ts';
import { createJournal } from './journal.ts';
import { keepExpiring } from './lifecycle/index.ts';
import { actionNames, planFor } from './processing.ts';
import { createReset } from './reset.ts';
import { keepPruning } from './retention.ts';
import { createTally } from './tally.ts';
import { watchMessages, watchTasks } from './watch.ts';

/** What all namespaces of an instance have in common. */
export interface Shared
  extends Pick<
    Services,
    'settings' | 'log' | 'callbackKey' | 'closing' | 'startedAt' | 'metrics' | 'isReady' | 'inNamespaceOf'
  > {
  readonly registry: Registry;
  readonly engines: Engines;
  readonly slots: Slots;
  readonly results: Results;
  readonly room: Room;
  /** Fills buckets as the settings say. @param only names of buckets; absent: all @returns names of those that were not there */
  seed(namespace: string, store: Store, only: readonly string[] | undefined): Promise<readonly string[]>;
}

export interface Namespace {
  readonly services: Services;
  /** Fills the buckets; then its tasks run. */
  begin(): Promise<void>;
  /** Lets go of who listens and of what a fault holds up; stops tasks, which go on at the next start. */
  stop(): Promise<void>;
  /** Frees the rest. */
  release(): Promise<void>;
}

/** A store and the clock it goes by. */
export interface Ground {
  readonly store: Store;
  readonly clock: Services['clock'];
}

/** @param base the machine's clock @throws StoreUnavailable when another process uses the directory */
export async function openGround(dir: string, settings: Settings, base: Clock): Promise<Ground> {
  const clock = movableClock(base);
  const store = await openStore(dir, { now: clock.now, messageOf: (task) => messageOf(task, settings) });
  return { store, clock };
}

/** @param name empty for the namespace of all who have none of their own */
export function createNamespace(name: string, { store: plain, clock }: Ground, shared: Shared): Namespace {
  const { settings, log, registry, engines, results, slots } = shared;
  const events = createEvents();
  const messages = watchMessages(plain.messages, events);
  const store: Store = { ...plain, messages, tasks: watchTasks(plain.tasks, messages, events) };
  const journal = createJournal(settings.journal);
  const tally = createTally();
  const faults = createFaults();
  const objects = objectsPort(store);
  const pruning = keepPruning(store.tasks, clock.now);
  const lifecycle = keepExpiring(store, clock.now, (error) =>
    log.error({ err: error }, 'lifecycle rules could not act for a reason of ours'),
  );
  const courier = createCourier({
    messages,
    webhooks: settings.notify,
    onTrouble: (error) => log.error({ err: error }, 'a message could not be sent for a reason of ours'),
  });
  const worker = createWorker({
    tasks: store.tasks,
    objects,
    engines,
    root: store.temp,
    room: shared.room,
    timeout: settings['task-timeout'],
    plan: (process, bucket) => planFor(process, 'async', store.buckets.need(bucket), { store, registry, settings }),
    async before({ bucket, key }, plan, signal) {
      const fault = faults.hit({ bucket, key, actions: actionNames(plan) });
      if (fault !== undefined) await strikeTask(fault, signal);
    },
    onEnd: courier.kick,
    onTrouble: (error, taskId) => log.error({ err: error, taskId }, 'a task failed for a reason of ours'),
  });
  const fill = async (only?: readonly string[]) => store.resetting.remember(await shared.seed(name, store, only));
  const services: Services = {
    ...shared,
    ...{
      namespace: name,
      store,
      registry,
      engines,
      slots,
      worker,
      objects,
      results,
      clock,
      journal,
      tally,
      faults,
      events,
    },
    age() {
      pruning.prune();
      return lifecycle.run();
    },
    reset: createReset({
      ...{ store, worker, journal, tally, faults, clock, fill },
      onDone: ({ buckets }) => events.tell('reset', () => (buckets === undefined ? {} : { buckets })),
    }),
  };
  return {
    services,
    async begin() {
      await fill();
      worker.kick();
      courier.kick();
      void lifecycle.run();
    },
    async stop() {
      faults.clear();
      events.close();
      await worker.stop();
    },
    async release() {
      pruning.stop();
      await lifecycle.stop();
      await courier.stop();
      await store.close();
    },
  };
}

/** What a task that has ended has to say, and whether there is a webhook for it. */
function messageOf(task: Task, { region, notify }: Settings): Outgoing | undefined {
  if (task.notice === undefined) return undefined;
  const { topic } = task.notice;
  const body = envelope(task, task.notice, { region, uid: OWNER });
  return { topic, body, send: webhookFor(notify, topic) !== undefined };
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
          : await store.blobs.write(bucket.id, content.bytes);
      // ACL, class and metadata can not be chosen: they are the bucket's, and none (documents-styles-tasks.md §3.1).
      return store.objects.put(bucket, to.key, written, plainFacts(bucket, contentType));
    },
  };
}
