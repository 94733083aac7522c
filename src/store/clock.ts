/** What time it is for everything that is shown or that grows old, in milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** A clock that can be moved, and goes on from where it was put. */
export interface MovableClock {
  readonly now: Clock;
  /** How far it is ahead of the clock it was made from, in milliseconds. */
  ahead(): number;
  /** @param time in milliseconds since 1970 */
  set(time: number): void;
  /** Back to the clock it was made from. */
  reset(): void;
}

export function movableClock(base: Clock): MovableClock {
  let offset = 0;
  return {
    now: () => base() + offset,
    ahead: () => offset,
    set: (time) => {
      offset = time - base();
    },
    reset: () => {
      offset = 0;
    },
  };
}
