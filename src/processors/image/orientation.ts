/**
 * EXIF orientation. OSS honours it unless told otherwise, before anything else is done (image.md §1.2, §2.4). A picture
 * is opened with its orientation pending; whatever needs upright pixels first, an operation or the end, calls `honoured`.
 */
import { fail } from '../../store/errors.ts';
import { isUpright, type Size, upright } from './geometry.ts';
import { type Picture, turn } from './picture.ts';

/** OSS turns no picture with a longer side than this (image.md §6). */
const MAX_SIDE = 4096;

/** Refuses to turn what OSS would not turn: the size now counts, not the source's. @throws BadRequest */
export function checkTurnable({ width, height }: Size): void {
  if (Math.max(width, height) > MAX_SIDE)
    fail('BadRequest', { message: 'Picture exceed the maximum allowable rotation range.' });
}

/** The picture as EXIF says it is to be seen; nothing is left pending. @throws BadRequest when it is too large to be turned */
export async function honoured(picture: Picture): Promise<Picture> {
  const { orientation, facts } = picture;
  if (isUpright(orientation)) return picture;
  checkTurnable(facts);
  return turn({ ...picture, orientation: upright }, orientation, true);
}
