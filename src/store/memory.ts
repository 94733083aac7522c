/** Rows that each request asks for, several times: remembered between requests. */

/** What is remembered of one table. */
export interface Remembered<V> {
  /** What is remembered under a name, or what `read` finds now. */
  get(name: string, read: () => V): V;
  /** Its row was changed. */
  forget(name: string): void;
}

export interface Memory {
  /** Room for one table. @param isWorth whether a value is to be remembered; absent: all are */
  table<V>(isWorth?: (value: V) => boolean): Remembered<V>;
  /** Rows were changed by others than those who remember them, any of them. */
  forgetAll(): void;
}

/** Values of one table; when there are more, remembering begins anew. */
const MOST = 5000;

export function createMemory(): Memory {
  const tables: { clear(): void }[] = [];
  return {
    table<V>(isWorth: (value: V) => boolean = () => true): Remembered<V> {
      const known = new Map<string, V>();
      tables.push(known);
      return {
        get(name, read) {
          const found = known.get(name);
          if (found !== undefined || known.has(name)) return found as V;
          const value = read();
          if (!isWorth(value)) return value;
          if (known.size >= MOST) known.clear();
          known.set(name, value);
          return value;
        },
        forget: (name) => void known.delete(name),
      };
    },
    forgetAll() {
      for (const known of tables) known.clear();
    },
  };
}
