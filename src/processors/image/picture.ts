/**
 * The value between two image actions: pixels not yet made. A picture is its source and the steps still to be done on
 * it, in one sharp pipeline; where the next step can not join them (slots.ts), they are done first. So a single resize
 * of a JPEG decodes no more than it must, and a long chain is still what was written. Its geometry is its own: nothing
 * is decoded to learn a size.
 */
import { fail } from '../../store/errors.ts';
import { decodeBmp } from './bmp.ts';
import type { Format } from './formats.ts';
import { type Box, isUpright, type Size, type Turn, turnedAgain, turnedSize } from './geometry.ts';
import { damaged, MAX_PIXELS, type Sharp, sharp, tookTooLong } from './sharp.ts';
import { fits, type Slot } from './slots.ts';

/** What is known of the pixels at one point of a chain. Width and height are those of one frame. */
export interface Facts extends Size {
  readonly alpha: boolean;
  /** More than one: an animation, held as one strip of frames from top to bottom. */
  readonly frames: number;
}

/** One thing to do. */
interface AnyStep {
  after(before: Facts): Facts;
  add(pipeline: Sharp, before: Facts): Sharp;
}
export interface CropStep extends AnyStep {
  readonly slot: 'C';
  readonly box: Box;
}
export interface TurnStep extends AnyStep {
  readonly slot: 'D';
  readonly turn: Turn;
  /** It is the source's EXIF orientation. */
  readonly fromExif: boolean;
}
export interface DrawStep extends AnyStep {
  readonly slot: Exclude<Slot, 'C' | 'D'>;
}
export type Step = CropStep | TurnStep | DrawStep;

/** Pixels as they were last written down: in the stored file, or in memory. */
export type Source =
  | { readonly kind: 'encoded'; readonly file: string; readonly facts: Facts; readonly deep: boolean }
  /** In a format that sharp can not decode: another program writes a file first, once, when pixels are needed. */
  | { readonly kind: 'foreign'; readonly decoded: () => Promise<string>; readonly facts: Facts; readonly deep: boolean }
  | { readonly kind: 'bmp'; readonly bytes: Buffer; readonly facts: Facts }
  /** 8-bit sRGB, three channels or, with alpha, four. Never written to once it is here. */
  | { readonly kind: 'raw'; readonly bytes: Buffer; readonly facts: Facts };

/** How the result is to be written. */
export interface Encoding {
  readonly format: Format;
  /** 1 to 100; `undefined`: the source's own for JPEG, else the format's default. */
  readonly quality?: number;
  readonly interlace: boolean;
}

/** What the stored file is, whatever is done to the picture later. */
export interface Original {
  readonly file: string;
  /** Its first bytes: all of a small file, the header of a large one. */
  readonly head: Buffer;
  /** Of the whole file, in bytes. */
  readonly length: number;
  readonly format: Format;
  /** The format of a result when the request names none. */
  readonly keeps: Format;
  readonly size: Size;
  readonly frames: number;
  /** Milliseconds a frame. */
  readonly delay: readonly number[];
  /** How often an animation runs; 0 is for ever. */
  readonly loop: number;
  readonly jpegQuality?: number;
}

export interface Picture {
  readonly original: Original;
  readonly source: Source;
  readonly pending: readonly Step[];
  /** After all pending steps. */
  readonly facts: Facts;
  /** What EXIF asks for and nobody has done yet (image.md §2.4). */
  readonly orientation: Turn;
  readonly encoding: Encoding;
  /** The run it belongs to. */
  readonly signal: AbortSignal;
  /** Nobody wants its pixels, only its geometry: none are ever made. */
  readonly measured?: true;
}

/** Bytes of raw pixels a picture may have when it is written down between two steps (assumed: OSS names no such limit). */
const MAX_SETTLED = 512 * 1024 * 1024;

/** Adds a step; does the pending ones first where it must. */
export async function append(picture: Picture, step: Step): Promise<Picture> {
  const { pending, source, facts } = picture;
  const [first] = pending;
  const pixels = {
    alpha: facts.alpha,
    deep: 'deep' in source && source.deep,
    mirrorFirst: first?.slot === 'D' && first.turn.mirror && first.turn.quarters === 0,
  };
  if (!fits(pending.map(({ slot }) => slot).join(''), step.slot, pixels)) return append(await settle(picture), step);
  return { ...picture, pending: [...pending, step], facts: step.after(facts) };
}

/** Cuts a box out. The box lies inside the picture. */
export async function crop(picture: Picture, box: Box): Promise<Picture> {
  const { facts, pending } = picture;
  if (box.width === facts.width && box.height === facts.height) return picture;
  const last = pending.at(-1);
  if (last?.slot !== 'C') return append(picture, cropStep(box));
  const both = { ...box, left: last.box.left + box.left, top: last.box.top + box.top };
  return replay(picture, [...pending.slice(0, -1), cropStep(both)]);
}

function cropStep(box: Box): CropStep {
  const { width, height } = box;
  return {
    slot: 'C',
    box,
    after: (before) => ({ ...before, width, height }),
    add: (pipeline) => pipeline.extract(box),
  };
}

/** Scales to exactly this size. */
export async function resize(picture: Picture, size: Size): Promise<Picture> {
  const { facts, pending } = picture;
  if (size.width === facts.width && size.height === facts.height) return picture;
  const [only] = pending;
  const reduces = size.width <= facts.width && size.height <= facts.height;
  // A JPEG is decoded small only when nothing stands before the resize; made smaller first, turned after, it looks the same.
  if (pending.length === 1 && only?.slot === 'D' && only.fromExif && reduces)
    return replay(picture, [resizeStep(turnedSize(size, only.turn)), only]);
  return append(picture, resizeStep(size));
}

function resizeStep({ width, height }: Size): DrawStep {
  return {
    slot: 'S',
    after: (before) => ({ ...before, width, height }),
    add: (pipeline) => pipeline.resize(width, height, { fit: 'fill' }),
  };
}

/** Mirrors and turns by quarters. */
export async function turn(picture: Picture, by: Turn, fromExif = false): Promise<Picture> {
  const last = picture.pending.at(-1);
  if (isUpright(by)) return picture;
  if (last?.slot !== 'D') return append(picture, turnStep(by, fromExif));
  const both = turnedAgain(last.turn, by);
  const rest = picture.pending.slice(0, -1);
  return replay(picture, isUpright(both) ? rest : [...rest, turnStep(both, false)]);
}

function turnStep(by: Turn, fromExif: boolean): TurnStep {
  return {
    slot: 'D',
    turn: by,
    fromExif,
    after: (before) => ({ ...before, ...turnedSize(before, by) }),
    add: (pipeline) => pipeline.flop(by.mirror).rotate(by.quarters * 90),
  };
}

/** The same source with other pending steps. */
function replay(picture: Picture, pending: readonly Step[]): Picture {
  return { ...picture, pending, facts: pending.reduce((facts, step) => step.after(facts), picture.source.facts) };
}

/** Edits how the result is written; never decodes. */
export const encodeAs = (picture: Picture, change: Partial<Encoding>): Picture => ({
  ...picture,
  encoding: { ...picture.encoding, ...change },
});

/** An animation's first frame, for all that OSS does to one frame only (image.md §2.3). */
export function firstFrame(picture: Picture): Picture {
  const { source, facts, pending } = picture;
  if (facts.frames === 1) return picture;
  const still = { ...source.facts, frames: 1 };
  if (source.kind !== 'raw') return replay({ ...picture, source: { ...source, facts: still } }, pending);
  const bytes = source.bytes.subarray(0, still.width * still.height * (still.alpha ? 4 : 3));
  return replay({ ...picture, source: { ...source, bytes, facts: still } }, pending);
}

/** Does the pending steps now. @throws BadRequest and its like when the source can not be decoded */
export async function settle(picture: Picture): Promise<Picture> {
  const { facts, source, pending } = picture;
  if (source.kind === 'raw' && pending.length === 0) return picture;
  return writtenDown(picture, () => pipelineOf(picture), facts);
}

async function writtenDown(picture: Picture, pipeline: () => Promise<Sharp>, facts: Facts): Promise<Picture> {
  const length = facts.width * facts.height * facts.frames * (facts.alpha ? 4 : 3);
  if (length > MAX_SETTLED) fail('MemLimitExceeded', { ec: '0040-00000009' });
  if (picture.measured) return { ...picture, source: { kind: 'raw', bytes: NONE, facts }, pending: [], facts };
  const bytes = await produced(picture, (await pipeline()).raw());
  if (bytes.length !== length) throw new Error(`${bytes.length} bytes of pixels instead of ${length}`);
  return { ...picture, source: { kind: 'raw', bytes, facts }, pending: [], facts };
}

const NONE = Buffer.alloc(0);

/** The picture on a ground of one colour, without alpha. sharp flattens before it resizes: so the rest is done first. */
export async function flattened(picture: Picture, color: string): Promise<Picture> {
  if (!picture.facts.alpha) return picture;
  const settled = picture.pending.length === 0 ? picture : await settle(picture);
  const onGround = async () =>
    (await start(settled.source))
      .flatten({ background: `#${color}` })
      .toColourspace('srgb')
      .removeAlpha();
  return writtenDown(settled, onGround, { ...settled.facts, alpha: false });
}

/** The pipeline of the source and all pending steps, in 8-bit sRGB with the channels its facts say. */
export async function pipelineOf(picture: Picture): Promise<Sharp> {
  let pipeline = await start(picture.source);
  let before = picture.source.facts;
  for (const step of picture.pending) {
    pipeline = step.add(pipeline, before);
    before = step.after(before);
  }
  const colored = pipeline.toColourspace('srgb');
  return before.alpha ? colored.ensureAlpha() : colored.removeAlpha();
}

async function start(source: Source): Promise<Sharp> {
  const { width, height, frames, alpha } = source.facts;
  const animated = frames > 1;
  if (source.kind === 'encoded' || source.kind === 'foreign') {
    const file = source.kind === 'encoded' ? source.file : await source.decoded();
    return sharp(file, { animated, failOn: 'truncated', limitInputPixels: MAX_PIXELS });
  }
  const raw = { width, height: height * frames, channels: alpha ? 4 : 3 } as const;
  const bytes = source.kind === 'bmp' ? decodeBmp(source.bytes) : source.bytes;
  return sharp(bytes, { animated, raw: animated ? { ...raw, pageHeight: height } : raw, limitInputPixels: false });
}

/**
 * Lets a pipeline work and takes its bytes.
 * @throws BadRequest and its like when it fails on what the client stored
 */
export async function produced(picture: Picture, pipeline: Sharp): Promise<Buffer> {
  const { signal, source, original } = picture;
  signal.throwIfAborted();
  const bytes = await pipeline.toBuffer().catch((error: unknown) => {
    tookTooLong(error);
    // Only an encoded source can be the client's fault: raw pixels were made here.
    if (source.kind === 'encoded') damaged(original.format, error);
    throw error;
  });
  signal.throwIfAborted();
  return bytes;
}
