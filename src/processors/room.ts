/** Room for so many tasks at once, shared by all workers of an instance. */
export interface Room {
  /**
   * Takes a place.
   * @param tell called once there is room again, in the order of asking; a worker waits once, however often it asks
   * @returns false when all places are taken
   */
  enter(tell: () => void): boolean;
  /** Gives a place back. */
  leave(): void;
}

export function createRoom(places: number): Room {
  const waiting = new Set<() => void>();
  let free = places;
  return {
    enter(tell) {
      if (free === 0) {
        waiting.add(tell);
        return false;
      }
      free -= 1;
      return true;
    },
    leave() {
      free += 1;
      // Whoever waits comes before the worker that leaves: it may have enough to do to keep its place for ever.
      for (const tell of [...waiting]) {
        if (free === 0) return;
        waiting.delete(tell);
        tell();
      }
    },
  };
}
