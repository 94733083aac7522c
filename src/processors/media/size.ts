/** `s`, `sopt`, `scaletype`, `arotate`: how large the picture becomes and how it gets there (media.md §7.3). */
import { TaskFailure } from '../failure.ts';
import { BadValue, type Param } from '../params.ts';
import type { Dimensions, VideoStream } from './probe.ts';

/** `s`: a missing side is the source's, not a proportional one. */
export type Sides = { readonly width?: number; readonly height?: number };

/** The values of `scaletype`. */
export const SCALE_TYPES = ['stretch', 'crop', 'fill', 'fit'] as const;
export type ScaleType = (typeof SCALE_TYPES)[number];

export interface SizeWish {
  readonly s: Sides | undefined;
  readonly sopt: number;
  readonly scaletype: ScaleType;
  readonly arotate: boolean;
}

const MIN_SIDE = 64;
const MAX_SIDE = 4096;

/** The parameter `s`: `1280x720`, `1280x` or `x720`. */
export function sizeParam(doc: string): Param<Sides> {
  const hint = `WIDTHxHEIGHT, WIDTHx or xHEIGHT, each side an even integer from ${MIN_SIDE} to ${MAX_SIDE}`;
  const side = (text: string) => {
    const value = Number(text);
    if (value < MIN_SIDE || value > MAX_SIDE || value % 2 !== 0) throw new BadValue(hint);
    return value;
  };
  return {
    doc,
    field: { type: 'size', hint, min: MIN_SIDE, max: MAX_SIDE },
    absent: { allowed: false },
    parse(raw) {
      const [, width = '', height = ''] = /^(\d*)x(\d*)$/.exec(raw) ?? [];
      if (width === '' && height === '') throw new BadValue(hint);
      return { ...(width === '' ? {} : { width: side(width) }), ...(height === '' ? {} : { height: side(height) }) };
    },
  };
}

/**
 * The filters that give the picture its size; none when the source already has it. The sizes are worked out here and
 * not by ffmpeg's scale filter, whose rounding leaves a side of 0 for extreme shapes.
 * @throws TaskFailure InvalidArgument for `sopt_2` and a smaller source
 */
export function sizeFilters(wish: SizeWish, source: VideoStream): readonly string[] {
  const target = targetSize(wish, source.shown);
  if (target === undefined) {
    const kept = even(source.shown);
    return source.squarePixels && same(kept, source.shown) ? [] : [scale(kept), 'setsar=1'];
  }
  if (wish.scaletype === 'fit') return [scale(inside(source.shown, target)), 'setsar=1'];
  return scaledInto(wish.scaletype, source.shown, target);
}

/**
 * The filters that bring a picture to exactly a size.
 * @param step sides on the way are multiples of it: 2 where encoders halve the chroma, 1 for single pictures
 */
export function scaledInto(
  scaletype: Exclude<ScaleType, 'fit'>,
  source: Dimensions,
  target: Dimensions,
  step: 1 | 2 = 2,
): readonly string[] {
  const { width, height } = target;
  if (scaletype === 'fill') {
    return [scale(inside(source, target, step)), `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:black`, 'setsar=1'];
  }
  if (scaletype === 'crop') return [scale(around(source, target, step)), `crop=${width}:${height}`, 'setsar=1'];
  return [scale(target), 'setsar=1'];
}

/** The size a source comes out in. @throws TaskFailure InvalidArgument for `sopt_2` and a smaller source */
export function outputSize(wish: SizeWish, source: VideoStream): Dimensions {
  const target = targetSize(wish, source.shown);
  if (target === undefined) return even(source.shown);
  return wish.scaletype === 'fit' ? inside(source.shown, target) : target;
}

/** The size that the filters come to. @throws as `sizeFilters` */
export function resultSize(wish: SizeWish, source: VideoStream): Dimensions {
  const target = targetSize(wish, source.shown);
  if (target === undefined) return even(source.shown);
  return wish.scaletype === 'fit' ? inside(source.shown, target) : target;
}

/** The pair to aim at; `undefined`: keep the source's size. */
function targetSize({ s, sopt, arotate }: SizeWish, source: Dimensions): Dimensions | undefined {
  if (s === undefined) return undefined;
  // With arotate the pair means long x short, so an upright source takes it the other way round.
  const turned = arotate && source.height > source.width;
  const [width, height] = turned ? [s.height, s.width] : [s.width, s.height];
  const target = even({ width: width ?? source.width, height: height ?? source.height });
  const smaller = source.width * source.height < target.width * target.height;
  if (smaller && sopt === 2) {
    throw new TaskFailure(
      'InvalidArgument',
      `The source has ${source.width}x${source.height} pixels, fewer than the ${target.width}x${target.height} asked for, and sopt_2 allows no enlarging.`,
    );
  }
  return smaller && sopt === 1 ? undefined : target;
}

/** The largest size of the source's shape within the target. Odd results are rounded down (assumed, media.md §7.3). */
export function inside(source: Dimensions, target: Dimensions, step: 1 | 2 = 2): Dimensions {
  const factor = Math.min(target.width / source.width, target.height / source.height);
  return down({ width: source.width * factor, height: source.height * factor }, step);
}

/** The smallest size of the source's shape that covers the target. */
function around(source: Dimensions, target: Dimensions, step: 1 | 2): Dimensions {
  const factor = Math.max(target.width / source.width, target.height / source.height);
  const up = (side: number) => Math.ceil(rounded(side * factor) / step) * step;
  return { width: up(source.width), height: up(source.height) };
}

/** Encoders with halved chroma take even sides only. */
const even = (size: Dimensions) => down(size, 2);

function down({ width, height }: Dimensions, step: 1 | 2): Dimensions {
  const side = (length: number) => Math.max(step, Math.floor(rounded(length) / step) * step);
  return { width: side(width), height: side(height) };
}

/** Floating point leaves 719.9999999 where 720 is meant. */
const rounded = (side: number) => Math.round(side * 1e6) / 1e6;

const scale = ({ width, height }: Dimensions) => `scale=${width}:${height}`;
const same = (a: Dimensions, b: Dimensions) => a.width === b.width && a.height === b.height;
