/** The library: `import { startOssite } from 'ossite'`. */
import type { Task } from '../store/task.ts';
import { readSettings, type SettingName, type Texts, textOf } from './config.ts';
import { start } from './start.ts';

export type { Task } from '../store/task.ts';

/** Settings as in docs and `--help`, in camel case: `{ port: 0, storage: 'memory', buckets: ['media'] }`. */
export type OssiteOptions = Partial<
  Record<CamelCase<SettingName>, string | number | boolean | readonly string[] | undefined>
>;

type CamelCase<S extends string> = S extends `${infer A}-${infer B}${infer C}`
  ? `${A}${Uppercase<B>}${CamelCase<C>}`
  : S;

export interface Ossite {
  /** Where SDKs connect: `http://127.0.0.1:49152`. */
  readonly endpoint: string;
  readonly tasks: {
    /** Waits until a task has ended. @throws Error after `timeoutMs`, or when the server is closed meanwhile */
    wait(taskId: string, timeoutMs?: number): Promise<Task>;
  };
  /** Back to the state just after the start, or only these buckets. */
  reset(options?: { readonly buckets?: readonly string[]; readonly keep?: 'seed' }): Promise<void>;
  /** Frees port, files and child processes. Idempotent. */
  close(): Promise<void>;
}

/** Starts an emulator in this process, seeded and ready. Several of them share nothing. */
export async function startOssite(options: OssiteOptions = {}): Promise<Ossite> {
  const texts: Texts = Object.fromEntries(
    Object.entries(options).flatMap(([camelCase, value]) => {
      const name = camelCase.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
      return value === undefined ? [] : [[name, textOf(name, value)]];
    }),
  );
  const instance = await start(readSettings({ log: 'warn', ...texts }, process.env));
  await instance.ready.catch(async (error: unknown) => {
    await instance.close();
    throw error;
  });
  let closing = false;
  const mustBeOpen = () => {
    if (closing) throw new Error(`the server at ${instance.endpoint} is closed`);
  };
  return {
    endpoint: instance.endpoint,
    tasks: {
      async wait(taskId, timeoutMs = 60_000) {
        mustBeOpen();
        await instance.services.worker.ended(taskId, timeoutMs);
        mustBeOpen();
        const task = instance.services.store.tasks.get(taskId);
        if (task === undefined) throw new Error(`there is no task ${taskId}`);
        if (task.ended === undefined) throw new Error(`task ${taskId} has not ended after ${timeoutMs} ms`);
        return task;
      },
    },
    async reset({ buckets, keep } = {}) {
      mustBeOpen();
      await instance.services.reset({ ...(buckets === undefined ? {} : { buckets }), keep: keep === 'seed' });
    },
    close() {
      closing = true;
      return instance.close();
    },
  };
}
