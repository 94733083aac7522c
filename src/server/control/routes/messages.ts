import type { Message } from '../../../store/messages.ts';
import { countFrom, type Route } from '../route.ts';

/** A message as the control API shows it. */
const shown = (message: Message) => ({
  MessageId: message.id,
  Topic: message.topic,
  TaskId: message.task,
  State: message.state,
  Attempts: message.attempts,
  LastError: message.lastError,
  Created: message.created.toISOString(),
  Delivered: message.delivered?.toISOString() ?? '',
  Body: JSON.parse(message.body) as unknown,
});

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
    return { status: 200, json: { messages: messages.map(shown) } };
  },
};

export default route;
