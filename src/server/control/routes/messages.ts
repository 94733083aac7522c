import { countFrom, type Route } from '../route.ts';
import { shownMessage } from '../shown.ts';

const route: Route = {
  method: 'GET',
  path: 'messages',
  doc: 'What `sys/notify` said, newest first; `topic`, `task` and `limit` narrow it down. `State` is `Kept` (no webhook), `Pending`, `Delivered` or `Failed`.',
  async run(req, { store }) {
    const [topic, task] = [req.query.get('topic'), req.query.get('task')];
    const messages = store.messages.list({
      ...(topic === undefined ? {} : { topic }),
      ...(task === undefined ? {} : { task }),
      limit: countFrom(req, 'limit', { most: 1000, usual: 100 }),
    });
    return { status: 200, json: { messages: messages.map(shownMessage) } };
  },
};

export default route;
