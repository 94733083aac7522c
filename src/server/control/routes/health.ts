import type { Route } from '../route.ts';

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: 'live',
    doc: '200 as soon as the process listens.',
    run: async () => ({ status: 200, json: { live: true } }),
  },
  {
    method: 'GET',
    path: 'ready',
    doc: '200 once seeding is over, 503 before.',
    run: async (_req, oss) => ({ status: oss.isReady() ? 200 : 503, json: { ready: oss.isReady() } }),
  },
];

export default routes;
