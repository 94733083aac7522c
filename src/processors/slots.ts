/** How many synchronous runs go on at once and how many may wait; beyond that OSS says 503 (image.md §2). */
import PQueue from 'p-queue';
import { fail } from '../store/errors.ts';

export interface Slots {
  /** Runs `work` when a slot is free, in order of arrival. @throws CpuLimitExceeded when too many wait already */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Waiting costs next to nothing; the bound only keeps a runaway client from queueing for ever. */
const MAX_WAITING = 1000;

export function createSlots(atOnce: number): Slots {
  const queue = new PQueue({ concurrency: atOnce });
  return {
    async run(work, signal) {
      if (queue.size >= MAX_WAITING) fail('CpuLimitExceeded');
      // The queue itself knows nothing of the signal: it would free the slot while the work still goes on.
      return queue.add(async () => {
        signal.throwIfAborted();
        return work();
      });
    },
  };
}
