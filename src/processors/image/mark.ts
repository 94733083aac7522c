/** Marks: small pictures in plain RGBA, of which a watermark is made before it is put on the picture. */
import { fail } from '../../store/errors.ts';
import { fontFamilies } from './fonts.ts';
import type { Box, Size } from './geometry.ts';
import { drawn, sharp } from './sharp.ts';

/** Straight alpha, four bytes a pixel, row by row. Never written to once it is made. */
export interface Mark extends Size {
  readonly pixels: Buffer;
}

export interface TextStyle {
  /** A font of fonts.ts. */
  readonly font: string;
  /** Height of the characters' box in pixels. */
  readonly size: number;
  /** `RRGGBB` */
  readonly color: string;
  /** Opacity of the shadow in percent. */
  readonly shadow: number;
  /** Degrees clockwise. */
  readonly angle: number;
}

/** How far the shadow lies to the right and below (image.md §15, assumed). */
const SHADOW_OFFSET = 2;

/** The largest mark. OSS publishes none; one of this size covers the largest picture OSS makes four times (assumed). */
const MAX_PIXELS = 4 * 4096 * 4096;

/**
 * Writes a text. The mark is as large as the ink, its shadow included.
 * @throws InvalidArgument when none of its characters leaves ink, MemLimitExceeded when it is too large
 */
export async function textMark(text: string, style: TextStyle): Promise<Mark> {
  const mask = await inkOf(text, style);
  return rotated(colored(mask, style), style.angle);
}

/** Coverage by ink, one byte a pixel. */
async function inkOf(text: string, { font, size }: TextStyle): Promise<Mark> {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  // At 72 dots an inch a point is a pixel.
  const pipeline = await drawn({ text: { text: escaped, font: `${fontFamilies(font)} ${size}`, dpi: 72 } });
  const { data, info } = await pipeline
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => notDrawn(text, cause));
  return { width: info.width, height: info.height, pixels: data };
}

/** Spaces and control characters are refused before; what is wrong now depends on the font. */
function notDrawn(text: string, cause: unknown): never {
  const said = cause instanceof Error ? cause.message : '';
  const value = Buffer.from(text).toString('base64url');
  if (said.includes('no text'))
    fail('InvalidArgument', {
      message: `The value: ${value} of parameter: text is invalid.`,
      ec: '0040-00000258',
      cause,
    });
  if (said.includes('too big')) tooLarge(cause);
  throw cause;
}

function colored(mask: Mark, { color, shadow }: TextStyle): Mark {
  const offset = shadow > 0 ? SHADOW_OFFSET : 0;
  const [width, height] = [mask.width + offset, mask.height + offset];
  checkMark({ width, height });
  const rgb = Buffer.from(color, 'hex');
  const pixels = Buffer.alloc(width * height * 4);
  const ink = (x: number, y: number) =>
    x < 0 || y < 0 || x >= mask.width || y >= mask.height ? 0 : (mask.pixels[y * mask.width + x] ?? 0) / 255;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const over = ink(x, y);
      // The shadow is black, and seen where the ink does not cover it.
      const under = offset === 0 ? 0 : (1 - over) * ink(x - offset, y - offset) * (shadow / 100);
      const alpha = over + under;
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c++) pixels[at + c] = Math.round(((rgb[c] ?? 0) * over) / alpha);
      pixels[at + 3] = Math.round(alpha * 255);
    }
  }
  return { width, height, pixels };
}

/** Turns a mark about its middle; the corners are transparent. */
async function rotated(mark: Mark, angle: number): Promise<Mark> {
  if (angle % 360 === 0) return mark;
  const diagonal = Math.ceil(Math.hypot(mark.width, mark.height));
  checkMark({ width: diagonal, height: diagonal });
  const raw = { width: mark.width, height: mark.height, channels: 4 } as const;
  const pipeline = (await sharp(mark.pixels, { raw })).rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } });
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** @throws MemLimitExceeded */
export function checkMark({ width, height }: Size): void {
  if (width * height > MAX_PIXELS) tooLarge();
}

const tooLarge = (cause?: unknown): never =>
  fail('MemLimitExceeded', { message: 'The watermark is too large to be drawn.', cause });

/** @param percent what remains of its opacity */
export function faded(mark: Mark, percent: number): Mark {
  if (percent === 100) return mark;
  const pixels = Buffer.from(mark.pixels);
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = Math.round(((pixels[at] ?? 0) * percent) / 100);
  return { ...mark, pixels };
}

/** A part of a mark. The box lies inside it. */
export function cut(mark: Mark, box: Box): Mark {
  if (box.width === mark.width && box.height === mark.height) return mark;
  return { width: box.width, height: box.height, pixels: onCanvas(box, [{ mark, left: -box.left, top: -box.top }]) };
}

/** Lays marks on a transparent canvas; where two meet, the later one replaces the one before. */
export function onCanvas(
  canvas: Size,
  placed: readonly { readonly mark: Mark; readonly left: number; readonly top: number }[],
): Buffer {
  const pixels = Buffer.alloc(canvas.width * canvas.height * 4);
  for (const { mark, left, top } of placed) {
    const from = Math.max(0, -left);
    const to = Math.min(mark.width, canvas.width - left);
    if (to <= from) continue;
    for (let y = Math.max(0, -top); y < Math.min(mark.height, canvas.height - top); y++) {
      const row = y * mark.width;
      mark.pixels.copy(pixels, ((top + y) * canvas.width + left + from) * 4, (row + from) * 4, (row + to) * 4);
    }
  }
  return pixels;
}
