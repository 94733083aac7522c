/** The executor itself: what waits for its turn. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Engines } from '../../src/processors/engines.ts';
import type { Family, Operation } from '../../src/processors/operation.ts';
import { type Job, runPlan } from '../../src/processors/run.ts';

const root = mkdtempSync(join(tmpdir(), 'ossite-run-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Runs a plan of one operation and tells what happened, in order. */
async function happens(family: Partial<Family>): Promise<readonly string[]> {
  const order: string[] = [];
  const operation = {
    async run() {
      order.push('run');
      return [];
    },
  };
  const fake = {
    ...family,
    async open() {
      order.push('open');
    },
  };
  const written = { name: 'run', tokens: [], at: { start: 5, end: 8 } };
  const calls = [{ operation: operation as unknown as Operation, params: {}, clauses: [], written }];
  const job: Job = {
    plan: {
      process: 'fake/run',
      steps: [{ family: fake as unknown as Family, process: 'fake/run', calls }],
      warnings: [],
    },
    from: { bucket: 'b', key: 'k.mp4' },
    started: new Date(),
    objects: {
      async pin(_ref, path) {
        writeFileSync(path, '');
        return { contentType: 'video/mp4', modified: new Date(), etag: '' };
      },
      put: () => Promise.reject(new Error('nothing is saved')),
    },
    engines: { ran() {} } as unknown as Engines,
    signal: new AbortController().signal,
    root,
    async slot(work) {
      order.push('turn');
      return work();
    },
  };
  await runPlan(job, async () => {});
  expect(readdirSync(root)).toEqual([]);
  return order;
}

it('opening waits for its turn only where it starts a program', async () => {
  expect(await happens({})).toEqual(['open', 'turn', 'run']);
  expect(await happens({ opensInTurn: true })).toEqual(['turn', 'open', 'run']);
});
