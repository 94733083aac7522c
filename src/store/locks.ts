/** One at a time per name, in the order of arrival. */
export interface Locks {
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    alone(name, work) {
      const before = tails.get(name) ?? Promise.resolve();
      const result = before.then(work, work);
      const tail = result
        .catch(() => {})
        .then(() => {
          if (tails.get(name) === tail) tails.delete(name);
        });
      tails.set(name, tail);
      return result;
    },
  };
}
