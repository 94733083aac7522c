/** Leaves of a picture what lies under a shape; the rest becomes transparent. */
import { append, type Picture } from './picture.ts';

/** @param shape an SVG element that covers what stays */
export function masked(picture: Picture, shape: string): Promise<Picture> {
  const { width, height } = picture.facts;
  const input = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shape}</svg>`,
  );
  return append(picture, {
    slot: 'W',
    after: (before) => ({ ...before, alpha: true }),
    add: (pipeline) => pipeline.composite([{ input, blend: 'dest-in' }]),
  });
}
