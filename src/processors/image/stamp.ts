/** Puts a mark on a picture: at one place, or all over it. */
import type { OverlayOptions } from 'sharp';
import { type Anchor, thirds } from './anchors.ts';
import { type Size, visiblePart } from './geometry.ts';
import { checkMark, cut, type Mark, onCanvas } from './mark.ts';
import { append, type Picture } from './picture.ts';

export interface Place {
  readonly g: Anchor;
  /** Distance from the left or right edge; the middle column has none. */
  readonly x: number;
  /** Distance from the upper or lower edge; the middle row has none. */
  readonly y: number;
  /** How far marks of the middle row stand below the middle (image.md §15, assumed: negative is up). */
  readonly voffset: number;
}

/** Where a mark's upper left corner comes to lie (image.md §15). */
export function cornerAt({ g, x, y, voffset }: Place, picture: Size, mark: Size): { left: number; top: number } {
  const { column, row } = thirds(g);
  const [width, height] = [picture.width - mark.width, picture.height - mark.height];
  const left = [x, Math.floor(width / 2), width - x][column] ?? 0;
  const top = [y, Math.floor(height / 2) + voffset, height - y][row] ?? 0;
  return { left, top };
}

/** Puts a mark at one place. What lies outside the picture is cut off. */
export async function stamp(picture: Picture, mark: Mark, at: { left: number; top: number }): Promise<Picture> {
  const part = visiblePart(mark, at, picture.facts);
  if (part === undefined) return picture;
  const visible = cut(mark, part);
  const [left, top] = [Math.max(0, at.left), Math.max(0, at.top)];
  if (picture.facts.frames === 1) return composite(picture, visible, { left, top });
  // Frames are one strip: a sheet as large as a frame marks each of them.
  const { width, height } = picture.facts;
  checkMark(picture.facts);
  return repeat(picture, { width, height, pixels: onCanvas({ width, height }, [{ mark: visible, left, top }]) });
}

/**
 * Covers the picture with a mark, from the upper left corner on (image.md §15 gives no origin, assumed).
 * @param gap empty pixels between two marks
 */
export async function tile(
  picture: Picture,
  mark: Mark,
  gap: { readonly x: number; readonly y: number },
): Promise<Picture> {
  const { width, height } = picture.facts;
  // A column as high as a frame: beside itself it fills the picture, and every frame of an animation alike.
  const column = { width: Math.min(width, mark.width + gap.x), height };
  checkMark(column);
  const step = mark.height + gap.y;
  const rows = Array.from({ length: Math.ceil(height / step) }, (_, i) => ({ mark, left: 0, top: i * step }));
  return repeat(picture, { ...column, pixels: onCanvas(column, rows) });
}

const repeat = (picture: Picture, mark: Mark) => composite(picture, mark, { tile: true, gravity: 'northwest' });

function composite(picture: Picture, { width, height, pixels }: Mark, how: Partial<OverlayOptions>): Promise<Picture> {
  const overlay = { input: pixels, raw: { width, height, channels: 4 as const }, ...how };
  return append(picture, { slot: 'W', after: (before) => before, add: (pipeline) => pipeline.composite([overlay]) });
}
