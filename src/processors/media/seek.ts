/** Finding a time in a file: how far before it reading must begin. */
import type { Media } from './probe.ts';

/**
 * Containers without an index: ffmpeg lands somewhere near the time, mostly behind a key frame, and shows nothing until
 * the next one. Beginning earlier brings in the key frame before.
 */
const WITHOUT_INDEX = ['mpegts', 'mpeg', 'asf', 'ogg', 'rm', 'wtv', 'nsv'];

/** Seconds; key frames are hardly ever farther apart where a file is cut into pieces or broadcast (assumed). */
const LEAD = 10;

/**
 * Where reading must begin for the frames from `seconds` on to be whole, in seconds. Files that can only be guessed
 * one's way through are read from their start.
 */
export function leadIn(seconds: number, { format, durationIsGuess }: Media): number {
  if (durationIsGuess) return 0;
  const lead = format.split(',').some((name) => WITHOUT_INDEX.includes(name)) ? LEAD : 0;
  return Math.max(0, seconds - lead);
}
