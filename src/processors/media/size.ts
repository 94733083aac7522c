/** `s`, `sopt`, `scaletype`, `arotate`: how large the picture becomes and how it gets there (media.md §7.3). */
import { TaskFailure } from '../failure.ts';
import { BadValue, type Param } from '../params.ts';
import type { Dimensions, VideoStream } from './probe.ts';

/** `s`: a missing side is the source's, not a proportional one. */
export type Sides = { readonly width?: number; readonly height?: number };

export interface SizeWish {
  readonly s: Sides | undefined;
  readonly sopt: number;
  readonly scaletype: 'stretch' | 'crop' | 'fill' | 'fit';
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
  const { width, height } = target;
  if (wish.scaletype === 'fit') return [scale(inside(source.shown, target)), 'setsar=1'];
  if (wish.scaletype === 'fill') {
    return [scale(inside(source.shown, target)), `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:black`, 'setsar=1'];
  }
  if (wish.scaletype === 'crop') return [scale(around(source.shown, target)), `crop=${width}:${height}`, 'setsar=1'];
  return [scale(target), 'setsar=1'];
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
function inside(source: Dimensions, target: Dimensions): Dimensions {
  const factor = Math.min(target.width / source.width, target.height / source.height);
  return even({ width: source.width * factor, height: source.height * factor });
}

/** The smallest size of the source's shape that covers the target. */
function around(source: Dimensions, target: Dimensions): Dimensions {
  const factor = Math.max(target.width / source.width, target.height / source.height);
  const up = (side: number) => Math.ceil(rounded(side * factor) / 2) * 2;
  return { width: up(source.width), height: up(source.height) };
}

/** Encoders with halved chroma take even sides only. */
function even({ width, height }: Dimensions): Dimensions {
  const down = (side: number) => Math.max(2, Math.floor(rounded(side) / 2) * 2);
  return { width: down(width), height: down(height) };
}

/** Floating point leaves 719.9999999 where 720 is meant. */
const rounded = (side: number) => Math.round(side * 1e6) / 1e6;

const scale = ({ width, height }: Dimensions) => `scale=${width}:${height}`;
const same = (a: Dimensions, b: Dimensions) => a.width === b.width && a.height === b.height;
