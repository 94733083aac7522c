/** How large pictures taken out of a video become (media.md §7.9). Other than a video's, their sides may be odd. */
import { TaskFailure } from '../failure.ts';
import { decimal, fallback, int, oneOf, optional } from '../params.ts';
import { MAX_PIXELS } from './ffmpeg.ts';
import type { Dimensions } from './probe.ts';
import { inside, SCALE_TYPES, type ScaleType, scaledInto } from './size.ts';

/** `w`, `h`, `sw`, `sh`. @param what names the side */
export const sideParam = (what: string) => optional(int(`${what} in pixels.`, { min: 32, max: 4096 }));

/** `pw`, `ph`, `psw`, `psh`: above 0, which the range says by its smallest step. */
export const percentParam = (what: string, instead: string) =>
  fallback(
    decimal(`${what} in percent of the source's; has no effect beside ${instead}.`, { min: 0.01, max: 200 }),
    100,
  );

export const scaleParam = fallback(oneOf('How the picture gets its size.', SCALE_TYPES), 'stretch');

export interface PictureSize {
  readonly w: number | undefined;
  readonly h: number | undefined;
  /** Percent. */
  readonly pw: number;
  readonly ph: number;
  readonly scaletype: ScaleType;
}

export interface Placed {
  readonly filters: readonly string[];
  /** What comes out. */
  readonly size: Dimensions;
}

/**
 * A side is the one given, else the percentage of the source's own: nothing is worked out from the other side.
 * Everything is done in RGB, where sides and offsets may be odd, and which JPEG and PNG have one meaning of.
 * @param source as shown
 * @throws TaskFailure InvalidArgument when percentages lead beyond what is drawn
 */
export function placed({ w, h, pw, ph, scaletype }: PictureSize, source: Dimensions): Placed {
  const percent = (side: number, of: number) => Math.max(1, Math.round((side * of) / 100));
  const target = { width: w ?? percent(source.width, pw), height: h ?? percent(source.height, ph) };
  if (target.width * target.height > MAX_PIXELS) {
    const size = `${target.width}x${target.height}`;
    throw new TaskFailure(
      'InvalidArgument',
      `Pictures of ${size} are too large: at most ${MAX_PIXELS} pixels are drawn.`,
    );
  }
  if (scaletype === 'fit') {
    const size = inside(source, target, 1);
    return { filters: [...scaledInto('stretch', source, size, 1), 'format=rgb24'], size };
  }
  return { filters: [...scaledInto(scaletype, source, target, 1), 'format=rgb24'], size: target };
}
