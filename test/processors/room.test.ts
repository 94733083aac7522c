import { describe, expect, it } from 'vitest';
import { createRoom } from '../../src/processors/room.ts';

/** A worker with tasks to do, as far as room is concerned. */
function worker(room: ReturnType<typeof createRoom>, log: string[], name: string, tasks: number) {
  let left = tasks;
  let running = 0;
  function kick(): void {
    while (room.enter(kick)) {
      if (left === 0) {
        room.leave();
        return;
      }
      left -= 1;
      running += 1;
      log.push(name);
    }
  }
  return {
    kick,
    finish() {
      running -= 1;
      room.leave();
      kick();
    },
    running: () => running,
  };
}

describe('room', () => {
  it('is given in turns: a worker with much to do does not keep it', () => {
    const log: string[] = [];
    const room = createRoom(1);
    const [a, b, c] = [worker(room, log, 'a', 3), worker(room, log, 'b', 3), worker(room, log, 'c', 1)];
    for (const one of [a, b, c]) one.kick();
    while (log.length < 7) [a, b, c].find((one) => one.running() > 0)?.finish();
    // The first one asks again before the others come.
    expect(log).toEqual(['a', 'a', 'b', 'c', 'a', 'b', 'b']);
  });

  it('never has more inside than places', () => {
    const log: string[] = [];
    const room = createRoom(2);
    const workers = ['a', 'b', 'c'].map((name) => worker(room, log, name, 5));
    for (const one of workers) one.kick();
    for (let i = 0; i < 15; i += 1) {
      expect(workers.reduce((sum, one) => sum + one.running(), 0)).toBeLessThanOrEqual(2);
      workers.find((one) => one.running() > 0)?.finish();
    }
    expect(log).toHaveLength(15);
  });

  it('goes to the next when the one that waited has nothing to do any more', () => {
    const log: string[] = [];
    const room = createRoom(1);
    const [a, b, c] = [worker(room, log, 'a', 1), worker(room, log, 'b', 0), worker(room, log, 'c', 1)];
    for (const one of [a, b, c]) one.kick();
    a.finish();
    expect(log).toEqual(['a', 'c']);
  });
});
