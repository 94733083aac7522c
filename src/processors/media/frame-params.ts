/** The parameters that say which frames are taken out of a video (media.md §7.9). */
import type { Problem } from '../operation.ts';
import { fallback, int, millis, oneOf } from '../params.ts';
import { MODES } from './pick.ts';
import { windowParams } from './recording.ts';

/** Of animations too, which know no other way than `inter`. */
export const stepParams = {
  ss: windowParams.ss,
  num: fallback(int('How many frames at most; 0: no limit.', { min: 0, max: 2 ** 31 - 1 }), 0),
  inter: fallback(millis('Distance of the frames in milliseconds; 0: every frame.'), 0),
};

export const pickParams = {
  ...stepParams,
  m: fallback(
    oneOf('Which frames: by distance, key frames, num of them evenly, or where the picture changes.', MODES),
    'inter',
  ),
  thr: fallback(int('Percent of a picture that must change; dhash only.', { min: 0, max: 100 }), 0),
};

/** @returns what is wrong: `avg` divides by `num` */
export function checkPick({ m, num }: { readonly m: string; readonly num: number }): Problem | undefined {
  if (m !== 'avg' || num > 0) return undefined;
  return { param: 'num', kind: 'invalid', expected: 'm_avg needs num, how many frames to take' };
}
