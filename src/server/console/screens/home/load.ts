/** What the home screen asks the server. */
import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { namespace, Refused, read } from '../../api/control.ts';
import { connected, requests, tasks } from '../../api/live.ts';
import type { Counts, Info, Snippet } from '../../api/types.ts';
import { useCalm } from '../../ui/calm.ts';
import { type Loaded, useLoaded } from '../../ui/use.ts';

/** Asked once for as long as the server is there: the versions of the engines take it a second. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  effect(() => {
    if (connected.value === false) known = undefined;
  });
  return () => {
    known ??= load();
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
}

const info = once(() => read<Info>('info'));
const clients = once(() => read<{ readonly clients: readonly Snippet[] }>('clients'));

export const useInfo = (): Loaded<Info> => useLoaded(info, []);

/** Code that makes a client, by language. */
export const useClients = (): Loaded<{ readonly clients: readonly Snippet[] }> => useLoaded(clients, []);

/** The counts, anew when something happened. */
export function useCounts(): Loaded<Counts> {
  const lastRequests = useCalm(requests, 1000);
  const lastTasks = useCalm(tasks, 1000);
  const [turn, setTurn] = useState(0);
  useEffect(() => setTurn((n) => n + 1), [lastRequests, lastTasks]);
  return useLoaded((signal) => read<Counts>('counts', undefined, signal), [turn]);
}

/** The server can not be reached: said once, not by every part of the screen. */
export const isGone = (error: Error | undefined): boolean => error instanceof Refused && error.status === 0;

/** Seconds that a URL in a command lasts: long enough for who reads first. */
export const LASTS = 24 * 3600;

/** Whether commands need signed URLs: signatures are enforced, or say whose namespace is meant. */
export const useSigned = (): boolean => useInfo().value?.settings.auth === 'strict' || namespace() !== '';
