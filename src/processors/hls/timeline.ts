/** Where a recording is cut into segments (media.md §17.1). */
import { TaskFailure } from '../failure.ts';
import { windowSeconds } from '../media/output.ts';
import type { Media } from '../media/probe.ts';
import type { LiveParams } from './live.ts';

/** Seconds from the start of the playlist. */
export interface Piece {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** It goes on to the end of the window, whatever the container says of its length. */
  readonly last: boolean;
}

/** A rest shorter than this, in seconds, is part of the segment before: the tail of the sound, no picture (assumed). */
const SHORTEST = 0.1;

/** So many segments a playlist may have: more than a day of the shortest. A header can claim any length. */
export const MAX_SEGMENTS = 20_000;

/**
 * @throws TaskFailure InvalidArgument when nothing is left to show or hear, nobody can say how long the recording is, it
 *   ends before `ss`, or it is endless
 */
export function timeline(params: LiveParams, media: Media): readonly Piece[] {
  if (media.video === undefined && (params.an || media.audio === undefined)) {
    throw new TaskFailure('InvalidArgument', 'Nothing is left: the source has no video, and an_1 drops the audio.');
  }
  const total = windowSeconds(params, media);
  if (total === undefined || media.durationIsGuess) {
    throw new TaskFailure('InvalidArgument', 'The source does not say how long it is, so that it can not be cut up.');
  }
  const length = params.st / 1000;
  const count = Math.max(1, Math.ceil((total - SHORTEST) / length));
  if (count > MAX_SEGMENTS) {
    const message = `The playlist would have ${count} segments; at most ${MAX_SEGMENTS} are made.`;
    throw new TaskFailure('InvalidArgument', message);
  }
  return Array.from({ length: count }, (_, index) => {
    const last = index === count - 1;
    return { index, start: index * length, end: last ? total : (index + 1) * length, last };
  });
}
