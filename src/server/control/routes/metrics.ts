import type { Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: 'metrics',
  doc: 'For Prometheus: requests by operation and status, durations, bytes, tasks by state, runs of the engines, kept results. Of all namespaces; the tasks of this one.',
  async run(_req, { metrics, store }) {
    const tasks = new Map(store.tasks.counts().map(({ state, count }) => [state, count]));
    return { status: 200, ...(await metrics.page(tasks)) };
  },
};

export default route;
