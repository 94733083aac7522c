/** Documentation that is derived from the code is current, and its commands work. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedFiles, derivedParts, withParts } from '../scripts/write-docs.ts';
import { endpoint, ensureBucket, finished, fixture, get, put } from './helpers/ossite.ts';

const run = promisify(execFile);

const parts = await derivedParts();

it.each(derivedFiles)('%s is current (`npm run docs` writes it)', (name) => {
  const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  expect(text).toMatch(/<!-- begin \w+ -->/);
  expect(withParts(text, parts)).toBe(text);
});

/** The commands of a page, as they stand in its shell blocks. */
const commands = (name: string) =>
  [...readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );

describe('docs/media.md', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-docs-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  beforeAll(async () => {
    await ensureBucket('demo');
    for (const name of ['clip.mp4', 'song.mp3']) await put('demo', name, fixture(name));
  });

  it.each(commands('media.md').map((text) => [/process=([^|']+)/.exec(text)?.[1] ?? '', text] as const))(
    'the command works: %s',
    async (_, text) => {
      const { stdout } = await run('sh', ['-ec', text.replaceAll('http://127.0.0.1:6770', endpoint)], { cwd: dir });
      const result = stdout === '' ? readFileSync(join(dir, 'result')) : Buffer.from(stdout);
      expect(result.toString('latin1')).not.toContain('<Error>');
      if (!text.includes('x-oss-async-process')) return expect(result.length).toBeGreaterThan(100);
      const task = await finished((JSON.parse(stdout) as { TaskId: string }).TaskId);
      expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
      expect(task.Outputs.length).toBeGreaterThan(0);
      for (const { Key, Size } of task.Outputs) expect((await get('demo', Key)).bytes.length).toBe(Size);
    },
  );
});
