/** The task queue: one table, one UPDATE to claim. Rows stay after the end, so that anyone can ask how it went. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';
import type { Notice, Task, TaskOutput, TaskState } from './task.ts';
import { openTaskPages, type TaskPage, type TaskRange } from './task-pages.ts';

/** A worker's temporary right to a task. */
export interface Claim {
  readonly task: Task;
  readonly lease: string;
}

export type TaskEnd = (
  | { readonly state: 'Succeeded'; readonly outputs: readonly TaskOutput[]; readonly result: string }
  | { readonly state: 'Failed'; readonly code: string; readonly message: string }
) & {
  /** What its engines said last. */
  readonly log?: string;
};

export interface Tasks {
  enqueue(
    task: Pick<Task, 'eventId' | 'requestId' | 'type' | 'bucket' | 'key' | 'process'> & Partial<Pick<Task, 'notice'>>,
  ): Task;
  /** The oldest task that nobody works on. */
  claim(leaseMs: number): Claim | undefined;
  /** @returns false when the claim is no longer this worker's */
  renew(claim: Claim, leaseMs: number): boolean;
  /** Gives a task back as if it had not been tried. */
  release(claim: Claim): void;
  /** @returns false when the claim is no longer this worker's */
  finish(claim: Claim, end: TaskEnd): boolean;
  progress(id: string, lease: string, percent: number): void;
  warn(id: string, text: string): void;
  /** @returns false when it has ended already or does not exist */
  cancel(id: string): boolean;
  /** Takes back what a server that died was working on; gives up what killed it three times. */
  recover(): void;
  get(id: string): Task | undefined;
  /** What the engines of a task that has ended said last; empty where they said nothing. */
  engineLog(id: string): string;
  /** Newest first. */
  list(filter: { readonly state?: TaskState; readonly bucket?: string; readonly limit: number }): readonly Task[];
  /** In an order of the caller's, page by page. */
  page(range: TaskRange): TaskPage;
  /** Forgets tasks that ended before a moment, and their messages. @returns how many */
  prune(before: Date): number;
  /** How many are queued or running. */
  pending(): number;
  /** How many there are in each state that any is in. */
  counts(): readonly { readonly state: TaskState; readonly count: number }[];
}

/** A task that brought the server down this often is not tried again. */
const MAX_ATTEMPTS = 3;

export interface TaskRow {
  id: string;
  event_id: string;
  request_id: string;
  type: string;
  bucket: string;
  key: string;
  process: string;
  state: TaskState;
  progress: number;
  code: string;
  message: string;
  outputs: string;
  result: string;
  warnings: string;
  notice: string | null;
  attempts: number;
  created: number;
  started: number | null;
  ended: number | null;
}

const toTask = (row: TaskRow): Task => ({
  id: row.id,
  eventId: row.event_id,
  requestId: row.request_id,
  type: row.type,
  bucket: row.bucket,
  key: row.key,
  process: row.process,
  state: row.state,
  progress: row.progress,
  code: row.code,
  message: row.message,
  outputs: JSON.parse(row.outputs) as TaskOutput[],
  result: row.result,
  warnings: JSON.parse(row.warnings) as string[],
  notice: row.notice === null ? undefined : (JSON.parse(row.notice) as Notice),
  attempts: row.attempts,
  created: new Date(row.created),
  started: row.started === null ? undefined : new Date(row.started),
  ended: row.ended === null ? undefined : new Date(row.ended),
});

/**
 * @param now the time that tasks show. Leases are measured with the machine's own clock: they are about who is alive
 * @param onEnd called inside the transaction in which a task ends by itself, with the task as it then is
 */
export function openTasks(db: Db, now: Clock, onEnd: (task: Task) => void): Tasks {
  const insert = db.prepare<Record<string, string | number | null>, TaskRow>(
    `INSERT INTO tasks (id, event_id, request_id, type, bucket, key, process, notice, state, created)
     VALUES (:id, :eventId, :requestId, :type, :bucket, :key, :process, :notice, 'Queued', :now) RETURNING *`,
  );
  const claim = db.prepare<{ lease: string; alive: number; until: number; now: number }, TaskRow>(
    `UPDATE tasks SET state = 'Running', lease = :lease, lease_until = :until, attempts = attempts + 1,
       started = coalesce(started, :now)
     WHERE seq = (SELECT seq FROM tasks WHERE state = 'Queued' OR (state = 'Running' AND lease_until < :alive)
                  ORDER BY seq LIMIT 1)
     RETURNING *`,
  );
  const renew = db.prepare<[number, string, string]>(
    `UPDATE tasks SET lease_until = ? WHERE id = ? AND lease = ? AND state = 'Running'`,
  );
  const release = db.prepare<[string, string]>(
    `UPDATE tasks SET state = 'Queued', lease = NULL, attempts = attempts - 1, progress = 0
     WHERE id = ? AND lease = ? AND state = 'Running'`,
  );
  const finish = db.prepare<Record<string, string | number>, TaskRow>(
    `UPDATE tasks SET state = :state, code = :code, message = :message, outputs = :outputs, result = :result,
       lease = NULL, ended = :now, progress = CASE :state WHEN 'Succeeded' THEN 100 ELSE progress END
     WHERE id = :id AND lease = :lease AND state = 'Running' RETURNING *`,
  );
  const progress = db.prepare<[number, string, string]>('UPDATE tasks SET progress = ? WHERE id = ? AND lease = ?');
  const warn = db.prepare<{ id: string; text: string }>(
    `UPDATE tasks SET warnings = json_insert(warnings, '$[#]', :text)
     WHERE id = :id AND NOT EXISTS (SELECT 1 FROM json_each(warnings) WHERE value = :text)`,
  );
  const cancel = db.prepare<[number, string]>(
    `UPDATE tasks SET state = 'Canceled', lease = NULL, ended = ? WHERE id = ? AND state IN ('Queued', 'Running')`,
  );
  const giveUp = db.prepare<[string, number, number], TaskRow>(
    `UPDATE tasks SET state = 'Failed', lease = NULL, code = 'InternalError', message = ?, ended = ?
     WHERE state = 'Running' AND attempts >= ? RETURNING *`,
  );
  const requeue = db.prepare(`UPDATE tasks SET state = 'Queued', lease = NULL, progress = 0 WHERE state = 'Running'`);
  const get = db.prepare<[string], TaskRow>('SELECT * FROM tasks WHERE id = ?');
  const list = db.prepare<{ state: string | null; bucket: string | null; limit: number }, TaskRow>(
    `SELECT * FROM tasks WHERE (:state IS NULL OR state = :state) AND (:bucket IS NULL OR bucket = :bucket)
     ORDER BY seq DESC LIMIT :limit`,
  );
  const pending = db.prepare<[], number>(`SELECT count(*) FROM tasks WHERE state IN ('Queued', 'Running')`).pluck();
  const counts = db.prepare<[], { state: TaskState; count: number }>(
    'SELECT state, count(*) AS count FROM tasks GROUP BY state',
  );
  const prune = db.prepare<[number]>('DELETE FROM tasks WHERE ended < ?');
  const keepLog = db.prepare<[string, string]>('INSERT INTO engine_logs (task, text) VALUES (?, ?)');
  const log = db.prepare<[string], string>('SELECT text FROM engine_logs WHERE task = ?').pluck();
  const page = openTaskPages(db, toTask);

  return {
    enqueue(task) {
      const notice = task.notice === undefined ? null : JSON.stringify(task.notice);
      return toTask(insert.get({ ...task, id: `${task.type}-${randomUUID()}`, notice, now: now() }) as TaskRow);
    },
    claim(leaseMs) {
      const lease = randomBytes(8).toString('hex');
      const alive = Date.now();
      const row = claim.get({ lease, alive, until: alive + leaseMs, now: now() });
      return row === undefined ? undefined : { task: toTask(row), lease };
    },
    renew: ({ task, lease }, leaseMs) => renew.run(Date.now() + leaseMs, task.id, lease).changes > 0,
    release: ({ task, lease }) => void release.run(task.id, lease),
    finish: db.transaction(({ task, lease }: Claim, end: TaskEnd) => {
      const done = end.state === 'Succeeded';
      const row = finish.get({
        id: task.id,
        lease,
        state: end.state,
        code: done ? '' : end.code,
        message: done ? '' : end.message,
        outputs: JSON.stringify(done ? end.outputs : []),
        result: done ? end.result : '',
        now: now(),
      });
      if (row === undefined) return false;
      if (end.log) keepLog.run(task.id, end.log);
      onEnd(toTask(row));
      return true;
    }),
    progress: (id, lease, percent) => void progress.run(percent, id, lease),
    warn: (id, text) => void warn.run({ id, text }),
    cancel: (id) => cancel.run(now(), id).changes > 0,
    recover: db.transaction(() => {
      const message = `Given up: the server ended unexpectedly ${MAX_ATTEMPTS} times while this task was running.`;
      for (const row of giveUp.all(message, now(), MAX_ATTEMPTS)) onEnd(toTask(row));
      requeue.run();
    }),
    get(id) {
      const row = get.get(id);
      return row === undefined ? undefined : toTask(row);
    },
    engineLog: (id) => log.get(id) ?? '',
    list: ({ state, bucket, limit }) => list.all({ state: state ?? null, bucket: bucket ?? null, limit }).map(toTask),
    page,
    prune: (before) => prune.run(before.getTime()).changes,
    pending: () => pending.get() as number,
    counts: () => counts.all(),
  };
}
