/** One transaction for several writes: those that are ready in the same turn of the event loop share what one costs. */
import type { Db } from './db.ts';

interface Waiting {
  /** What is to be done inside the transaction. */
  readonly work: () => unknown;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * @returns what does some work inside a transaction, shared or not, and resolves when that is on record
 */
export function createTogether(db: Db): <T>(work: () => T) => Promise<T> {
  let waiting: Waiting[] = [];

  // Each in a savepoint of its own: one that fails leaves nothing, and the others stay.
  const one = db.transaction((work: () => unknown) => work());
  const all = db.transaction((works: readonly Waiting[]): readonly Outcome[] =>
    works.map(({ work }) => {
      try {
        return { value: one(work) };
      } catch (error) {
        // Where SQLite has given up the whole transaction, nothing of it is there.
        if (!db.inTransaction) throw error;
        return { error };
      }
    }),
  );

  function alone({ work, done, failed }: Waiting): void {
    try {
      done(one.immediate(work));
    } catch (error) {
      failed(error);
    }
  }

  /** @returns `undefined` when nothing of it came to be: whose fault that is shows when each tries alone */
  function shared(batch: readonly Waiting[]): readonly Outcome[] | undefined {
    try {
      return all.immediate(batch);
    } catch {
      return undefined;
    }
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    const outcomes = batch.length > 1 ? shared(batch) : undefined;
    batch.forEach((each, i) => {
      const outcome = outcomes?.[i];
      if (outcome === undefined) alone(each);
      else if ('error' in outcome) each.failed(outcome.error);
      else each.done(outcome.value);
    });
  }

  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, done: resolve as Waiting['done'], failed: reject });
    });
}
