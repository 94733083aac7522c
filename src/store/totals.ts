/** How much there is in all buckets: kept up to date by triggers, because counting a million rows takes too long to look at. */
import type { Db } from './db.ts';

export interface Totals {
  readonly buckets: number;
  /** Current versions. */
  readonly objects: number;
  /** Of those. */
  readonly bytes: number;
  /** Multipart uploads that have not ended. */
  readonly uploads: number;
  readonly messages: number;
}

export function openTotals(db: Db): () => Totals {
  const totals = db.prepare<[], Totals>(
    `SELECT objects, bytes, (SELECT count(*) FROM buckets) AS buckets, (SELECT count(*) FROM uploads) AS uploads,
       (SELECT count(*) FROM messages) AS messages
     FROM totals`,
  );
  return () => totals.get() as Totals;
}
