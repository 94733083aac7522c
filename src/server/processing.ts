/** What the actions that process share: planning with the bucket's styles, running in a slot, errors of that path. */
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { EngineMissing } from '../processors/children.ts';
import { TaskFailure } from '../processors/failure.ts';
import type { Artifact } from '../processors/operation.ts';
import { inTarget, needsImm, type Plan, plan, type Via } from '../processors/plan.ts';
import { contentOf, type RunFacts, runPlan } from '../processors/run.ts';
import { checkVariables, destinationBucket } from '../processors/saving.ts';
import type { Subject } from '../processors/variables.ts';
import type { Bucket } from '../store/buckets.ts';
import { fail, OssError } from '../store/errors.ts';
import type { StoredObject } from '../store/objects.ts';
import type { Services } from './action.ts';
import { enforceReading } from './auth/anonymous.ts';
import { enforceKnownCaller } from './auth/enforce.ts';
import { enforceTarget } from './auth/link-target.ts';
import { signerFor } from './auth/presign.ts';
import { isStyled } from './auth/source-protection.ts';
import { checkContentMd5 } from './digest.ts';
import type { Body } from './reply.ts';
import { decodeBytes, type OssRequest, readBody } from './request.ts';

/** Seconds a synchronous run may take; the largest picture the limits allow needs far less. */
const SYNC_DEADLINE = 120;

/** Far above the longest process string, percent-encoded. */
const MAX_BODY = 256 * 1024;

/** The process string of a POST, from its body (documents-styles-tasks.md §5.1). @throws InvalidRequest, InvalidDigest */
async function processFromBody(req: OssRequest, parameter: 'x-oss-process' | 'x-oss-async-process'): Promise<string> {
  const body = await readBody(req, MAX_BODY);
  checkContentMd5(req, body);
  const text = body.toString('latin1');
  const inQuery = req.query.get(parameter) ?? '';
  if (text.trim() === '' && inQuery !== '') return inQuery; // rule W6
  if (!text.startsWith(`${parameter}=`)) fail('InvalidRequest', { message: `no ${parameter} parameter found` });
  const [value = ''] = text.slice(parameter.length + 1).split('&', 1);
  // Raw and percent-encoded both occur; a plus is always a plus (rule W3).
  return decodeBytes(value).toString('utf8').trimEnd();
}

/** Plans a process string with the styles of its bucket, where there is one. @throws as plan, and Imm Client when the bucket is not bound */
export function planFor(
  text: string,
  via: Via,
  bucket: Bucket | undefined,
  oss: Pick<Services, 'store' | 'registry' | 'settings'>,
): Plan {
  const made = plan(text, via, {
    registry: oss.registry,
    style: (name) => bucket && oss.store.styles.get(bucket, name)?.content,
    strict: oss.settings['strict-params'],
  });
  if (oss.settings.imm === 'unbound' && needsImm(made)) {
    const id = randomUUID().toUpperCase();
    fail('Imm Client', {
      status: 404,
      message: `ResourceNotFound, The specified resource Attachment is not found. ${id}`,
    });
  }
  return made;
}

/** `image/resize`, `image/rotate`: what a plan does, in its order. */
export const actionNames = ({ steps }: Plan): readonly string[] =>
  steps.flatMap(({ family, calls }) => calls.map(({ operation }) => `${family.name}/${operation.name}`));

/** The source of a processing request. On this path a missing one has an EC of its own; asynchronous requests have none. */
export function sourceObject(req: OssRequest, bucket: Bucket, via: Via, oss: Services): StoredObject {
  mustBeThere(req.key, bucket, via, oss);
  const source = oss.store.objects.source(bucket, req.key);
  enforceTarget(req, oss, bucket, source, req.query.get('x-oss-process'));
  return source;
}

/** @throws NoSuchKey */
export function mustBeThere(key: string, bucket: Bucket, via: Via, { store }: Pick<Services, 'store'>): void {
  if (store.objects.get(bucket, key) !== undefined) return;
  fail('NoSuchKey', { ec: via === 'async' ? null : '0040-00000024', elements: { Key: key } });
}

/**
 * A POST as far as its plan: everything that can be refused before work begins has been. Anonymous callers only GET, and no
 * policy lets them in: what is saved may go into another bucket (documents-styles-tasks.md §0, media.md §6).
 * @throws as its parts
 */
export async function planPost(req: OssRequest, via: 'post' | 'async', oss: Services): Promise<Plan> {
  if (oss.settings.auth === 'strict') enforceKnownCaller(req.auth);
  const text = await processFromBody(req, via === 'async' ? 'x-oss-async-process' : 'x-oss-process');
  const bucket = oss.store.buckets.need(req.bucket);
  const stored = sourceObject(req, bucket, via, oss);
  const made = planFor(text, via, bucket, oss);
  await req.planned(made);
  checkNames(made, via, bucket, stored, oss);
  return made;
}

/** Refuses names for the result that can not be, as far as the source alone tells. @throws as its parts */
export function checkNames(
  made: Plan,
  via: Via,
  bucket: Bucket,
  source: StoredObject,
  oss: Pick<Services, 'store'>,
): void {
  checkVariables(made, source.key, via);
  checkDestination(made, bucket, source, oss);
}

/** Refuses a plan whose destination is not there, before anything runs. @throws NoSuchBucket, InvalidBucketName */
function checkDestination(made: Plan, bucket: Bucket, source: StoredObject, oss: Pick<Services, 'store'>): void {
  if (made.saveas === undefined) return;
  const times = { uploaded: source.modified, started: new Date() };
  const to = destinationBucket(made.saveas, {
    bucket: bucket.name,
    key: source.key,
    contentType: source.contentType,
    ...times,
  });
  if (to !== undefined) inTarget(made.saveas.written, 'b', () => oss.store.buckets.need(to));
}

/** A result as an answer's body. The run's directory goes when the run is over; a file that is open stays readable. */
export async function bodyOf(artifact: Artifact): Promise<Body> {
  const content = contentOf(artifact);
  if ('bytes' in content) return { bytes: content.bytes };
  const handle = await open(content.file);
  const { size } = await handle.stat();
  return { handle, pieces: [{ start: 0, end: size - 1 }] };
}

/**
 * Runs a plan while the client waits.
 * @param use gets the artifacts and the very object they were made from
 */
export async function runWhileWaiting<T>(
  req: OssRequest,
  made: Plan,
  oss: Services,
  use: (artifacts: readonly Artifact[], source: StoredObject, subject: Subject, facts: RunFacts) => Promise<T>,
): Promise<T> {
  const turn = oss.slots.arrive(made.steps[0]?.family.name ?? '');
  const started = new Date();
  const bucket = oss.store.buckets.need(req.bucket);
  const deadline = AbortSignal.timeout(SYNC_DEADLINE * 1000);
  const signal = AbortSignal.any([req.signal, oss.closing, deadline]);
  let source: StoredObject | undefined;
  const objects = {
    ...oss.objects,
    async pin(ref: { bucket: string; key: string }, path: string) {
      const named = oss.store.buckets.need(ref.bucket);
      // What a style names is its owner's to show; what the caller names must be the caller's to read (assumed).
      const isOther = source !== undefined && !isStyled(req.query.get('x-oss-process') ?? '');
      if (isOther) enforceReading(req, { ...ref, process: '' }, oss);
      const pinned = await oss.store.objects.pin(named, ref.key, path);
      if (isOther) enforceTarget(req, oss, named, pinned);
      source ??= pinned;
      return pinned;
    },
  };
  const job = {
    plan: made,
    from: { bucket: bucket.name, key: req.key },
    started,
    objects,
    engines: oss.engines,
    signal,
    root: oss.store.temp,
    slot: <R>(work: () => Promise<R>) => turn(work, signal),
    sign: signerFor(req, oss.settings, started),
  };
  try {
    return await runPlan(job, (artifacts, subject, facts) => use(artifacts, source as StoredObject, subject, facts));
  } catch (error) {
    if (deadline.aborted && !(error instanceof OssError)) {
      fail('BadRequest', { message: `The request takes longer than ${SYNC_DEADLINE} s to process.`, cause: error });
    }
    throw asAnswer(error, made);
  }
}

/**
 * What fails a task, as an answer: the client's mistake, or a program that this machine lacks. Never a 5xx. What IMM runs
 * is refused in IMM's words (media.md §6.1).
 */
function asAnswer(error: unknown, made: Plan): unknown {
  if (error instanceof EngineMissing)
    return new OssError('NotImplemented', { elements: { Detail: `${error.message}.` } });
  if (!(error instanceof TaskFailure)) return error;
  if (!needsImm(made)) return new OssError('InvalidArgument', { message: error.message, cause: error });
  const message = `${error.code}, ${error.message} ${randomUUID().toUpperCase()}`;
  return new OssError('Imm Client', { status: 400, message, cause: error });
}
