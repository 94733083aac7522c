/** One executor for every plan, whether the request was a GET, a POST or a task. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm, unlink, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type EngineLog, heard } from './engine-log.ts';
import type { Engines } from './engines.ts';
import type { Artifact, Content, RunContext, Source } from './operation.ts';
import { madeFrom, type Plan, type Step } from './plan.ts';
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
  pin(
    ref: ObjectRef,
    path: string,
  ): Promise<{ readonly contentType: string; readonly modified: Date; readonly etag: string }>;
  /** Stores a result as an object; a file is used up. @throws NoSuchBucket */
  put(to: ObjectRef, content: Content, contentType: string): Promise<{ readonly etag: string; readonly size: number }>;
}

export interface Job {
  readonly plan: Plan;
  /** What the request names. */
  readonly from: ObjectRef;
  /** When the request or task was created. */
  readonly started: Date;
  readonly objects: ObjectsPort;
  readonly engines: Engines;
  readonly signal: AbortSignal;
  /** Directory in which the run's own directory is made. */
  readonly root: string;
  /** Lets the heavy work wait for its turn; reading headers before it and saving after it are cheap and do not wait. */
  slot?<T>(work: () => Promise<T>): Promise<T>;
  /** A URL of the caller's; only while one waits. */
  sign?(key: string, process: string): string;
  progress?(percent: number): void;
  warn?(text: string): void;
  /** Where it is written down what the engines say. */
  readonly log?: EngineLog;
}

/**
 * Runs a plan and hands its artifacts to `use`. When that is over the run's files are gone, whatever happened.
 * @throws OssError or TaskFailure for the user's mistakes, the signal's reason when it fires
 */
export async function runPlan<T>(
  job: Job,
  use: (made: readonly Artifact[], subject: Subject, facts: RunFacts) => Promise<T>,
): Promise<T> {
  const files = runFiles(job.root);
  try {
    const facts = { alone: true };
    const ctx = contextFor(job, files, () => {
      facts.alone = false;
    });
    const key = madeFrom(job.plan) ?? job.from.key;
    const file = files.source(extensionOf(key));
    job.log?.name(file, { ...job.from, key });
    const { contentType, modified, etag } = await job.objects.pin({ ...job.from, key }, file);
    const source: Source = { file, name: key, contentType, etag };
    const made = await timed(job, () => runSteps(job, source, ctx));
    return await use(made, { ...job.from, contentType, uploaded: modified, started: job.started }, facts);
  } finally {
    await files.remove();
  }
}

/** Tells the engines how a run ended. */
async function timed<T>({ plan, engines }: Job, work: () => Promise<T>): Promise<T> {
  const family = plan.steps[0]?.family.name ?? '';
  const began = performance.now();
  const over = (outcome: 'ok' | 'failed') =>
    engines.ran({ family, outcome, seconds: (performance.now() - began) / 1000 });
  try {
    const made = await work();
    over('ok');
    return made;
  } catch (error) {
    over('failed');
    throw error;
  }
}

/** What is known of a run when it is over. */
export interface RunFacts {
  /** Nothing but its source went into it: no watermark, no clip, no signature. */
  readonly alone: boolean;
}

/** The files of one run. Its directory is made when the first one is asked for: most pictures need none. */
export interface RunFiles {
  /** Where the source is to be linked to. */
  source(ext: string): string;
  /** A fresh path. */
  temp(ext: string): string;
  remove(): Promise<void>;
}

export function runFiles(root: string): RunFiles {
  const dir = join(root, `run-${randomBytes(8).toString('hex')}`);
  let pinned: string | undefined;
  let count = 0;
  return {
    source(ext) {
      pinned = `${dir}-source.${ext}`;
      return pinned;
    },
    temp(ext) {
      if (count === 0) mkdirSync(dir);
      count += 1;
      return join(dir, `${count}.${ext}`);
    },
    async remove() {
      // It may not have come to be: the object was missing.
      if (pinned !== undefined) await unlink(pinned).catch(() => {});
      if (count > 0) await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A safe file extension for a key: engines look at it. */
export function extensionOf(key: string): string {
  const ext = extname(key).slice(1).toLowerCase();
  return /^[a-z0-9]{1,8}$/.test(ext) ? ext : 'bin';
}

export function contextFor(job: Job, { temp }: RunFiles, onOther: () => void): RunContext {
  const { log } = job;
  return {
    signal: job.signal,
    engines: log === undefined ? job.engines : heard(job.engines, log),
    temp,
    asked: job.from,
    process: job.plan.steps.map(({ process }) => process).join('|'),
    async open(key, bucket = job.from.bucket) {
      onOther();
      const file = temp(extensionOf(key));
      log?.name(file, { bucket, key });
      const { contentType, etag } = await job.objects.pin({ bucket, key }, file);
      return { file, name: key, contentType, etag };
    },
    sign(key, process) {
      onOther();
      if (job.sign === undefined) throw new Error('nobody waits for whom a URL could be signed');
      return job.sign(key, process);
    },
    heard(program, args, said) {
      log?.started(program, args);
      log?.said(said.join('\n'));
    },
    progress: (percent) => job.progress?.(percent),
    warn: (text) => job.warn?.(text),
  };
}

/** Each step works on what the one before made. */
async function runSteps(job: Job, source: Source, ctx: RunContext): Promise<readonly Artifact[]> {
  const { steps } = job.plan;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => job.slot?.(work) ?? work();
  let current = source;
  let made: readonly Artifact[] = [];
  for (const step of steps) {
    const from = current;
    const opening = () => step.family.open(from, ctx);
    if (step.family.opensInTurn) made = await inTurn(async () => runStep(step, await opening(), ctx));
    else {
      const value = await opening();
      made = await inTurn(() => runStep(step, value, ctx));
    }
    const [first] = made;
    if (first !== undefined && steps.at(-1) !== step) {
      current = { file: await asFile(first, ctx), name: source.name, contentType: first.contentType };
    }
  }
  return made;
}

/** What an artifact holds. @param key under which it is saved; absent when it is not, which those with `bytesFor` always are */
export function contentOf(artifact: Artifact, key?: string): Content {
  if (!('bytesFor' in artifact)) return artifact;
  if (key === undefined) throw new Error('a result that depends on its key is not saved');
  return { bytes: artifact.bytesFor(key) };
}

/** The next step wants a file. */
async function asFile(artifact: Artifact, ctx: RunContext): Promise<string> {
  const content = contentOf(artifact);
  if ('file' in content) return content.file;
  const file = ctx.temp(artifact.ext);
  await writeFile(file, content.bytes);
  return file;
}

async function runStep(step: Step, opened: unknown, ctx: RunContext): Promise<readonly Artifact[]> {
  let value = opened;
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
