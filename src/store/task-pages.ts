/** Tasks in an order of the caller's, page by page: what IMM's ListTasks asks for (documents-styles-tasks.md §6.2). */
import type { Db } from './db.ts';
import type { Task, TaskState } from './task.ts';
import type { TaskRow } from './tasks.ts';

/** What to sort by, as SQL. A task that waits has no start yet: its creation stands for it. One that runs ends last. */
const sortKeys = {
  TaskId: 'id',
  StartTime: 'coalesce(started, created)',
  EndTime: `coalesce(ended, ${Number.MAX_SAFE_INTEGER})`,
} as const;

export type TaskSort = keyof typeof sortKeys;
export const taskSorts = Object.keys(sortKeys) as readonly TaskSort[];

/** Where a page ended: the last task's sort key, and its id among equals. */
export interface TaskMark {
  readonly key: string | number;
  readonly id: string;
}

/** Milliseconds since 1970, ends inclusive. */
export interface Span {
  readonly from?: number;
  readonly to?: number;
}

export interface TaskRange {
  /** Any when empty. */
  readonly states: readonly TaskState[];
  /** Any when empty. */
  readonly types: readonly string[];
  readonly started: Span;
  /** With an end, only tasks that have ended. */
  readonly ended: Span;
  readonly sort: TaskSort;
  readonly descending: boolean;
  readonly after?: TaskMark;
  readonly limit: number;
}

export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Where the next page begins, when there is more. */
  readonly next: TaskMark | undefined;
}

export function openTaskPages(db: Db, toTask: (row: TaskRow) => Task): (range: TaskRange) => TaskPage {
  return ({ states, types, started, ended, sort, descending, after, limit }) => {
    const key = sortKeys[sort];
    const [beyond, order] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
    const rows = db
      .prepare<Record<string, string | number | null>, TaskRow & { sort_key: string | number }>(
        `SELECT *, ${key} AS sort_key FROM tasks
         WHERE (:states = '[]' OR state IN (SELECT value FROM json_each(:states)))
           AND (:types = '[]' OR type IN (SELECT value FROM json_each(:types)))
           AND (:startedFrom IS NULL OR ${sortKeys.StartTime} >= :startedFrom)
           AND (:startedTo IS NULL OR ${sortKeys.StartTime} <= :startedTo)
           AND (:endedFrom IS NULL OR ended >= :endedFrom)
           AND (:endedTo IS NULL OR ended <= :endedTo)
           AND (:afterId IS NULL OR (${key}, id) ${beyond} (:afterKey, :afterId))
         ORDER BY ${key} ${order}, id ${order} LIMIT :limit`,
      )
      .all({
        states: JSON.stringify(states),
        types: JSON.stringify(types),
        startedFrom: started.from ?? null,
        startedTo: started.to ?? null,
        endedFrom: ended.from ?? null,
        endedTo: ended.to ?? null,
        afterKey: after?.key ?? null,
        afterId: after?.id ?? null,
        limit: limit + 1,
      });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { tasks: page.map(toTask), next: more ? { key: last.sort_key, id: last.id } : undefined };
  };
}
