/** Sizes, boxes and the eight ways to turn a picture by quarters. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** First mirrored left to right or not, then turned clockwise by quarters. */
export interface Turn {
  readonly mirror: boolean;
  readonly quarters: 0 | 1 | 2 | 3;
}

export const upright: Turn = { mirror: false, quarters: 0 };

/** What each EXIF orientation, 1 to 8, asks to be done to the stored pixels. */
const exifTurns: readonly Turn[] = [
  upright,
  { mirror: true, quarters: 0 },
  { mirror: false, quarters: 2 },
  { mirror: true, quarters: 2 },
  { mirror: true, quarters: 3 },
  { mirror: false, quarters: 1 },
  { mirror: true, quarters: 1 },
  { mirror: false, quarters: 3 },
];

/** @param orientation the value of the EXIF tag; what EXIF does not define counts as 1 */
export const exifTurn = (orientation: number | undefined): Turn => exifTurns[(orientation ?? 1) - 1] ?? upright;

export const isUpright = (turn: Turn): boolean => !turn.mirror && turn.quarters === 0;

/** One turn that does what two in a row do. A mirror reverses the turns that went before it. */
export function turnedAgain(first: Turn, second: Turn): Turn {
  const before = second.mirror ? 4 - first.quarters : first.quarters;
  return {
    mirror: first.mirror !== second.mirror,
    quarters: ((before + second.quarters) % 4) as Turn['quarters'],
  };
}

/** The size after a turn; turning back swaps the same sides. */
export const turnedSize = ({ width, height }: Size, { quarters }: Turn): Size =>
  quarters % 2 === 0 ? { width, height } : { width: height, height: width };

/** Round half up, never less than one pixel (image.md §3.1). */
export const toPixels = (length: number): number => Math.max(1, Math.floor(length + 0.5));

/** What is left of `mark`, whose corner lies at `left`, `top`, inside a picture: in the mark's own coordinates. */
export function visiblePart(
  mark: Size,
  at: { readonly left: number; readonly top: number },
  inside: Size,
): Box | undefined {
  const left = Math.max(0, -at.left);
  const top = Math.max(0, -at.top);
  const width = Math.min(mark.width, inside.width - at.left) - left;
  const height = Math.min(mark.height, inside.height - at.top) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}
