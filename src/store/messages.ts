/** The outbox: what is to be said about tasks that ended, and how far it got. */
import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';

/** `Kept`: nobody is to be sent it. `Failed`: given up after the last attempt. */
export type MessageState = 'Kept' | 'Pending' | 'Delivered' | 'Failed';

/** What to say, and whether anyone is to be sent it. */
export interface Outgoing {
  readonly topic: string;
  readonly body: string;
  readonly send: boolean;
}

export interface Message {
  readonly id: string;
  readonly task: string;
  readonly topic: string;
  readonly body: string;
  readonly state: MessageState;
  readonly attempts: number;
  readonly lastError: string;
  readonly created: Date;
  readonly delivered: Date | undefined;
}

export interface Messages {
  /** To be called inside the transaction in which the task ends, once for a task. */
  record(task: string, message: Outgoing): void;
  /**
   * The message that has been due for the longest time, with this attempt counted already: a server that dies in the
   * middle of one does not start over.
   * @param holdMs how long nobody else is to take it
   */
  take(holdMs: number): Message | undefined;
  delivered(id: string): void;
  /** @param retryMs when to try again; absent: never */
  failed(id: string, error: string, retryMs?: number): void;
  /** Milliseconds until something is due, 0 when something is; `undefined` when nothing waits. */
  nextDue(): number | undefined;
  get(id: string): Message | undefined;
  /** Newest first. */
  list(filter: { readonly topic?: string; readonly task?: string; readonly limit: number }): readonly Message[];
}

interface Row {
  id: string;
  task: string;
  topic: string;
  body: string;
  state: MessageState;
  attempts: number;
  last_error: string;
  created: number;
  delivered: number | null;
}

const toMessage = ({ last_error: lastError, created, delivered, ...row }: Row): Message => ({
  ...row,
  lastError,
  created: new Date(created),
  delivered: delivered === null ? undefined : new Date(delivered),
});

const columns = 'id, task, topic, body, state, attempts, last_error, created, delivered';

/** @param now the time that messages show; when to try again is measured with the machine's own clock */
export function openMessages(db: Db, now: Clock): Messages {
  const insert = db.prepare<Record<string, string | number>>(
    `INSERT INTO messages (id, task, topic, body, state, created) VALUES (:id, :task, :topic, :body, :state, :now)`,
  );
  const take = db.prepare<{ alive: number; until: number }, Row>(
    `UPDATE messages SET attempts = attempts + 1, due = :until
     WHERE seq = (SELECT seq FROM messages WHERE state = 'Pending' AND due <= :alive ORDER BY due, seq LIMIT 1)
     RETURNING ${columns}`,
  );
  const delivered = db.prepare<[number, string]>(
    `UPDATE messages SET state = 'Delivered', delivered = ?, last_error = '' WHERE id = ? AND state = 'Pending'`,
  );
  const retry = db.prepare<[string, number, string]>(
    `UPDATE messages SET last_error = ?, due = ? WHERE id = ? AND state = 'Pending'`,
  );
  const giveUp = db.prepare<[string, string]>(
    `UPDATE messages SET state = 'Failed', last_error = ? WHERE id = ? AND state = 'Pending'`,
  );
  const due = db.prepare<[], number | null>(`SELECT min(due) FROM messages WHERE state = 'Pending'`).pluck();
  const get = db.prepare<[string], Row>(`SELECT ${columns} FROM messages WHERE id = ?`);
  const list = db.prepare<{ topic: string | null; task: string | null; limit: number }, Row>(
    `SELECT ${columns} FROM messages WHERE (:topic IS NULL OR topic = :topic) AND (:task IS NULL OR task = :task)
     ORDER BY seq DESC LIMIT :limit`,
  );

  return {
    record(task, { topic, body, send }) {
      const state: MessageState = send ? 'Pending' : 'Kept';
      insert.run({ id: randomUUID(), task, topic, body, state, now: now() });
    },
    take(holdMs) {
      const alive = Date.now();
      const row = take.get({ alive, until: alive + holdMs });
      return row === undefined ? undefined : toMessage(row);
    },
    delivered: (id) => void delivered.run(now(), id),
    failed(id, error, retryMs) {
      if (retryMs === undefined) giveUp.run(error, id);
      else retry.run(error, Date.now() + retryMs, id);
    },
    nextDue() {
      const at = due.get() ?? undefined;
      return at === undefined ? undefined : Math.max(0, at - Date.now());
    },
    get(id) {
      const row = get.get(id);
      return row === undefined ? undefined : toMessage(row);
    },
    list: ({ topic, task, limit }) => list.all({ topic: topic ?? null, task: task ?? null, limit }).map(toMessage),
  };
}
