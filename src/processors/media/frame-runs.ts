/** How ffmpeg gets at chosen frames: in one go, or by looking for them one by one. Either way they are the same frames. */
import type { Command } from './ffmpeg.ts';
import type { Dimensions } from './probe.ts';
import type { Timeline } from './timeline.ts';

/** One run of ffmpeg over a part of the file. */
export interface FrameRun {
  /** The frames it takes, by their place in the timeline. */
  readonly frames: readonly number[];
  /** Seconds from the beginning of the file to look for first; `undefined`: from the beginning. */
  readonly seek: number | undefined;
  /** Filters that let these frames through and end the run behind the last of them. */
  readonly filters: readonly string[];
}

export interface FrameRuns {
  readonly runs: readonly FrameRun[];
  /** Pixels that all of them decode, and what starting them is worth in pixels. */
  readonly cost: number;
}

/**
 * Looking for a frame costs what starting ffmpeg, reading the index and filling the decoder cost, as much as decoding 36
 * frames of 1920x1080 (0.17 s; measured on 2 cores), and what has to be decoded from the key frame before. Going on costs
 * decoding every frame between. So 90 s of 1920x1080 give 9 pictures in a third of the time by looking for them, and 45
 * pictures in a third of the time by going on.
 */
const START = 36 * 1920 * 1080;

/** The expression that names the frames is one argument of a program, of which Linux takes 128 KiB. */
const MAX_RANGES = 1500;

/** @param together everything in one run, however far apart the frames are, if one run can take it */
export function planRuns(
  timeline: Timeline,
  chosen: readonly number[],
  { width, height }: Dimensions,
  together = false,
): FrameRuns {
  const pixels = width * height;
  const keys = keyBefore(timeline);
  const groups: number[][] = [];
  let cost = 0;
  let ranges = 0;
  for (const frame of chosen) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const found = START + (frame - (keys[frame] ?? 0) + 1) * pixels;
    const reached = before === undefined ? Number.POSITIVE_INFINITY : (frame - before) * pixels;
    const adds = before === frame - 1 ? 0 : 1;
    if (group === undefined || ranges + adds > MAX_RANGES || (found < reached && seekable(timeline) && !together)) {
      groups.push([frame]);
      ranges = 1;
      cost += seekable(timeline) ? found : START + frame * pixels;
    } else {
      group.push(frame);
      ranges += adds;
      cost += reached;
    }
  }
  return { runs: groups.map((frames) => toRun(timeline, frames)), cost };
}

const seekable = ({ told }: Timeline) => told === 'container';

/** For each frame the place of the key frame that decoding begins at. */
function keyBefore({ frames }: Timeline): readonly number[] {
  let last = 0;
  return frames.map(({ key }, i) => {
    if (key) last = i;
    return last;
  });
}

function toRun(timeline: Timeline, chosen: readonly number[]): FrameRun {
  const first = chosen[0] ?? 0;
  const ranges = consecutive(chosen);
  const last = ranges.at(-1)?.[1] ?? 0;
  if (!seekable(timeline)) {
    const passes = among(
      ranges.map(([a, b]) => ({ below: a - 0.5, above: b + 0.5 })),
      'n',
    );
    return { frames: chosen, seek: undefined, filters: [`trim=end_frame=${last + 1}`, `select='${passes}'`] };
  }
  const { frames, origin } = timeline;
  const time = (i: number) => frames[i]?.time;
  // Half way to the neighbours: times are rounded differently in different places.
  const between = (a: number | undefined, b: number | undefined) => ((a ?? (b ?? 0) - 1) + (b ?? (a ?? 0) + 1)) / 2;
  const spans = ranges.map(([a, b]) => ({
    below: origin + between(time(a - 1), time(a)),
    above: origin + between(time(b), time(b + 1)),
  }));
  const at = time(first) ?? 0;
  // A little later than the frame, so that rounding does not lead to the key frame before it.
  const seek = first === 0 ? undefined : at + Math.min(0.005, ((time(first + 1) ?? at + 1) - at) / 4);
  const end = (spans.at(-1)?.above ?? 0).toFixed(6);
  return { frames: chosen, seek, filters: [`trim=end=${end}`, `select='${among(spans, 't')}'`] };
}

/** Runs of neighbours: 1, 2, 3, 7 becomes 1 to 3 and 7 to 7. */
function consecutive(chosen: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const ranges: [number, number][] = [];
  for (const frame of chosen) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === frame - 1) range[1] = frame;
    else ranges.push([frame, frame]);
  }
  return ranges;
}

interface Span {
  readonly below: number;
  readonly above: number;
}

/** Is a variable within one of the spans? As a tree: ffmpeg asks this for every frame it decodes. */
function among(spans: readonly Span[], variable: 't' | 'n'): string {
  const half = spans.length >> 1;
  const [first] = spans;
  const middle = spans[half];
  if (first === undefined || middle === undefined) return '0';
  const exact = (value: number) => String(Math.round(value * 1e6) / 1e6);
  if (spans.length === 1) return `between(${variable},${exact(first.below)},${exact(first.above)})`;
  const [left, right] = [among(spans.slice(0, half), variable), among(spans.slice(half), variable)];
  return `if(lt(${variable},${exact(middle.below)}),${left},${right})`;
}

/**
 * The input of a run. Time stamps stay as they are in the file, because the filters go by them.
 * @param keysOnly the frames are key frames; by their order they are found among all frames only
 */
export function runInput(
  file: string,
  { told }: Timeline,
  { seek }: FrameRun,
  keysOnly: boolean,
): Command['inputs'][number] {
  const options = [
    '-copyts',
    ...(keysOnly && told === 'container' ? ['-skip_frame', 'nokey'] : []),
    ...(seek === undefined ? [] : ['-noaccurate_seek', '-ss', seek.toFixed(6)]),
  ];
  return { file, options };
}
