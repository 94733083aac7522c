import { ControlError, countFrom, flagFrom, type Route } from '../route.ts';

/** Filters that compare with a member of an entry. */
const texts = ['bucket', 'op'] as const;

const list: Route = {
  method: 'GET',
  path: 'requests',
  doc: 'The journal: the last requests, newest first, with operation, status, error code, signature (what was expected when it was wrong), process string and the fault that struck. `since` (a `seq`), `bucket`, `op`, `status` and `limit` narrow it down; `console=false` leaves out what the console itself asked for (requests whose query has `x-ossite-console`), `console=true` all else.',
  async run(req, { journal }) {
    const filter = Object.fromEntries(
      texts.flatMap((name) => {
        const text = req.query.get(name);
        return text === undefined ? [] : [[name, text]];
      }),
    );
    const console = flagFrom(req, 'console');
    const requests = journal.list({
      ...filter,
      ...(console === undefined ? {} : { console }),
      ...(req.query.has('status') ? { status: countFrom(req, 'status', { most: 999, usual: 0 }) } : {}),
      since: countFrom(req, 'since', { most: Number.MAX_SAFE_INTEGER, usual: 0 }),
      limit: countFrom(req, 'limit', { most: 100_000, usual: 100 }),
    });
    return { status: 200, json: { requests } };
  },
};

const one: Route = {
  method: 'GET',
  path: 'requests/{RequestId}',
  doc: 'One request: the entry, with `requestHeaders` and `responseHeaders` as lists of `[name, value]` in the order in which they were sent (of the answer without Date and what concerns the connection), and the `faultRule` that struck.',
  async run(req, { journal }) {
    const entry = journal.get(req.name);
    if (entry === undefined) throw new ControlError(404, 'NoSuchRequest', `there is no request ${req.name}`);
    return { status: 200, json: entry };
  },
};

const clear: Route = {
  method: 'DELETE',
  path: 'requests',
  doc: 'Empties the journal.',
  async run(_req, { journal, events }) {
    journal.clear();
    events.tell('cleared', () => ({}));
    return { status: 200, json: { requests: [] } };
  },
};

export default [list, one, clear];
