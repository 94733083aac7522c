/** Forgets what IMM would have forgotten (documents-styles-tasks.md §6.2). */
import type { Clock } from '../store/clock.ts';
import type { Tasks } from '../store/tasks.ts';

/** Tasks and their messages are kept for seven days, counted from the task's end (assumed: from which moment). */
const KEPT_MS = 7 * 24 * 3_600_000;

const EVERY_MS = 600_000;

export interface Pruning {
  prune(): void;
  stop(): void;
}

/** Prunes at once and from then on every ten minutes. */
export function keepPruning(tasks: Pick<Tasks, 'prune'>, now: Clock): Pruning {
  const prune = () => void tasks.prune(new Date(now() - KEPT_MS));
  prune();
  const timer = setInterval(prune, EVERY_MS);
  timer.unref();
  return { prune, stop: () => clearInterval(timer) };
}
