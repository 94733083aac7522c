/** What the operation that writes an invisible mark and the one that reads it have in common. */
import { fail } from '../../../store/errors.ts';
import { fallback, oneOf, optional, type Values } from '../../params.ts';
import { type Format, unsupported } from '../formats.ts';
import type { Size } from '../geometry.ts';
import { type Picture, settle } from '../picture.ts';
import type { Pixels } from './grid.ts';
import { type Strength, strengths } from './mark.ts';

/** `s_` is documented, `strength_` is what Alibaba's own tools send (image.md §15.1). */
export const strengthParams = {
  s: fallback(
    oneOf('How strong the mark is: the stronger, the more it survives and the more it is seen.', strengths),
    'low',
  ),
  strength: optional(oneOf('The same as s, and wins over it.', ['low', 'middle', 'high'])),
};

export const strengthOf = ({ s, strength }: Values<typeof strengthParams>): Strength =>
  strength === 'middle' ? 'medium' : (strength ?? s);

const markable: readonly Format[] = ['jpg', 'png', 'bmp', 'webp', 'tiff'];

/** Pixels a side (image.md §15.1). */
const MAX_SIDE = 10_000;

/**
 * @param least pixels a side must have
 * @throws BadRequest for other formats, InvalidArgument for other sizes (codes and texts assumed)
 */
export function checkMarkable(format: Format, { width, height }: Size, least: number): void {
  if (!markable.includes(format)) unsupported();
  if (Math.min(width, height) < least || Math.max(width, height) > MAX_SIDE)
    fail('InvalidArgument', {
      message: `The sides of the image must be ${least} to ${MAX_SIDE} pixels, not ${width} and ${height}.`,
    });
}

/** Decodes a picture. */
export async function pixelsOf(picture: Picture): Promise<Pixels> {
  const { source } = await settle(picture);
  if (source.kind !== 'raw') throw new Error('a settled picture is raw');
  const { width, height, alpha } = source.facts;
  return { width, height, alpha, bytes: source.bytes };
}
