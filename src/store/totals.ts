/** How much there is in all buckets. Triggers count (`stats` in db.ts): a million rows take too long to look at. */
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
    `SELECT coalesce(sum(current), 0) AS objects, coalesce(sum(current_size), 0) AS bytes,
       (SELECT count(*) FROM buckets) AS buckets, (SELECT count(*) FROM uploads) AS uploads,
       (SELECT count(*) FROM messages) AS messages
     FROM stats`,
  );
  return () => totals.get() as Totals;
}
