/** Messages and tasks at rest: recorded together, sent by schedule, forgotten together. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepPruning } from '../../src/server/retention.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Task } from '../../src/store/task.ts';
import type { TaskRange } from '../../src/store/task-pages.ts';
import type { Claim, TaskEnd } from '../../src/store/tasks.ts';

const DAY = 24 * 3_600_000;
const root = mkdtempSync(join(tmpdir(), 'ossite-outbox-'));
const done: TaskEnd = { state: 'Succeeded', outputs: [], result: '' };
let store: Store;
let dir: string;
let count = 0;
let now = 0;

const open = () =>
  openStore(dir, {
    now: () => now,
    messageOf: (task) =>
      task.notice && { topic: task.notice.topic, body: task.state, send: task.notice.topic !== 'kept' },
  });

beforeEach(async () => {
  await store?.close();
  dir = join(root, String(count++));
  now = Date.UTC(2026, 0, 1);
  store = await open();
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true });
});

const enqueue = (topic?: string, type = 'MediaConvert') =>
  store.tasks.enqueue({
    eventId: 'e',
    requestId: 'r',
    type,
    bucket: 'b',
    key: 'k',
    process: 'p',
    ...(topic === undefined ? {} : { notice: { topic, sources: ['k'] } }),
  });
const claim = (): Claim => store.tasks.claim(60_000) ?? expect.fail('nothing to claim');
/** A task that has ended. */
function ended(topic?: string, end: TaskEnd = done): Task {
  const { id } = enqueue(topic);
  store.tasks.finish(claim(), end);
  return store.tasks.get(id) ?? expect.fail('no task');
}
const messages = () => store.messages.list({ limit: 100 });

describe('a message is recorded', () => {
  it('once, with the end of its task', () => {
    enqueue('t');
    const first = claim();
    expect(messages()).toEqual([]);
    store.tasks.finish(first, done);
    store.tasks.finish(first, done);
    expect(messages()).toMatchObject([{ task: first.task.id, topic: 't', body: 'Succeeded', state: 'Pending' }]);
  });

  it('for a failure, not for a cancel, not without a topic, and not by a worker whose claim ran out', () => {
    const failed = ended('t', { state: 'Failed', code: 'C', message: 'M' });
    ended();
    store.tasks.cancel(enqueue('t').id);
    const late = enqueue('t');
    const stale = store.tasks.claim(-1) ?? expect.fail('nothing to claim');
    claim();
    expect(store.tasks.finish(stale, done)).toBe(false);
    expect(late.state).toBe('Queued');
    expect(messages()).toMatchObject([{ task: failed.id, body: 'Failed' }]);
  });

  it('for a task that is given up after three servers died with it', async () => {
    const { id } = enqueue('t');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      claim();
      await store.close();
      store = await open();
    }
    expect(store.tasks.get(id)).toMatchObject({ state: 'Failed', code: 'InternalError' });
    expect(messages()).toMatchObject([{ task: id, body: 'Failed', state: 'Pending' }]);
  });

  it('or the task has not ended', async () => {
    await store.close();
    const torn = await openStore(dir, {
      messageOf: () => {
        throw new Error('no message');
      },
    });
    store = torn;
    const { id } = enqueue('t');
    const claimed = claim();
    expect(() => torn.tasks.finish(claimed, done)).toThrow('no message');
    expect(torn.tasks.get(id)?.state).toBe('Running');
  });
});

describe('the outbox', () => {
  it('gives out what is due, the oldest first, each to one taker', () => {
    const [a, b] = [ended('t'), ended('t')];
    ended('kept');
    expect(store.messages.nextDue()).toBe(0);
    expect(store.messages.take(60_000)?.task).toBe(a.id);
    expect(store.messages.take(60_000)?.task).toBe(b.id);
    expect(store.messages.take(60_000)).toBeUndefined();
    expect(store.messages.nextDue()).toBeGreaterThan(50_000);
  });

  it('counts an attempt before it is made, so that one whose server dies is not lost', async () => {
    ended('t');
    expect(store.messages.take(-1)?.attempts).toBe(1);
    await store.close();
    store = await open();
    expect(store.messages.take(-1)?.attempts).toBe(2);
  });

  it('waits before the next attempt, and ends with the last', () => {
    ended('t');
    const { id } = store.messages.take(60_000) ?? expect.fail('nothing to take');
    store.messages.failed(id, 'no', 60_000);
    expect(store.messages.take(0)).toBeUndefined();
    expect(messages()).toMatchObject([{ state: 'Pending', lastError: 'no' }]);
    store.messages.failed(id, 'never');
    expect(messages()).toMatchObject([{ state: 'Failed', lastError: 'never', delivered: undefined }]);
    store.messages.delivered(id);
    expect(messages()).toMatchObject([{ state: 'Failed' }]);
    expect(store.messages.nextDue()).toBeUndefined();
  });
});

describe('seven days after its end', () => {
  it('a task is forgotten with its message; one that has not ended stays', () => {
    const old = ended('t');
    enqueue();
    claim();
    now += 7 * DAY;
    const young = ended('kept');
    keepPruning(store.tasks, () => now).stop();
    expect(store.tasks.get(old.id)).toBeDefined();
    now += 1;
    keepPruning(store.tasks, () => now).stop();
    expect(store.tasks.get(old.id)).toBeUndefined();
    expect(messages().map(({ task }) => task)).toEqual([young.id]);
    expect(store.tasks.pending()).toBe(1);
  });

  it('also while the server runs', () => {
    vi.useFakeTimers();
    try {
      const { id } = ended();
      const pruning = keepPruning(store.tasks, () => now);
      now += 8 * DAY;
      expect(store.tasks.get(id)).toBeDefined();
      vi.advanceTimersByTime(3_600_000);
      expect(store.tasks.get(id)).toBeUndefined();
      pruning.stop();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('pages of tasks', () => {
  const any: TaskRange = { states: [], types: [], started: {}, ended: {}, sort: 'TaskId', descending: false, limit: 3 };
  /** Follows the marks to the end. */
  function all(range: Partial<TaskRange>): readonly string[] {
    const ids: string[] = [];
    for (let after: TaskRange['after']; ; ) {
      const page = store.tasks.page({ ...any, ...range, ...(after === undefined ? {} : { after }) });
      ids.push(...page.tasks.map(({ id }) => id));
      if (page.next === undefined) return ids;
      expect(page.tasks).toHaveLength(any.limit);
      after = page.next;
    }
  }

  it('miss nothing and repeat nothing, in every order, also among equals', () => {
    const ids = Array.from({ length: 10 }, (_, i) => {
      if (i % 4 === 0) now += 1000;
      return i === 9 ? enqueue().id : ended().id;
    });
    const sorted = [...ids].sort();
    expect(all({})).toEqual(sorted);
    expect(all({ descending: true })).toEqual([...sorted].reverse());
    for (const sort of ['StartTime', 'EndTime'] as const) {
      const times = (list: readonly string[]) =>
        list.map((id) => {
          const { created, ended: end } = store.tasks.get(id) ?? expect.fail('no task');
          return sort === 'EndTime' ? (end?.getTime() ?? Number.POSITIVE_INFINITY) : created.getTime();
        });
      for (const descending of [false, true]) {
        const found = all({ sort, descending });
        expect([...found].sort()).toEqual(sorted);
        const order = times(found);
        expect(order).toEqual([...order].sort((a, b) => (descending ? b - a : a - b)));
      }
    }
    expect(all({ sort: 'EndTime' }).at(-1)).toBe(ids[9]);
  });
});
