/** What changes often, as often as it can be looked at. */
import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { namespace } from '../api/control.ts';

/**
 * The value of a signal, at most once in so many milliseconds: hundreds of requests a second are one drawing.
 * The first change after a pause is drawn at once.
 */
export function useCalm<T>(source: ReadonlySignal<T>, everyMs: number): T {
  const [value, setValue] = useState({ now: source.peek() });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drawn = 0;
    const draw = () => {
      timer = undefined;
      drawn = Date.now();
      setValue({ now: source.peek() });
    };
    const stop = effect(() => {
      // Read, so that it is heard of.
      void source.value;
      timer ??= setTimeout(draw, Math.max(0, drawn + everyMs - Date.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [source, everyMs]);
  return value.now;
}

export interface Polled<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
  /** Puts in what an answer has just said, or asks now. */
  refresh(known?: T): void;
}

/** Asks again and again, as long as the page is looked at. The last that came stays when a question fails. */
export function usePolled<T>(load: (signal: AbortSignal) => Promise<T>, everyMs: number): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'refresh'>>({ value: undefined, error: undefined });
  const latest = useRef(load);
  latest.current = load;
  const ask = useRef<() => void>(() => {});
  // What was asked before an answer was put in is older than that answer.
  const asked = useRef(0);
  const of = namespace();
  useEffect(() => {
    const stop = new AbortController();
    const one = () => {
      if (document.hidden) return;
      asked.current += 1;
      const mine = asked.current;
      const isLast = () => mine === asked.current && !stop.signal.aborted;
      latest.current(stop.signal).then(
        (value) => isLast() && setState({ value, error: undefined }),
        (error: Error) => isLast() && setState(({ value }) => ({ value, error })),
      );
    };
    ask.current = one;
    one();
    const timer = setInterval(one, everyMs);
    document.addEventListener('visibilitychange', one);
    return () => {
      stop.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', one);
    };
  }, [everyMs, of]);
  const refresh = (known?: T) => {
    if (known === undefined) return ask.current();
    asked.current += 1;
    setState({ value: known, error: undefined });
  };
  return { ...state, refresh };
}
