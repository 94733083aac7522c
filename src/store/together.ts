/** One transaction for several writes: those that are ready in the same turn of the event loop share what one costs. */
import type { Db } from './db.ts';

interface Waiting {
  /** What is to be done inside the transaction. */
  readonly work: () => unknown;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * @returns what does some work inside a transaction, shared or not, and resolves when that is on record. Work is done a second
 *   time where the first came to nothing: it may touch the database alone
 */
export function createTogether(db: Db): <T>(work: () => T) => Promise<T> {
  let waiting: Waiting[] = [];
  const all = db.transaction((batch: readonly Waiting[]) => batch.map(({ work }) => work()));

  /** @returns `undefined` when one of them fails: then nothing of any is there */
  function shared(batch: readonly Waiting[]): readonly unknown[] | undefined {
    try {
      return all.immediate(batch);
    } catch {
      return undefined;
    }
  }

  function alone(one: Waiting): void {
    try {
      const [value] = all.immediate([one]);
      one.done(value);
    } catch (error) {
      one.failed(error);
    }
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    const values = batch.length > 1 ? shared(batch) : undefined;
    if (values === undefined) batch.forEach(alone);
    else batch.forEach(({ done }, i) => void done(values[i]));
  }

  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, done: resolve as Waiting['done'], failed: reject });
    });
}
