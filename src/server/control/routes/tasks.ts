import { type TaskState, taskStates } from '../../../store/task.ts';
import { ControlError, countFrom, numberFrom, type Route, wrong } from '../route.ts';
import { shownTask } from '../shown.ts';

const missing = (id: string) => new ControlError(404, 'NoSuchTask', `there is no task ${id}`);

/** Longest that a request may wait, in seconds. */
const MAX_WAIT = 600;

const list: Route = {
  method: 'GET',
  path: 'tasks',
  doc: 'Tasks, newest first; `state`, `bucket` and `limit` narrow them down.',
  async run(req, { store }) {
    const state = req.query.get('state');
    if (state !== undefined && !taskStates.includes(state as TaskState)) {
      return wrong(`state must be one of ${taskStates.join(', ')}, not ${state}`);
    }
    const bucket = req.query.get('bucket');
    const tasks = store.tasks.list({
      ...(state === undefined ? {} : { state: state as TaskState }),
      ...(bucket === undefined ? {} : { bucket }),
      limit: countFrom(req, 'limit', { most: 1000, usual: 100 }),
    });
    return { status: 200, json: { tasks: tasks.map(shownTask) } };
  },
};

const one: Route = {
  method: 'GET',
  path: 'tasks/{TaskId}',
  doc: 'One task; `wait` (seconds) blocks until it has ended. `EngineLog` has the last lines of what its engines were told and said.',
  async run(req, { store, worker }) {
    if (store.tasks.get(req.name) === undefined) throw missing(req.name);
    await worker.ended(req.name, 1000 * numberFrom(req, 'wait', { most: MAX_WAIT, usual: 0 }));
    const task = store.tasks.get(req.name);
    if (task === undefined) throw missing(req.name);
    return { status: 200, json: { ...shownTask(task), EngineLog: store.tasks.engineLog(task.id) } };
  },
};

const cancel: Route = {
  method: 'POST',
  path: 'tasks/{TaskId}/cancel',
  doc: 'Stops a task that has not ended.',
  async run(req, { store, worker }) {
    if (store.tasks.get(req.name) === undefined) throw missing(req.name);
    if (!store.tasks.cancel(req.name)) throw new ControlError(409, 'TaskEnded', `task ${req.name} has ended already`);
    worker.abort(req.name);
    const task = store.tasks.get(req.name);
    return { status: 200, json: task === undefined ? {} : shownTask(task) };
  },
};

const drain: Route = {
  method: 'POST',
  path: 'tasks/drain',
  doc: 'Answers when nothing is queued or running, or with 408 after `timeout` seconds.',
  async run(req, { worker, store }) {
    const drained = await worker.drained(1000 * numberFrom(req, 'timeout', { most: MAX_WAIT, usual: 60 }));
    return { status: drained ? 200 : 408, json: { drained, pending: store.tasks.pending() } };
  },
};

export default [list, one, cancel, drain];
