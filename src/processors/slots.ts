/** How many synchronous runs of one kind go on at once and how many may wait; beyond that OSS says 503 (image.md §2). */
import PQueue from 'p-queue';
import { fail } from '../store/errors.ts';

/** Runs heavy work when it is this request's turn. @throws CpuLimitExceeded when too many wait already */
export type Turn = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export interface Slots {
  /**
   * Takes a place in the order of arrival: what a request does before its heavy work may take longer or shorter.
   * @param kind each has slots of its own: pictures do not wait for documents, which may keep theirs for minutes
   */
  arrive(kind: string): Turn;
}

/** Waiting costs next to nothing; the bound only keeps a runaway client from queueing for ever. */
const MAX_WAITING = 1000;

export function createSlots(atOnce: number): Slots {
  const queues = new Map<string, PQueue>();
  let arrived = 0;
  return {
    arrive(kind) {
      const queue = queues.get(kind) ?? new PQueue({ concurrency: atOnce });
      queues.set(kind, queue);
      arrived += 1;
      // The queue takes the highest priority first.
      const priority = -arrived;
      return async (work, signal) => {
        if (queue.size >= MAX_WAITING) fail('CpuLimitExceeded');
        // The queue itself knows nothing of the signal: it would free the slot while the work still goes on.
        const run = async () => {
          signal.throwIfAborted();
          return work();
        };
        return queue.add(run, { priority });
      };
    },
  };
}
