/** What screens load, and how they wait. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../api/live.ts';

export interface Loaded<T> {
  /** The last that came, also while the next is on its way. */
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly loading: boolean;
  reload(): void;
}

/**
 * Loads something, again when `needs` change or the server was reset. Answers that come too late are dropped.
 * @param load gets a signal that fires when nobody wants its answer any more
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, needs: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: undefined, error: undefined, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const since = epoch.value;
  useEffect(() => {
    const stop = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    latest.current(stop.signal).then(
      (value) => stop.signal.aborted || setState({ value, error: undefined, loading: false }),
      (error: Error) => stop.signal.aborted || setState({ value: undefined, error, loading: false }),
    );
    return () => stop.abort();
  }, [...needs, turn, since]);
  return { ...state, reload };
}

/** Draws again each second, for times that are told as "3 s ago". */
export function useClock(everyMs = 1000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A value once it has been the same for a while: what is typed is not asked about letter by letter. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
