/** How many requests there were since the start or the last reset: the journal keeps fewer. */
export interface Tally {
  /** @param status of an answer; 0 where there was none */
  add(status: number): void;
  counts(): { readonly total: number; readonly errors: number };
  clear(): void;
}

export function createTally(): Tally {
  let total = 0;
  let errors = 0;
  return {
    add(status) {
      total += 1;
      if (status === 0 || status >= 400) errors += 1;
    },
    counts: () => ({ total, errors }),
    clear() {
      total = 0;
      errors = 0;
    },
  };
}
