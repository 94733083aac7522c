/** Small things that everything needs that writes chosen frames. */
import { statSync } from 'node:fs';
import type { RunContext } from '../operation.ts';

/** A rate as ffmpeg takes it: pictures by seconds. */
export interface Rate {
  readonly pictures: number;
  readonly seconds: number;
}

/**
 * Gives frames times of their own, one step apart, and says so to what follows: outputs would fill the gaps between
 * chosen frames with copies, or leave out frames that come too soon (media.md §23.7).
 */
export const retimed = ({ pictures, seconds }: Rate): string =>
  `settb=expr=${seconds}/${pictures},setpts=N,fps=${pictures}/${seconds}`;

/** The same for pictures that have no rate. */
export const steady: string = retimed({ pictures: 25, seconds: 1 });

/** The surroundings of a part of a run, whose progress is a part of the whole. */
export function part(ctx: RunContext, from: number, to: number): RunContext {
  return { ...ctx, progress: (percent) => ctx.progress(from + (percent * (to - from)) / 100) };
}

/** Files that ffmpeg numbers from 1. */
export interface NumberedFiles {
  /** For ffmpeg. */
  readonly pattern: string;
  /** @param n from 1 */
  name(n: number): string;
  /** How many there are, and their bytes. Counts on from where it was: there may be thousands. */
  written(): { readonly count: number; readonly bytes: number };
}

/** @param path a fresh one, with the extension of the files to be */
export function numberedFiles(path: string): NumberedFiles {
  const dot = path.lastIndexOf('.');
  const [stem, ext] = [path.slice(0, dot), path.slice(dot)];
  const name = (n: number) => `${stem}-${n}${ext}`;
  const size = (n: number) => statSync(name(n), { throwIfNoEntry: false })?.size;
  let closed = 0;
  let bytes = 0;
  return {
    pattern: `${stem.replaceAll('%', '%%')}-%d${ext}`,
    name,
    written() {
      // The one before the last does not grow any more.
      let last = size(closed + 1);
      while (last !== undefined) {
        const next = size(closed + 2);
        if (next === undefined) break;
        bytes += last;
        closed += 1;
        last = next;
      }
      return { count: closed + (last === undefined ? 0 : 1), bytes: bytes + (last ?? 0) };
    },
  };
}
