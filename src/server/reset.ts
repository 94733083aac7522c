/** Back to the state just after the start (POST /_ossite/reset). */
import type { Worker } from '../processors/worker.ts';
import type { MovableClock } from '../store/clock.ts';
import { createLocks } from '../store/locks.ts';
import type { ResetOptions } from '../store/reset.ts';
import type { Store } from '../store/store.ts';
import type { Faults } from './faults/index.ts';
import type { Journal } from './journal.ts';
import type { Tally } from './tally.ts';

interface Parts {
  readonly store: Store;
  readonly worker: Worker;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly faults: Faults;
  readonly clock: MovableClock;
  /** Fills the buckets that the settings name, or those among them that are asked for. */
  fill(only?: readonly string[]): Promise<void>;
  /** Tells those who listen to events: what they have seen is gone. */
  onDone(options: ResetOptions): void;
}

/** @returns what resets: one reset at a time. Without names of buckets everything goes, journal, faults and clock too */
export function createReset({ store, worker, journal, tally, faults, clock, fill, onDone }: Parts) {
  const locks = createLocks();

  async function reset(options: ResetOptions): Promise<void> {
    const { buckets } = options;
    // First the rows, so that none is claimed again; then what runs, so that it stores nothing in a new bucket.
    store.resetting.forgetTasks(buckets);
    await worker.drop((task) => buckets?.includes(task.bucket) ?? true);
    store.resetting.clear(options);
    if (buckets === undefined) {
      journal.clear();
      tally.clear();
      faults.clear();
      clock.reset();
    }
    await fill(buckets);
    onDone(options);
  }

  return (options: ResetOptions): Promise<void> => locks.alone('reset', () => reset(options));
}
