/** The door to LibreOffice: warm, one at a time, ended as a whole, and back after every accident. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Children, createChildren } from '../../../src/processors/children.ts';
import { createOffices } from '../../../src/processors/doc/offices.ts';
import type { Office } from '../../../src/processors/doc/soffice.ts';
import { docx } from './sources.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-office-'));
let children: Children;
let office: Office;

beforeAll(() => {
  children = createChildren();
  office = createOffices(join(dir, 'one'), children, 1);
});

afterAll(async () => {
  await office.close();
  children.close();
  rmSync(dir, { recursive: true });
});

const small = docx('');
/** Keeps the office busy for many seconds. */
const long = Buffer.from('The quick brown fox jumps over the lazy dog.\n'.repeat(300_000));

const convert = (document = small, signal = new AbortController().signal, by = office) =>
  by.convert(document, {
    to: 'pdf',
    importFilter: document === small ? 'MS Word 2007 XML' : 'Text (encoded):UTF8',
    signal,
  });

/** The processes that work for this office, by their command lines. */
function processes(): { pid: number; command: string }[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(dir) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

/** The offices that stay, without the clients that hand documents over. */
const offices = (in_ = dir) =>
  processes()
    .filter(
      ({ command }) => command.includes(in_) && command.includes('soffice.bin') && !command.includes('--convert-to'),
    )
    .map(({ pid }) => pid);

const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('stays between documents: one office converts them all', async () => {
  expect((await convert()).subarray(0, 5).toString()).toBe('%PDF-');
  const first = offices();
  expect(first).toHaveLength(1);
  for (let i = 0; i < 3; i += 1) expect((await convert()).subarray(0, 5).toString()).toBe('%PDF-');
  expect(offices()).toEqual(first);
});

it('makes way for a fresh one after a number of documents', async () => {
  const folder = join(dir, 'recycled');
  const recycled = createOffices(folder, children, 1, { seconds: 60, documents: 2 });
  const { signal } = new AbortController();
  await convert(small, signal, recycled);
  const first = offices(folder);
  await convert(small, signal, recycled);
  expect(offices(folder)).toEqual([]);
  await convert(small, signal, recycled);
  const second = offices(folder);
  expect([first.length, second.length, second[0] === first[0]]).toEqual([1, 1, false]);
  await recycled.close();
});

it('ends a document at its deadline with its whole group, and is there for the next', async () => {
  const folder = join(dir, 'strict');
  const strict = createOffices(folder, children, 1, { seconds: 2, documents: 50 });
  const { signal } = new AbortController();
  await convert(small, signal, strict);
  const [first] = offices(folder);
  await expect(convert(long, signal, strict)).rejects.toMatchObject({ code: 'ConvertTimeout' });
  expect(processes().filter(({ pid, command }) => pid === first || command.includes('--convert-to'))).toEqual([]);
  expect((await convert(small, signal, strict)).length).toBeGreaterThan(1000);
  await strict.close();
});

it('does not hold up others with a slow document: a second office is started for them', async () => {
  const folder = join(dir, 'two');
  const two = createOffices(folder, children, 2);
  const abort = new AbortController();
  let over = false;
  const slow = convert(long, abort.signal, two).finally(() => {
    over = true;
  });
  const outcome = expect(slow).rejects.toThrow('enough');
  for (let i = 0; i < 3; i += 1) expect((await convert(small, undefined, two)).length).toBeGreaterThan(1000);
  expect(over).toBe(false);
  expect(offices(folder)).toHaveLength(2);
  abort.abort(new Error('enough'));
  await outcome;
  await two.close();
  expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);
});

describe('an office that ends while it starts', () => {
  /** Of its starts the first few end by themselves. */
  const ending = (starts: number) => {
    let left = starts;
    const start: Children['start'] = (program, args, options) => {
      left -= 1;
      return left < 0 ? children.start(program, args, options) : children.start('/bin/false', [], options);
    };
    return createOffices(join(dir, `ending-${starts}`), { ...children, start }, 1);
  };

  it('is started again', async () => {
    const late = ending(2);
    expect((await convert(small, undefined, late)).length).toBeGreaterThan(1000);
    await late.close();
  });

  it('is told when it does so each time, and tried anew for the next document', async () => {
    const never = ending(3);
    await expect(convert(small, undefined, never)).rejects.toMatchObject({
      code: 'EngineMissing',
      message: 'LibreOffice is installed but does not start on this machine.',
    });
    expect((await convert(small, undefined, never)).length).toBeGreaterThan(1000);
    await never.close();
  });
});

it('takes its whole group along when a conversion is aborted, and starts anew', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('the deadline')), 700);
  const waiting = convert(long, abort.signal);
  const next = convert();
  await expect(waiting).rejects.toThrow('the deadline');
  expect((await next).length).toBeGreaterThan(1000);
  expect(offices()).toHaveLength(1);
});

it('lets a job leave the queue', async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const running = convert(long, first.signal);
  const waiting = convert(small, second.signal);
  second.abort(new Error('not waiting'));
  await expect(waiting).rejects.toThrow('not waiting');
  first.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
});

it('is not disturbed by a job that was cancelled before its turn', async () => {
  await convert();
  const before = offices();
  const abort = new AbortController();
  const [running, waiting] = [convert(), convert(small, abort.signal)];
  abort.abort(new Error('not waiting'));
  await expect(waiting).rejects.toThrow('not waiting');
  await running;
  await convert();
  expect(offices()).toEqual(before);
});

it.each(['SIGSEGV', 'SIGKILL'] as const)('comes back after %s', async (signal) => {
  await convert();
  for (const { pid, command } of processes()) if (command.includes('soffice.bin')) process.kill(pid, signal);
  expect((await convert()).length).toBeGreaterThan(1000);
});

it('has no result for what it cannot read', async () => {
  const nonsense = office.convert(Buffer.from('nonsense'), {
    to: 'pdf',
    importFilter: 'MS Word 2007 XML',
    signal: new AbortController().signal,
  });
  await expect(nonsense).rejects.toMatchObject({ code: 'OpenFileError' });
});

it('leaves nothing behind when it is closed', async () => {
  await convert();
  const running = convert(long);
  const outcome = expect(running).rejects.toThrow('closed');
  await soon(300);
  await office.close();
  await outcome;
  await expect(convert()).rejects.toThrow('closed');
  expect(processes()).toEqual([]);
  expect(readdirSync(join(dir, 'one'))).toEqual(['office-1']);
  expect(readdirSync(join(dir, 'one', 'office-1'))).toEqual(['document']);
  expect(readdirSync(join(dir, 'one', 'office-1', 'document'))).toEqual([]);
});
