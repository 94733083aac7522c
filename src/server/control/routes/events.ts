import { ControlError, type Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: 'events',
  doc: 'Server-sent events from now on: `request` (as in the journal), `task` (as under tasks, with progress), `message`, `reset` (with the `buckets` it was of, if not of all), `cleared` (the journal); `missed` says how many were left out because the reader is slow.',
  async run(_req, { events }) {
    const stream = events.listen();
    if (stream === undefined) throw new ControlError(429, 'TooManyListeners', 'too many clients listen to events');
    return { status: 200, stream, type: 'text/event-stream' };
  },
};

export default route;
