/** A one-page document to PDF in the resident office, against a fresh `soffice --convert-to` of the same file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './report.ts';
import { ossite } from './server.ts';

const ROUNDS = 5;
const file = fileURLToPath(new URL('../fixtures/media/report.docx', import.meta.url));

export async function documents(): Promise<void> {
  const server = await ossite();
  const dir = mkdtempSync(join(tmpdir(), 'bench-documents-'));
  const times = { warm: [] as number[], fresh: [] as number[] };
  const convert = async () => {
    const process = `doc/convert,target_pdf|sys/saveas,o_${Buffer.from('out.pdf').toString('base64url')}`;
    const began = performance.now();
    const body = `x-oss-async-process=${process}`;
    const answer = await fetch(`${server.endpoint}/bench/report.docx?x-oss-async-process`, { method: 'POST', body });
    const { TaskId } = (await answer.json()) as { TaskId: string };
    const task = (await (await fetch(`${server.endpoint}/_ossite/tasks/${TaskId}?wait=60`)).json()) as {
      Status: string;
    };
    if (task.Status !== 'Succeeded') throw new Error(JSON.stringify(task));
    return performance.now() - began;
  };
  try {
    await fetch(`${server.endpoint}/bench`, { method: 'PUT' });
    await fetch(`${server.endpoint}/bench/report.docx`, { method: 'PUT', body: readFileSync(file) });
    await convert();
    for (let round = 0; round < ROUNDS; round += 1) {
      times.warm.push(await convert());
      const began = performance.now();
      const profile = `-env:UserInstallation=file://${join(dir, String(round))}`;
      execFileSync('soffice', ['--headless', profile, '--convert-to', 'pdf', '--outdir', dir, file], {
        stdio: 'ignore',
      });
      times.fresh.push(performance.now() - began);
    }
    const [warm, fresh] = [median(times.warm), median(times.fresh)];
    const verdict = warm / fresh <= 0.2 ? 'ok' : 'ABOVE TARGET';
    console.log(
      `docx to pdf: task ${warm.toFixed(0)} ms, fresh soffice ${fresh.toFixed(0)} ms, ratio ${(warm / fresh).toFixed(2)} (target 0.2) ${verdict}`,
    );
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
