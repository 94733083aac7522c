/** The door to LibreOffice: warm, one at a time, ended as a whole, and back after every accident. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Children, createChildren } from '../../../src/processors/children.ts';
import { importFilters } from '../../../src/processors/doc/formats.ts';
import { recognise } from '../../../src/processors/doc/sniff.ts';
import { createOffice, type Office } from '../../../src/processors/doc/soffice.ts';
import { fixture } from '../../helpers/ossite.ts';
import { docx, poppler } from './sources.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-office-'));
let children: Children;
let office: Office;

beforeAll(() => {
  children = createChildren();
  office = createOffice(dir, children);
});

afterAll(async () => {
  await office.close();
  children.close();
  rmSync(dir, { recursive: true });
});

const small = docx('');
/** Keeps the office busy for many seconds. */
const long = Buffer.from('The quick brown fox jumps over the lazy dog.\n'.repeat(300_000));

const convert = (document = small, signal = new AbortController().signal) =>
  office.convert(document, {
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

const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('stays between documents: one office converts them all', async () => {
  const offices = () =>
    processes().filter(({ command }) => command.includes('soffice.bin') && !command.includes('--convert-to'));
  expect((await convert()).subarray(0, 5).toString()).toBe('%PDF-');
  const [first] = offices();
  for (let i = 0; i < 3; i += 1) expect((await convert()).subarray(0, 5).toString()).toBe('%PDF-');
  expect(offices().map(({ pid }) => pid)).toEqual([first?.pid]);
});

it('takes its whole group along when a conversion is aborted, and starts anew', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('the deadline')), 700);
  const waiting = convert(long, abort.signal);
  const next = convert();
  await expect(waiting).rejects.toThrow('the deadline');
  expect((await next).length).toBeGreaterThan(1000);
  expect(processes().filter(({ command }) => command.includes('soffice.bin'))).toHaveLength(1);
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

it.each(['SIGSEGV', 'SIGKILL'] as const)('comes back after %s', async (signal) => {
  await convert();
  for (const { pid, command } of processes()) if (command.includes('soffice.bin')) process.kill(pid, signal);
  expect((await convert()).length).toBeGreaterThan(1000);
});

const formats = [
  ['report.docx', 'docx', 'doc', 'MS Word 97', 'wps', 'Hangzhou'],
  ['report.docx', 'docx', 'odt', 'writer8', 'odt', 'Hangzhou'],
  ['report.docx', 'docx', 'rtf', 'Rich Text Format', 'doc', 'Hangzhou'],
  ['slides.pptx', 'pptx', 'ppt', 'MS PowerPoint 97', 'dps', 'Welcome'],
  ['slides.pptx', 'pptx', 'odp', 'impress8', 'odp', 'Welcome'],
  ['workbook.xlsx', 'xlsx', 'xls', 'MS Excel 97', 'et', 'Singapore'],
  ['workbook.xlsx', 'xlsx', 'ods', 'calc8', 'ods', 'Singapore'],
] as const;

it.each(formats)('reads %s again after it became %3$s', async (name, from, to, exportFilter, extension, word) => {
  const { signal } = new AbortController();
  const bytes = await office.convert(fixture(name), { to, importFilter: importFilters[from], exportFilter, signal });
  const { content } = recognise(bytes, extension);
  expect(content).toBe(to);
  const pdf = await office.convert(bytes, { to: 'pdf', importFilter: importFilters[to], signal });
  expect(poppler('pdftotext', pdf)).toContain(word);
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
  expect(readdirSync(dir)).toEqual(['document']);
});
