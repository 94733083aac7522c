import { taskStates } from '../../../store/task.ts';
import type { Route } from '../route.ts';

/** More than any journal keeps. */
const ALL = Number.MAX_SAFE_INTEGER;

const route: Route = {
  method: 'GET',
  path: 'counts',
  doc: 'How many buckets, objects, bytes and unfinished uploads there are, tasks by state, messages, and requests since the start or the last reset (`total`, `errors`, and `kept` in the journal), without those of the console. Cheap at any size.',
  async run(_req, { store, journal, tally }) {
    const { messages, ...held } = store.totals();
    const counted = new Map(store.tasks.counts().map(({ state, count }) => [state, count]));
    return {
      status: 200,
      json: {
        ...held,
        tasks: Object.fromEntries(taskStates.map((state) => [state, counted.get(state) ?? 0])),
        requests: { ...tally.counts(), kept: journal.list({ limit: ALL, console: false }).length },
        messages,
      },
    };
  },
};

export default route;
