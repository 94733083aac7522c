/** Artifacts to objects: names from templates, then one put per artifact, in order. */
import { checkBucketName, checkKey } from '../store/names.ts';
import type { Artifact } from './operation.ts';
import type { Destination, Plan } from './plan.ts';
import type { ObjectRef, ObjectsPort } from './run.ts';
import { dependsOnResult, fillTemplate, mentions, type Subject } from './variables.ts';

export interface Saved extends ObjectRef {
  readonly size: number;
  readonly etag: string;
}

/**
 * The bucket a plan saves to, so that a missing one is told before anything runs.
 * @returns `undefined` when its name depends on what the run makes
 * @throws InvalidBucketName
 */
export function destinationBucket(to: Destination, subject: Subject): string | undefined {
  if (to.bucket === undefined) return subject.bucket;
  return dependsOnResult(to.bucket) ? undefined : checkBucketName(fillTemplate(to.bucket, subject, {}));
}

/**
 * Saves what a plan made. Outputs that share a name overwrite each other in order, as OSS documents: the last remains.
 * @throws InvalidObjectName, InvalidBucketName, NoSuchBucket
 */
export async function save(
  made: readonly Artifact[],
  plan: Plan,
  subject: Subject,
  objects: ObjectsPort,
): Promise<readonly Saved[]> {
  const { saveas } = plan;
  if (saveas === undefined) return [];
  const appends = plan.steps.at(-1)?.family.appendsExtension === true;
  const targets = made.map((artifact) => ({
    artifact,
    ref: nameFor(artifact, saveas, subject, appends, made.length > 1),
  }));
  const saved = new Map<string, Saved>();
  for (const { artifact, ref } of targets) {
    const put = await objects.put(ref, artifact, artifact.contentType);
    saved.set(JSON.stringify([ref.bucket, ref.key]), { ...ref, etag: put.etag, size: put.size });
  }
  return [...saved.values()];
}

function nameFor(artifact: Artifact, to: Destination, subject: Subject, appends: boolean, several: boolean): ObjectRef {
  const index = artifact.variables?.index ?? '1';
  const streamindex = artifact.variables?.streamindex ?? '0';
  const own = { ...artifact.variables, index, streamindex, autoext: artifact.ext };
  const filled = fillTemplate(to.key, subject, own);
  const key = appends
    ? withExtension(filled, artifact.ext, several && !mentions(to.key, 'index') ? `_${streamindex}_${index}` : '')
    : filled;
  const bucket = to.bucket === undefined ? subject.bucket : fillTemplate(to.bucket, subject, own);
  return { bucket: checkBucketName(bucket), key: checkKey(key) };
}

/** Media targets whose last part has no extension get one (media.md §4.3). */
function withExtension(key: string, ext: string, number: string): string {
  const last = key.slice(key.lastIndexOf('/') + 1);
  return /\../.test(last) ? key : `${key}${number}.${ext}`;
}

/** Far above what an operation has to tell; a task's row holds it. */
const MAX_TOLD = 4096;

/** What a run made that is not to be saved: the text of its one artifact. */
export function told(made: readonly Artifact[]): string {
  const [artifact] = made;
  if (artifact === undefined || !('bytes' in artifact) || artifact.bytes.length > MAX_TOLD)
    throw new Error('a run that saves nothing made no short text');
  return artifact.bytes.toString('utf8');
}

/** The exact JSON OSS answers a saved POST with: clients match it as text (documents-styles-tasks.md §3.2). */
export function savedReply(plan: Plan, saved: Saved): string {
  const bucket = plan.saveas?.bucket === undefined ? '' : saved.bucket;
  const members = [
    `"bucket": ${JSON.stringify(bucket)}`,
    `"fileSize": ${saved.size}`,
    `"object": ${JSON.stringify(saved.key)}`,
    '"status": "OK"',
  ];
  return `{\n    ${members.join(',\n    ')}}`;
}
