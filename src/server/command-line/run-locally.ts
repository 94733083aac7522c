/** Runs a process string on a file, as a server would on an object. */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createEngines } from '../../processors/engines.ts';
import type { Artifact } from '../../processors/operation.ts';
import { loadRegistry } from '../../processors/registry.ts';
import { createResults } from '../../processors/results.ts';
import { contentOf, runPlan } from '../../processors/run.ts';
import { checkVariables, save } from '../../processors/saving.ts';
import type { Settings } from '../config.ts';
import { engineSettingsOf } from '../engine-settings.ts';
import { CommandFailed } from './failure.ts';
import { LOCAL_BUCKET, localObjects } from './local-objects.ts';
import { planLocally, targetOf } from './plan-locally.ts';

export interface LocalJob {
  readonly file: string;
  readonly process: string;
  /** A file, a template or a directory; absent: the result itself is wanted. */
  readonly out: string | undefined;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  progress(percent: number): void;
  warn(text: string): void;
}

export type LocalResult =
  | { readonly saved: readonly { readonly file: string; readonly size: number }[] }
  | { readonly bytes: Buffer; readonly isText: boolean };

/** @throws CommandFailed, OssError, TaskFailure, EngineMissing: what a server would refuse, or could alone do */
export async function runLocally(job: LocalJob): Promise<LocalResult> {
  const { file, settings, signal, progress, warn } = job;
  if (!existsSync(file) || !statSync(file).isFile()) throw new CommandFailed(`${file} is not a file`, 2);
  const target = job.out === undefined ? undefined : targetOf(job.out);
  const key = basename(file);
  const { plan, names } = planLocally(job.process, target, await loadRegistry(), settings);
  checkVariables(plan, key, 'async');
  for (const text of plan.warnings) warn(text);
  const root = await mkdtemp(join(tmpdir(), 'ossite-process-'));
  const results = createResults(join(root, 'results'), 0);
  const engines = createEngines(join(root, 'engines'), engineSettingsOf(settings), results);
  const objects = localObjects(file, target?.base ?? root);
  const from = { bucket: LOCAL_BUCKET, key };
  try {
    return await runPlan(
      { plan, from, started: new Date(), objects, engines, root, signal, progress, warn },
      async (made, subject): Promise<LocalResult> => {
        if (names === undefined) return readOnly(made);
        const saved = await save(made, { ...plan, saveas: { key: names } }, subject, objects);
        return { saved: saved.map((one) => ({ file: join(target?.base ?? '', one.key), size: one.size })) };
      },
    );
  } finally {
    await engines.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** A result that is not to be saved; there is never more than one. */
async function readOnly([artifact]: readonly Artifact[]): Promise<LocalResult> {
  if (artifact === undefined) throw new CommandFailed('nothing was made');
  const content = contentOf(artifact);
  const bytes = 'bytes' in content ? content.bytes : await readFile(content.file);
  return { bytes, isText: /^text\/|json/.test(artifact.contentType) };
}
