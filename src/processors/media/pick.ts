/** Which frames of a timeline are taken (media.md §7.9). Frames are named by their place in it. */
import type { Timeline } from './timeline.ts';

/** The values of `m`. */
export const MODES = ['inter', 'key', 'avg', 'dhash'] as const;

/** Times in milliseconds; `t` 0: to the end, `num` 0: all, `inter` 0: every frame. */
export interface Rule {
  readonly m: (typeof MODES)[number];
  readonly ss: number;
  readonly t: number;
  readonly num: number;
  readonly inter: number;
}

/** Files with times in whole milliseconds show frames up to half of one early. */
const TOLERANCE = 0.001;

/**
 * The frames a rule names; for `dhash` the candidates, of which `strongest` keeps some.
 * `inter` and `avg` take the first frame at or after each point of a grid. Going on from the last frame taken instead
 * would drift when the step is no multiple of the frames' distance.
 */
export function pick({ frames, end }: Timeline, { m, ss, t, num, inter }: Rule): readonly number[] {
  const from = ss / 1000;
  const to = t === 0 ? Number.POSITIVE_INFINITY : from + t / 1000;
  const step = m === 'avg' ? (end - from) / num : inter / 1000;
  const found: number[] = [];
  let cell = -1;
  for (const [i, { time, key }] of frames.entries()) {
    const since = time - from + TOLERANCE;
    if (since < 0 || time + TOLERANCE >= to) continue;
    if (m === 'key') {
      if (key) found.push(i);
    } else if (step <= 0) found.push(i);
    else if (Math.floor(since / step) > cell) {
      cell = Math.floor(since / step);
      found.push(i);
    }
  }
  return num > 0 && m !== 'dhash' ? found.slice(0, num) : found;
}

/** A picture of 9 x 8 grey pixels: bytes of one. */
export const SIGNATURE = 72;

/** Bits of 64 in which the difference hashes of two 9 x 8 grey pictures differ. */
export function hashDistance(a: Uint8Array, b: Uint8Array): number {
  const brighter = (pixels: Uint8Array, i: number) => (pixels[i] ?? 0) > (pixels[i + 1] ?? 0);
  let bits = 0;
  for (let i = 0; i < SIGNATURE; i += 1) {
    if (i % 9 !== 8 && brighter(a, i) !== brighter(b, i)) bits += 1;
  }
  return bits;
}

/** A candidate that was kept, and by how many of 100 it differs from the one kept before it. */
export interface Change {
  readonly frame: number;
  readonly distance: number;
}

/** The `num` strongest changes in order of time; the first frame, which changes everything, always (assumed). */
export function strongest(changes: readonly Change[], num: number): readonly number[] {
  const kept = num === 0 ? changes : changes.toSorted((a, b) => b.distance - a.distance).slice(0, num);
  return kept.map(({ frame }) => frame).toSorted((a, b) => a - b);
}
