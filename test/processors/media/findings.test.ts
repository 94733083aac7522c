/** What ffprobe found is remembered for as long as the file is the same one, and no longer. */
import { linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createFindings, type Findings } from '../../../src/processors/media/findings.ts';
import { fixture, freshBucket, processed, put } from '../../helpers/ossite.ts';
import { source } from './sources.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-findings-'));
afterAll(() => rmSync(dir, { recursive: true }));
const file = join(dir, 'a.mp4');
let findings: Findings;
let asked: string[];

const ask = (name: string, question: string, answer = `${question} 1`) =>
  findings.of(name, question, async () => {
    asked.push(question);
    return answer;
  });

beforeEach(() => {
  findings = createFindings();
  asked = [];
  writeFileSync(file, 'one');
});

it('each question is asked once, under whatever name the file goes', async () => {
  const link = join(dir, 'link.mp4');
  linkSync(file, link);
  expect([await ask(file, 'q', 'first'), await ask(link, 'q', 'second')]).toEqual(['first', 'first']);
  expect(await ask(file, 'other')).toBe('other 1');
  expect(asked).toEqual(['q', 'other']);
  const otherEnding = join(dir, 'link.mp3');
  linkSync(file, otherEnding);
  expect(await ask(otherEnding, 'q', 'by its ending')).toBe('by its ending');
});

it('a file that is replaced by one of the same size is another', async () => {
  await ask(file, 'q');
  writeFileSync(join(dir, 'new'), 'two');
  renameSync(join(dir, 'new'), file);
  expect(await ask(file, 'q', 'of two')).toBe('of two');
});

it('what failed is asked again', async () => {
  const failing = findings.of(file, 'q', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await ask(file, 'q')).toBe('q 1');
});

it('is bounded: what was not asked for the longest time goes first, and what is very long is not kept', async () => {
  const long = 'x'.repeat(512 * 1024);
  for (let i = 0; i < 16; i += 1) await ask(file, `q${i}`, long);
  await ask(file, 'q0');
  await ask(file, 'q16', long);
  asked = [];
  for (const question of ['q0', 'q16', 'q1']) await ask(file, question);
  expect(asked).toEqual(['q1']);
  await ask(file, 'longer', `${long}x`);
  await ask(file, 'longer');
  expect(asked).toEqual(['q1', 'longer', 'longer']);
});

it('an object that is overwritten by another of the same size shows what it is now', async () => {
  const bucket = await freshBucket();
  const [clip, other] = [fixture('clip.mp4'), await source('M1.mp4')];
  const size = Math.max(clip.length, other.length);
  // What stands behind the last box is not looked at.
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
  const width = async () => {
    const { text } = await processed(bucket, 'a.mp4', 'video/info');
    return (JSON.parse(text) as { VideoWidth: number }).VideoWidth;
  };
  await put(bucket, 'a.mp4', padded(clip));
  const before = await width();
  await put(bucket, 'a.mp4', padded(other));
  expect([before, await width()]).toEqual([640, 1280]);
});
