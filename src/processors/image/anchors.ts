/** The nine places of a picture that `g` names. */
import type { Size } from './geometry.ts';

export const anchors = ['nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se'] as const;

export type Anchor = (typeof anchors)[number];

/** Which third of the picture an anchor stands for. */
export function thirds(anchor: Anchor): { readonly column: 0 | 1 | 2; readonly row: 0 | 1 | 2 } {
  const index = anchors.indexOf(anchor);
  return { column: (index % 3) as 0 | 1 | 2, row: Math.floor(index / 3) as 0 | 1 | 2 };
}

/** Where a box of a size begins that stands at an anchor; 0 where it is larger than the picture (image.md §4, assumed). */
export function originOf(anchor: Anchor, picture: Size, box: Size): { readonly left: number; readonly top: number } {
  const { column, row } = thirds(anchor);
  const start = (place: 0 | 1 | 2, outer: number, inner: number) =>
    Math.max(0, [0, Math.floor(outer / 2) - Math.floor(inner / 2), outer - inner][place] ?? 0);
  return { left: start(column, picture.width, box.width), top: start(row, picture.height, box.height) };
}
