/** Tells the events of tasks and their messages by standing in front of the store's tables of them. */
import type { Messages } from '../store/messages.ts';
import type { Tasks } from '../store/tasks.ts';
import { shownMessage, shownTask } from './control/shown.ts';
import type { Events } from './events.ts';

/** Tasks whose changes are told. */
export function watchTasks(tasks: Tasks, messages: Messages, events: Events): Tasks {
  const tell = (id: string) => {
    const task = tasks.get(id);
    if (task !== undefined) events.tell('task', () => shownTask(task));
  };
  const told = <A extends readonly unknown[], R>(change: (...args: A) => R, idOf: (...args: A) => string) => {
    return (...args: A): R => {
      const result = change(...args);
      tell(idOf(...args));
      return result;
    };
  };
  return {
    ...tasks,
    enqueue(task) {
      const queued = tasks.enqueue(task);
      events.tell('task', () => shownTask(queued));
      return queued;
    },
    claim(leaseMs) {
      const claim = tasks.claim(leaseMs);
      if (claim !== undefined) events.tell('task', () => shownTask(claim.task));
      return claim;
    },
    release: told(tasks.release, ({ task }) => task.id),
    progress: told(tasks.progress, (id) => id),
    cancel: told(tasks.cancel, (id) => id),
    finish(claim, end) {
      const ended = tasks.finish(claim, end);
      if (!ended) return false;
      tell(claim.task.id);
      const [message] = messages.list({ task: claim.task.id, limit: 1 });
      if (message !== undefined) events.tell('message', () => shownMessage(message));
      return true;
    },
  };
}

/** Messages whose deliveries are told. */
export function watchMessages(messages: Messages, events: Events): Messages {
  const tell = (id: string) => {
    const message = messages.get(id);
    if (message !== undefined) events.tell('message', () => shownMessage(message));
  };
  return {
    ...messages,
    delivered(id) {
      messages.delivered(id);
      tell(id);
    },
    failed(id, ...rest) {
      messages.failed(id, ...rest);
      tell(id);
    },
  };
}
