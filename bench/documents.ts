/**
 * Documents in the resident office: one page to PDF against a fresh `soffice --convert-to` of the same file, and twenty
 * pages to PNG against what the two steps of it take: the warm conversion to PDF, and pdftoppm.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './report.ts';
import { ossite } from './server.ts';

const ROUNDS = 5;
const report = fileURLToPath(new URL('../fixtures/media/report.docx', import.meta.url));

export async function documents(): Promise<void> {
  const server = await ossite();
  const dir = mkdtempSync(join(tmpdir(), 'bench-documents-'));
  try {
    await fetch(`${server.endpoint}/bench`, { method: 'PUT' });
    await onePage(server.endpoint, dir);
    await twentyPages(server.endpoint, dir);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function onePage(endpoint: string, dir: string): Promise<void> {
  await put(endpoint, 'report.docx', readFileSync(report));
  await convert(endpoint, 'report.docx', 'pdf');
  const warm: number[] = [];
  const fresh: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    warm.push((await convert(endpoint, 'report.docx', 'pdf')).ms);
    fresh.push(timed(() => soffice(join(dir, String(round)), 'pdf', report, dir)));
  }
  tell('docx to pdf: task', median(warm), 'fresh soffice', median(fresh), 0.2);
}

async function twentyPages(endpoint: string, dir: string): Promise<void> {
  const text = join(dir, 'twenty.txt');
  writeFileSync(text, 'The quick brown fox jumps over the lazy dog. 敏捷的棕色狐狸跳过懒狗。\n'.repeat(20 * 64));
  soffice(join(dir, 'profile'), 'docx:MS Word 2007 XML', text, dir);
  await put(endpoint, 'twenty.docx', readFileSync(join(dir, 'twenty.docx')));
  await convert(endpoint, 'twenty.docx', 'pdf');
  const pdf = join(dir, 'twenty.pdf');
  writeFileSync(pdf, Buffer.from(await (await fetch(`${endpoint}/bench/out/1.pdf`)).arrayBuffer()));
  const [whole, warm, alone]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ms, outputs } = await convert(endpoint, 'twenty.docx', 'png');
    if (outputs !== 20) throw new Error(`twenty.docx has ${outputs} pages`);
    whole.push(ms);
    warm.push((await convert(endpoint, 'twenty.docx', 'pdf')).ms);
    alone.push(timed(() => execFileSync('pdftoppm', ['-r', '96', '-png', pdf, join(dir, 'page')])));
  }
  tell('20 pages to png: task', median(whole), 'warm pdf + pdftoppm', median(warm) + median(alone), 1.2);
}

/** Runs a task. @returns how long it took, and how many objects it made */
async function convert(endpoint: string, key: string, target: string): Promise<{ ms: number; outputs: number }> {
  const name = Buffer.from('out/{index}.{autoext}').toString('base64url');
  const body = `x-oss-async-process=doc/convert,target_${target}|sys/saveas,o_${name}`;
  const began = performance.now();
  const answer = await fetch(`${endpoint}/bench/${key}?x-oss-async-process`, { method: 'POST', body });
  const { TaskId } = (await answer.json()) as { TaskId: string };
  const ended = await fetch(`${endpoint}/_ossite/tasks/${TaskId}?wait=60`);
  const task = (await ended.json()) as { Status: string; Outputs: readonly unknown[] };
  if (task.Status !== 'Succeeded') throw new Error(JSON.stringify(task));
  return { ms: performance.now() - began, outputs: task.Outputs.length };
}

const put = (endpoint: string, key: string, body: Buffer) =>
  fetch(`${endpoint}/bench/${key}`, { method: 'PUT', body: new Uint8Array(body) });

function soffice(profile: string, to: string, file: string, outdir: string): void {
  const where = [`-env:UserInstallation=file://${profile}`, '--headless', '--convert-to', to, '--outdir', outdir, file];
  execFileSync('soffice', where, { stdio: 'ignore' });
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function tell(what: string, ours: number, theirs: string, time: number, target: number): void {
  const ratio = ours / time;
  const verdict = ratio <= target ? 'ok' : 'ABOVE TARGET';
  console.log(
    `${what} ${ours.toFixed(0)} ms, ${theirs} ${time.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (target ${target}) ${verdict}`,
  );
}
