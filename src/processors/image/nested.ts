/**
 * The image of a watermark: another object of the bucket, prepared by a process string of its own that stands behind
 * its key (image.md §15). The one planner plans it, with fewer operations and one parameter more.
 */
import { fail, OssError } from '../../store/errors.ts';
import type { Operation, RunContext } from '../operation.ts';
import { int, optional } from '../params.ts';
import { type Call, plan } from '../plan.ts';
import type { Registry } from '../registry.ts';
import family, { imageOperation } from './family.ts';
import type { Format } from './formats.ts';
import { type Size, toPixels } from './geometry.ts';
import { checkMark, type Mark } from './mark.ts';
import autoOrient from './operations/auto-orient.ts';
import crop from './operations/crop.ts';
import indexcrop from './operations/indexcrop.ts';
import resize from './operations/resize.ts';
import rotate from './operations/rotate.ts';
import roundedCorners from './operations/rounded-corners.ts';
import { honoured } from './orientation.ts';
import { type Picture, pipelineOf, produced, resize as scale } from './picture.ts';

const SEPARATOR = '?x-oss-process=';

/** Formats a watermark may have (image.md §15). */
const formats: ReadonlySet<Format> = new Set(['jpg', 'png', 'bmp', 'webp', 'tiff']);

/** Before the picture is read its size is not known, nor needed. */
const UNKNOWN: Size = { width: 1, height: 1 };

/**
 * Finds what is wrong with the text of an `image_` parameter, as far as text goes.
 * @param image key, with or without a process string
 * @throws what the planner throws
 */
export function checkNested(image: string): void {
  callsOf(image, UNKNOWN);
}

/**
 * Reads and prepares a watermark.
 * @param main the picture it goes on, as it is now: `P` counts in percent of it
 * @throws WatermarkError when the object does not exist or is no picture of an allowed format
 */
export async function imageMark(image: string, main: Picture, ctx: RunContext): Promise<Mark> {
  const calls = callsOf(image, main.facts);
  let picture = await openMark(keyOf(image), ctx);
  for (const { operation, params } of calls) {
    // All the operations listed below give a picture back.
    picture = (await operation.run({ input: picture, params, clauses: [], ctx })) as Picture;
  }
  const ready = await honoured(picture);
  const { width, height } = ready.facts;
  checkMark(ready.facts);
  const pipeline = await pipelineOf(ready);
  return { width, height, pixels: await produced(ready, pipeline.ensureAlpha().raw()) };
}

async function openMark(key: string, ctx: RunContext): Promise<Picture> {
  try {
    const picture = await family.open(await ctx.open(key), ctx);
    if (formats.has(picture.original.format)) return picture;
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    if (error.code === 'NoSuchKey') fail('WatermarkError', { ec: '0040-00000025', cause: error });
    if (error.ec !== '0040-00000005') throw error;
  }
  return fail('WatermarkError', { ec: '0040-00000027' });
}

const keyOf = (image: string): string => image.split(SEPARATOR, 1)[0] ?? '';

function callsOf(image: string, main: Size): readonly Call[] {
  const at = image.indexOf(SEPARATOR);
  if (at < 0) return [];
  const process = image.slice(at + SEPARATOR.length);
  const refuse = (message: string, ec: string | null) => fail('InvalidArgument', { message, ec });
  if (process.includes('/watermark')) refuse('A watermark can not have a watermark.', '0040-00000373');
  if (process.includes('|')) refuse('The process string of a watermark has one segment only.', null);
  const { steps } = plan(process, 'get', { registry: registryFor(main), style: () => undefined, strict: false });
  return steps.flatMap((step) => step.calls);
}

/** What may prepare a watermark: no circle, no second watermark, nothing about encoding. */
function registryFor(main: Size): Registry {
  const listed = [autoOrient, crop, indexcrop, rotate, roundedCorners, resizeFor(main)] as readonly Operation[];
  const operations = new Map(listed.map((operation) => [operation.name, operation]));
  return {
    family: (name) => (name === family.name ? { ...family, refused: {} } : undefined),
    operation: (_, name) => operations.get(name),
    directive: () => undefined,
    words: { isAction: (_, word) => operations.has(word), isBase64: () => false },
    describe: () => [],
  };
}

/** `resize` with `P`: fitted into so many percent of the main picture, enlarged if need be (image.md §15, assumed). */
function resizeFor(main: Size) {
  const params = { ...resize.params, P: optional(int('Percent of the main picture.', { min: 1, max: 100 })) };
  return imageOperation<typeof params>({
    ...resize,
    params,
    check: (given) => (given.P === undefined ? resize.check?.(given, []) : undefined),
    async run(job) {
      const { P } = job.params;
      if (P === undefined) return resize.run(job);
      const { width, height } = job.input.facts;
      const factor = (Math.min(main.width / width, main.height / height) * P) / 100;
      return scale(job.input, { width: toPixels(width * factor), height: toPixels(height * factor) });
    },
  });
}
