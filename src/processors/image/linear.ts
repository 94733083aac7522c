/** Brightness and contrast are one thing: each colour channel times a gain, plus an offset, cut off at 0 and 255. */
import { append, type Picture } from './picture.ts';

export async function linear(picture: Picture, gain: number, offset: number): Promise<Picture> {
  if (gain === 1 && offset === 0) return picture;
  return append(picture, { slot: 'L', after: (before) => before, add: (pipeline) => pipeline.linear(gain, offset) });
}
