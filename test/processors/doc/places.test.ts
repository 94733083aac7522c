/** Documents where the temporary directory is mounted so that nothing in it can be executed, and where no office starts. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createChildren } from '../../../src/processors/children.ts';
import { createOffices } from '../../../src/processors/doc/offices.ts';
import { ossite } from '../../helpers/command.ts';
import { fixture, saveas } from '../../helpers/ossite.ts';
import { startProcess } from '../../helpers/process.ts';
import { docx } from './sources.ts';
import '../../../src/testing/vitest.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-places-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
const mounted = join(dir, 'noexec');
mkdirSync(mounted);

/** In mounts of its own, which end with it. */
const within = [
  'unshare',
  '--mount',
  'sh',
  '-ec',
  'mount -t tmpfs -o noexec tmpfs "$0"; export TMPDIR="$0"; exec "$@"',
  mounted,
];
const [unshare = '', ...inside] = within;
const probe = `echo 'exit 0' >"$TMPDIR/probe"; chmod +x "$TMPDIR/probe"; ! "$TMPDIR/probe" 2>/dev/null`;
const canMount = spawnSync(unshare, [...inside, 'sh', '-c', probe]).status === 0;

it.runIf(canMount)('a server that keeps its data where nothing can be executed converts documents', async () => {
  const server = await startProcess(join(dir, 'unused'), ['--demo', '--storage', 'memory'], { within });
  try {
    const task = await server.converted('demo', 'report.docx', `doc/convert,target_pdf${saveas('report.pdf')}`);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
    await expect((await server.get('demo', 'report.pdf')).bytes).toBePdf({ pages: 2 });
    const clip = await server.processed('demo', 'clip.mp4', 'video/snapshot,t_1000,f_png,w_64');
    await expect(clip.bytes).toBeImage({ format: 'png', width: 64 });
  } finally {
    await server.stop('SIGTERM');
  }
});

// The same where mounts are not ours to make.
it('an office has no file to execute beside the data', async () => {
  const children = createChildren();
  const office = createOffices(join(dir, 'office'), children, 1);
  await office.convert(docx(''), {
    to: 'pdf',
    importFilter: 'MS Word 2007 XML',
    signal: new AbortController().signal,
  });
  const files = execFileSync('find', [join(dir, 'office'), '-type', 'f'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => (statSync(file).mode & 0o111) !== 0)).toEqual([]);
  await office.close();
  children.close();
});

it('an office that does not start is refused in a sentence', async () => {
  const path = join(dir, 'path');
  mkdirSync(path);
  writeFileSync(join(path, 'soffice'), '#!/bin/sh\nexit 77\n', { mode: 0o755 });
  writeFileSync(join(dir, 'report.docx'), fixture('report.docx'));
  const env = { PATH: `${path}:${process.env.PATH}` };
  const ended = await ossite(['process', join(dir, 'report.docx'), 'doc/convert,target_pdf', '-o', dir], { env });
  expect(ended).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('LibreOffice is installed but does not start on this machine.'),
  });
});
