/** One executor for every plan, whether the request was a GET, a POST or a task. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Engines } from './engines.ts';
import type { Artifact, RunContext, Source } from './operation.ts';
import type { Plan, Step } from './plan.ts';
import type { Subject } from './variables.ts';

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** What processing needs of the store. */
export interface ObjectsPort {
  /**
   * Makes the object's present bytes appear at `path`, where they stay whatever happens to the object.
   * @throws NoSuchKey
   */
  pin(ref: ObjectRef, path: string): Promise<{ readonly contentType: string; readonly modified: Date }>;
  /** Stores a file of the run as an object; the file is used up. @throws NoSuchBucket */
  put(to: ObjectRef, file: string, contentType: string): Promise<{ readonly etag: string; readonly size: number }>;
}

export interface Job {
  readonly plan: Plan;
  readonly from: ObjectRef;
  /** When the request or task was created. */
  readonly started: Date;
  readonly objects: ObjectsPort;
  readonly engines: Engines;
  readonly signal: AbortSignal;
  /** Directory in which the run's own directory is made. */
  readonly root: string;
  progress?(percent: number): void;
  warn?(text: string): void;
}

/**
 * Runs a plan and hands its artifacts to `use`. When that is over the run's directory is gone, whatever happened.
 * @throws OssError or TaskFailure for the user's mistakes, the signal's reason when it fires
 */
export async function runPlan<T>(
  job: Job,
  use: (made: readonly Artifact[], subject: Subject) => Promise<T>,
): Promise<T> {
  const dir = join(job.root, `run-${randomBytes(8).toString('hex')}`);
  await mkdir(dir);
  try {
    const ctx = contextFor(job, dir);
    const file = ctx.temp(extensionOf(job.from.key));
    const { contentType, modified } = await job.objects.pin(job.from, file);
    const source: Source = { file, name: job.from.key, contentType };
    const made = await runSteps(job.plan.steps, source, ctx);
    return await use(made, { ...job.from, contentType, uploaded: modified, started: job.started });
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A safe file extension for a key: engines look at it. */
function extensionOf(key: string): string {
  const ext = extname(key).slice(1).toLowerCase();
  return /^[a-z0-9]{1,8}$/.test(ext) ? ext : 'bin';
}

function contextFor(job: Job, dir: string): RunContext {
  let count = 0;
  const temp = (ext: string) => join(dir, `${count++}.${ext}`);
  return {
    signal: job.signal,
    engines: job.engines,
    temp,
    async open(key) {
      const file = temp(extensionOf(key));
      const { contentType } = await job.objects.pin({ bucket: job.from.bucket, key }, file);
      return { file, name: key, contentType };
    },
    progress: (percent) => job.progress?.(percent),
    warn: (text) => job.warn?.(text),
  };
}

/** Each step works on what the one before made. */
async function runSteps(steps: readonly Step[], source: Source, ctx: RunContext): Promise<readonly Artifact[]> {
  let current = source;
  let made: readonly Artifact[] = [];
  for (const step of steps) {
    made = await runStep(step, current, ctx);
    const [first] = made;
    if (first !== undefined) current = { file: first.file, name: source.name, contentType: first.contentType };
  }
  return made;
}

async function runStep(step: Step, source: Source, ctx: RunContext): Promise<readonly Artifact[]> {
  let value: unknown = await step.family.open(source, ctx);
  for (const { operation, params, clauses } of step.calls) {
    ctx.signal.throwIfAborted();
    // Operations without clauses type theirs as "none"; the planner gives them an empty list.
    const result = await operation.run({ input: value, params, clauses: clauses as readonly never[], ctx });
    if (Array.isArray(result)) return result as readonly Artifact[];
    value = result;
  }
  ctx.signal.throwIfAborted();
  return step.family.finish(value, ctx);
}
