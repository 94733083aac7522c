/** Whether something was written, as the journal tells it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { requests, tasks } from '../api/live.ts';
import { useCalm } from './calm.ts';

/** Counts up when a bucket was written to, at most once in a second: what is shown of it loads again. */
export function useWrites(bucket: string): number {
  const journal = useCalm(requests, 1000);
  const ended = useCalm(tasks, 1000).filter(({ Status }) => Status === 'Succeeded').length;
  const [writes, setWrites] = useState(0);
  const newest = journal[0]?.seq ?? 0;
  const seen = useRef(newest);
  const known = useRef(ended);
  useEffect(() => {
    const fresh = journal.filter(({ seq }) => seq > seen.current);
    const wrote = fresh.some(
      (one) => one.bucket === bucket && one.method !== 'GET' && one.method !== 'HEAD' && one.status < 300,
    );
    if (wrote || ended !== known.current) setWrites((n) => n + 1);
    seen.current = newest;
    known.current = ended;
  }, [newest, ended, bucket]);
  return writes;
}
