import type { Services } from '../../action.ts';
import { type Route, wrong } from '../route.ts';

/** Versions are numbered by the microsecond: later than this the numbers would not be exact any more. */
const LATEST = Date.UTC(2200, 0, 1);

const shown = ({ clock }: Services) => ({
  status: 200,
  json: { now: new Date(clock.now()).toISOString(), ahead: Math.round(clock.ahead() / 1000) },
});

/** @returns milliseconds since 1970 */
function timeFrom(body: unknown, now: number): number {
  const form = 'the body must be {"now": "2030-01-01T00:00:00Z"} or {"advance": seconds}';
  if (typeof body !== 'object' || body === null) return wrong(form);
  const { now: at, advance } = body as { readonly now?: unknown; readonly advance?: unknown };
  if ((at === undefined) === (advance === undefined)) return wrong(form);
  if (advance !== undefined && typeof advance !== 'number') return wrong('advance must be a number of seconds');
  if (at !== undefined && typeof at !== 'string') return wrong('now must be a time such as 2030-01-01T00:00:00Z');
  const time = advance === undefined ? Date.parse(at ?? '') : now + advance * 1000;
  if (!(time >= 0 && time < LATEST))
    return wrong('the time must be one from 1970 to 2199, such as 2030-01-01T00:00:00Z');
  return Math.round(time);
}

const get: Route = {
  method: 'GET',
  path: 'clock',
  doc: 'What time it is here, and how many seconds that is ahead of the machine.',
  run: async (_req, oss) => shown(oss),
};

const put: Route = {
  method: 'PUT',
  path: 'clock',
  doc: 'Moves the clock: `{"now": "2030-01-01T00:00:00Z"}` or `{"advance": seconds}`; it goes on from there. What grows old does so before the answer: objects under lifecycle rules, tasks. Signatures are checked by the machine’s clock.',
  async run(req, oss) {
    oss.clock.set(timeFrom(await req.json(), oss.clock.now()));
    await oss.age();
    return shown(oss);
  },
};

const reset: Route = {
  method: 'DELETE',
  path: 'clock',
  doc: 'Sets the clock back to that of the machine.',
  async run(_req, oss) {
    oss.clock.reset();
    await oss.age();
    return shown(oss);
  },
};

export default [get, put, reset];
