/** Artifacts to objects: names from templates, then one put per artifact, in order. */
import { checkBucketName, checkKey } from '../store/names.ts';
import type { Artifact } from './operation.ts';
import { type Destination, inTarget, type Plan, type Via } from './plan.ts';
import { refusalsFor } from './refusals.ts';
import { contentOf, type ObjectRef, type ObjectsPort } from './run.ts';
import { dependsOnResult, fillTemplate, mentions, type Subject, type Template } from './variables.ts';

export interface Saved extends ObjectRef {
  readonly size: number;
  readonly etag: string;
}

/**
 * The bucket a plan saves to, so that a missing one is told before anything runs; so is a name that can not be one.
 * @returns `undefined` when its name depends on what the run makes
 * @throws InvalidObjectName, InvalidBucketName
 */
export function destinationBucket(to: Destination, subject: Subject): string | undefined {
  if (!dependsOnResult(to.key)) inTarget(to.written, 'o', () => checkKey(fillTemplate(to.key, subject, {})));
  if (to.bucket === undefined) return subject.bucket;
  const { bucket } = to;
  if (dependsOnResult(bucket)) return undefined;
  return inTarget(to.written, 'b', () => checkBucketName(fillTemplate(bucket, subject, {})));
}

/**
 * Refuses names with a variable that this source can not give, before anything runs (documents-styles-tasks.md §2, V2).
 * @throws Imm Client or InvalidArgument, as for a variable that does not exist
 */
export function checkVariables({ saveas, steps }: Plan, key: string, via: Via): void {
  const call = steps.at(-1)?.calls.at(-1);
  for (const variable of call?.operation.lacks?.(key, call.params) ?? []) {
    const templates = [
      ['o', saveas?.key],
      ['b', saveas?.bucket],
    ] as const;
    const named = templates.find(([, template]) => template !== undefined && mentions(template, variable));
    if (named === undefined || saveas === undefined) continue;
    inTarget(saveas.written, named[0], () =>
      refusalsFor(via).template(named[0], `{${variable}}`, `${key} has no {${variable}}`),
    );
  }
}

/**
 * The name of the first output, as far as it is known before the run: what is not stays as it is written.
 * @param ext of the format that is made, where the plan says it
 */
export function previewOf({ saveas, steps }: Plan, subject: Subject): ObjectRef | undefined {
  if (saveas === undefined) return undefined;
  const ext = formatOf(steps);
  const open = (template: Template): Template =>
    template.map((part) => ('variable' in part && isOpen(part.variable, ext) ? { text: `{${part.variable}}` } : part));
  const own = { index: '1', streamindex: '0', ...(ext === undefined ? {} : { autoext: ext }) };
  const fill = (template: Template) => fillTemplate(open(template), subject, own);
  const filled = fill(saveas.key);
  const appends = steps.at(-1)?.family.appendsExtension === true;
  return {
    bucket: saveas.bucket === undefined ? subject.bucket : fill(saveas.bucket),
    key: appends ? withExtension(filled, ext ?? '{autoext}', '') : filled,
  };
}

const isOpen = (variable: string, ext: string | undefined): boolean =>
  (variable === 'autoext' && ext === undefined) || ['resolution', 'sheetname'].includes(variable);

/** The extension of what is made: operations call their format `f`, those on documents `target`. */
function formatOf(steps: Plan['steps']): string | undefined {
  for (const { operation, params } of steps.at(-1)?.calls.toReversed() ?? []) {
    const named = Object.entries(operation.params).find(([name, { reportedAs = name }]) =>
      /^(f|target)$/.test(reportedAs),
    );
    const format = named && params[named[0]];
    // A picture becomes a GIF only where it is one already.
    if (typeof format === 'string') return named?.[1].bare && format === 'gif' ? undefined : extensionFor(format);
  }
  return undefined;
}

/** Words for a format are its extension, but for one. */
const extensionFor = (format: string): string => (format === 'jpeg' ? 'jpg' : format);

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
  const several = made.length > 1;
  const first = made[0]?.ext ?? '';
  const targets = made.map((artifact) => ({
    artifact,
    ref: nameFor(artifact, saveas, subject, { appends, several, first }),
  }));
  const saved = new Map<string, Saved>();
  for (const { artifact, ref } of targets) {
    const put = await objects.put(ref, contentOf(artifact, ref.key), artifact.contentType);
    saved.set(JSON.stringify([ref.bucket, ref.key]), { ...ref, etag: put.etag, size: put.size });
  }
  return [...saved.values()];
}

/** What the naming of all outputs of a run has in common. */
interface Naming {
  readonly appends: boolean;
  readonly several: boolean;
  /** Extension of the first output. */
  readonly first: string;
}

function nameFor(artifact: Artifact, to: Destination, subject: Subject, naming: Naming): ObjectRef {
  const index = artifact.variables?.index ?? '1';
  const streamindex = artifact.variables?.streamindex ?? '0';
  const autoext = artifact.suffix === undefined ? artifact.ext : naming.first;
  const own = { ...artifact.variables, index, streamindex, autoext };
  const filled = fillTemplate(to.key, subject, own);
  const bucket = to.bucket === undefined ? subject.bucket : fillTemplate(to.bucket, subject, own);
  const number = naming.several && !mentions(to.key, 'index') ? `_${streamindex}_${index}` : '';
  const key =
    artifact.suffix !== undefined
      ? `${prefixOf(filled, naming.first)}${artifact.suffix}.${artifact.ext}`
      : naming.appends
        ? withExtension(filled, artifact.ext, number)
        : filled;
  return { bucket: checkBucketName(bucket), key: checkKey(key) };
}

/** Outputs that belong together share a prefix; a target that has the first one's extension already loses it (assumed). */
const prefixOf = (key: string, ext: string): string => (key.endsWith(`.${ext}`) ? key.slice(0, -ext.length - 1) : key);

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
