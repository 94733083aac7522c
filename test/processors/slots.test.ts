import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSlots } from '../../src/processors/slots.ts';

const never = new AbortController().signal;

describe('slots', () => {
  it('let the work begin in order of arrival, however long each took to get ready', async () => {
    const slots = createSlots(1);
    const order: number[] = [];
    const hold = slots.arrive('image')(() => sleep(30), never);
    const runs = [4, 3, 2, 1].map(async (patience, n) => {
      const turn = slots.arrive('image');
      await sleep(patience);
      await turn(async () => void order.push(n), never);
    });
    await Promise.all([hold, ...runs]);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('of one kind do not wait for those of another', async () => {
    const slots = createSlots(1);
    const over = new EventEmitter();
    const hold = slots.arrive('doc')(() => once(over, 'end'), never);
    expect(await slots.arrive('image')(async () => 'done', never)).toBe('done');
    over.emit('end');
    await hold;
  });

  it('never run more at once, and go on after a failure', async () => {
    const slots = createSlots(2);
    let now = 0;
    let most = 0;
    const work = async () => {
      now += 1;
      most = Math.max(most, now);
      await sleep(2);
      now -= 1;
      throw new Error('failed');
    };
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => slots.arrive('image')(work, never)));
    expect([most, results.every(({ status }) => status === 'rejected')]).toEqual([2, true]);
  });

  it('skip work whose client has left, and refuse when too many wait', async () => {
    const slots = createSlots(1);
    const gone = new AbortController();
    const hold = slots.arrive('image')(() => sleep(20), never);
    let ran = false;
    const left = slots.arrive('image')(async () => {
      ran = true;
    }, gone.signal);
    gone.abort(new Error('the client left'));
    await expect(left).rejects.toThrow('the client left');
    expect(ran).toBe(false);
    const crowd = Array.from({ length: 1100 }, () =>
      slots
        .arrive('image')(() => sleep(20), gone.signal)
        .catch((error: Error) => error.name),
    );
    expect(await Promise.all(crowd)).toContain('OssError');
    await hold;
  });
});
