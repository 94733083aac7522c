/** Makes large pictures smaller for what looks at every pixel and does not need them all. */
import { toPixels } from './geometry.ts';
import { type Picture, resize } from './picture.ts';

/** @param most pixels the result may have, but for rounding */
export async function reduced(picture: Picture, most: number): Promise<Picture> {
  const { width, height } = picture.facts;
  const factor = Math.sqrt(most / (width * height));
  return factor >= 1
    ? picture
    : resize(picture, { width: toPixels(width * factor), height: toPixels(height * factor) });
}
