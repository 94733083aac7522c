/** Background tasks: claim, plan, run, save, finish. Says nothing of HTTP and little of rows. */
import { setMaxListeners } from 'node:events';
import { OssError } from '../store/errors.ts';
import type { Task } from '../store/task.ts';
import type { Claim, TaskEnd, Tasks } from '../store/tasks.ts';
import { EngineMissing } from './children.ts';
import { createEngineLog, type EngineLog } from './engine-log.ts';
import type { Engines } from './engines.ts';
import { TaskFailure } from './failure.ts';
import type { Plan } from './plan.ts';
import type { Room } from './room.ts';
import { type ObjectsPort, runPlan } from './run.ts';
import { save, told } from './saving.ts';

export interface WorkerOptions {
  readonly tasks: Tasks;
  readonly objects: ObjectsPort;
  readonly engines: Engines;
  /** Directory for the runs' own directories. */
  readonly root: string;
  /** How many tasks may run at once, of this worker and others. */
  readonly room: Room;
  /** Seconds one run of a task may take. */
  readonly timeout: number;
  /** Plans the task's process string again, with the registry as it is now. */
  plan(process: string, bucket: string): Plan;
  /** Before the run: what it throws fails the task. */
  before(task: Task, plan: Plan, signal: AbortSignal): Promise<void>;
  /** A run is over; if its task has ended, there may be a message to send. */
  onEnd(): void;
  /** Something went wrong that is not the user's fault. */
  onTrouble(error: unknown, taskId: string): void;
}

export interface Worker {
  /** There may be something to do. */
  kick(): void;
  /** Aborts a running task; queued ones are the store's business. */
  abort(taskId: string): void;
  /** Aborts running tasks whose rows are gone. Resolves when their runs are over. */
  drop(which: (task: Task) => boolean): Promise<void>;
  /** Resolves when the task has ended, the time is over or the worker has stopped. */
  ended(taskId: string, ms: number): Promise<void>;
  /** Resolves with true when nothing is queued or running, with false when the time is over or the worker has stopped. */
  drained(ms: number): Promise<boolean>;
  /** Stops claiming and aborts what runs; those tasks go back into the queue. */
  stop(): Promise<void>;
}

/** A claim not renewed for this long belongs to a dead worker. */
const LEASE_MS = 60_000;

const cancelled = Symbol('cancelled');
const stopping = Symbol('stopping');

interface Running {
  readonly task: Task;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export function createWorker(options: WorkerOptions): Worker {
  const { tasks } = options;
  const running = new Map<string, Running>();
  const waiters = new Set<() => void>();
  let stopped = false;
  // Picks up claims whose lease ran out; everything else comes by kick().
  const ticker = setInterval(kick, LEASE_MS / 4);
  ticker.unref();

  function kick(): void {
    while (!stopped && options.room.enter(kick)) {
      const claim = tasks.claim(LEASE_MS);
      if (claim === undefined) {
        options.room.leave();
        return;
      }
      const controller = new AbortController();
      setMaxListeners(0, controller.signal);
      const done = work(claim, controller)
        // Its end could not be written: the claim runs out, and the task is tried again.
        .catch((error: unknown) => options.onTrouble(error, claim.task.id))
        .finally(() => {
          running.delete(claim.task.id);
          options.room.leave();
          announce();
          options.onEnd();
          kick();
        });
      running.set(claim.task.id, { task: claim.task, controller, done });
    }
  }

  async function work(claim: Claim, controller: AbortController): Promise<void> {
    const deadline = setTimeout(
      () => controller.abort(new TaskFailure('ConvertTimeout', tooLong(options.timeout))),
      options.timeout * 1000,
    );
    const renewal = setInterval(() => {
      // Someone else owns it now: what this run makes must not be stored.
      if (!tasks.renew(claim, LEASE_MS)) controller.abort(stopping);
    }, LEASE_MS / 4);
    const log = createEngineLog(options.root);
    try {
      const made = await attempt(claim, controller.signal, log);
      tasks.finish(claim, { state: 'Succeeded', ...made, log: log.text() });
    } catch (error) {
      const reason = controller.signal.aborted ? controller.signal.reason : error;
      if (reason === stopping) tasks.release(claim);
      else if (reason !== cancelled) tasks.finish(claim, { ...failure(reason, claim), log: log.text() });
    } finally {
      clearTimeout(deadline);
      clearInterval(renewal);
    }
  }

  async function attempt({ task, lease }: Claim, signal: AbortSignal, log: EngineLog) {
    const plan = options.plan(task.process, task.bucket);
    for (const text of plan.warnings) tasks.warn(task.id, text);
    await options.before(task, plan, signal);
    const job = {
      plan,
      from: { bucket: task.bucket, key: task.key },
      started: task.created,
      objects: options.objects,
      engines: options.engines,
      signal,
      root: options.root,
      progress: throttled((percent) => tasks.progress(task.id, lease, percent)),
      warn: (text: string) => tasks.warn(task.id, text),
      log,
    };
    return runPlan(job, async (made, subject) => {
      signal.throwIfAborted();
      if (plan.saveas === undefined) return { outputs: [], result: told(made) };
      return { outputs: await save(made, plan, subject, options.objects), result: '' };
    });
  }

  function failure(error: unknown, claim: Claim): TaskEnd {
    if (error instanceof TaskFailure || error instanceof OssError)
      return { state: 'Failed', code: error.code, message: error.message };
    if (error instanceof EngineMissing) {
      return {
        state: 'Failed',
        code: 'EngineMissing',
        message: `${error.message}; install it and send the request again.`,
      };
    }
    options.onTrouble(error, claim.task.id);
    return {
      state: 'Failed',
      code: 'InternalError',
      message: 'The task failed for a reason inside the emulator; its log tells more.',
    };
  }

  function announce(): void {
    for (const waiter of [...waiters]) waiter();
  }

  /** @param done asked now, and after every change until the worker has stopped: the store may be closed then */
  function until(done: () => boolean, ms: number): Promise<boolean> {
    if (stopped) return Promise.resolve(false);
    if (done()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (result: boolean) => {
        clearTimeout(timer);
        waiters.delete(check);
        resolve(result);
      };
      const check = () => {
        if (stopped) end(false);
        else if (done()) end(true);
      };
      const timer = setTimeout(() => end(done()), ms);
      waiters.add(check);
    });
  }

  const hasEnded = (id: string) => {
    const state = tasks.get(id)?.state;
    return state !== 'Queued' && state !== 'Running';
  };

  return {
    kick,
    abort(taskId) {
      running.get(taskId)?.controller.abort(cancelled);
      announce();
    },
    async drop(which) {
      const dropped = [...running.values()].filter(({ task }) => which(task));
      for (const { controller } of dropped) controller.abort(cancelled);
      await Promise.all(dropped.map(({ done }) => done));
    },
    ended: async (taskId, ms) => void (await until(() => hasEnded(taskId) && !running.has(taskId), ms)),
    drained: (ms) => until(() => running.size === 0 && tasks.pending() === 0, ms),
    async stop() {
      stopped = true;
      clearInterval(ticker);
      for (const { controller } of running.values()) controller.abort(stopping);
      await Promise.all([...running.values()].map(({ done }) => done));
      // Whoever waits would do so in vain, and keep the server from closing.
      announce();
    },
  };
}

const tooLong = (seconds: number) =>
  `The task ran longer than ${seconds} s and was stopped; OSSITE_TASK_TIMEOUT sets the limit.`;

/** Progress reaches the database at most every 100 ms: ffmpeg reports more often than anyone reads. */
function throttled(report: (percent: number) => void): (percent: number) => void {
  let last = 0;
  return (percent) => {
    const now = Date.now();
    if (now - last < 100) return;
    last = now;
    report(Math.max(0, Math.min(99, Math.floor(percent))));
  };
}
