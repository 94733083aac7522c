/** Search for what is somewhere in a key: the server knows only beginnings, so keys are read page by page. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { epoch } from '../../api/live.ts';
import { type Listed, listKeys, MOST } from '../../api/objects.ts';

/** Hits after which it ends. */
export const MOST_HITS = 200;

export interface Scan {
  readonly hits: readonly Listed[];
  readonly searched: number;
  readonly state: 'running' | 'done' | 'stopped' | 'full';
  readonly error?: Error;
}

const BEGUN: Scan = { hits: [], searched: 0, state: 'running' };

/** Reads all keys below a prefix, and tells what it has so far. @param find empty: nothing is searched */
export function useScan(bucket: string, prefix: string, find: string): Scan & { stop(): void } {
  const [scan, setScan] = useState(BEGUN);
  const stopped = useRef<AbortController>(undefined);
  const since = epoch.value;
  useEffect(() => {
    const controller = new AbortController();
    stopped.current = controller;
    setScan(BEGUN);
    if (find !== '')
      search(bucket, prefix, find, controller.signal, setScan).catch((error: Error) => {
        if (!controller.signal.aborted) setScan((before) => ({ ...before, state: 'stopped', error }));
      });
    return () => controller.abort();
  }, [bucket, prefix, find, since]);
  const stop = () => {
    stopped.current?.abort();
    setScan((before) => (before.state === 'running' ? { ...before, state: 'stopped' } : before));
  };
  return { ...scan, stop };
}

async function search(
  bucket: string,
  prefix: string,
  find: string,
  signal: AbortSignal,
  tell: (scan: Scan) => void,
): Promise<void> {
  const wanted = find.toLowerCase();
  let [hits, searched, token]: [readonly Listed[], number, string | undefined] = [[], 0, undefined];
  do {
    const page = await listKeys({ bucket, prefix, most: MOST, ...(token === undefined ? {} : { token }) }, signal);
    const fitting = page.objects.filter(({ key }) => key.slice(prefix.length).toLowerCase().includes(wanted));
    searched += page.objects.length;
    hits = [...hits, ...fitting].slice(0, MOST_HITS);
    token = page.next;
    if (signal.aborted) return;
    const isFull = hits.length === MOST_HITS;
    tell({ hits, searched, state: isFull ? 'full' : token === undefined ? 'done' : 'running' });
    if (isFull) return;
  } while (token !== undefined);
}
