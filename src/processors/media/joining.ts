/**
 * The filters that bring clips to one form and put them one after the other (media.md §12.3). Each clip gets exactly the
 * length worked out for it, in picture and in sound, so that nothing in one can shift what follows.
 */
import { availableParallelism } from 'node:os';
import { TaskFailure } from '../failure.ts';
import type { Clip } from './clips.ts';
import type { Command } from './ffmpeg.ts';
import { MAX_PIXELS } from './ffmpeg.ts';
import type { Dimensions, FrameRate } from './probe.ts';
import type { Recording } from './recording.ts';
import { leadIn } from './seek.ts';
import { type SizeWish, scaledInto } from './size.ts';

/** What one kind of stream adds to the command. */
export interface Joint {
  readonly inputs: Command['inputs'];
  /** A filter graph that ends in `[v]` or `[a]`. */
  readonly graph: string;
}

/** A clip and the seconds it takes in the result. */
export interface Piece {
  readonly clip: Clip;
  readonly seconds: number;
}

/** What all pictures become. */
export interface Look {
  readonly size: Dimensions;
  readonly scaletype: SizeWish['scaletype'];
  readonly rate: Pick<FrameRate, 'text' | 'value'>;
  readonly pixelFormat: string;
}

/** What all sounds become. */
export interface Tone {
  /** Hz */
  readonly rate: number;
  /** ffmpeg's name of the arrangement of the channels. */
  readonly layout: string;
}

/** The first frames of all inputs are in memory at once; together they may be twice as large as those of one file. */
const MAX_PIXELS_TOGETHER = 2 * MAX_PIXELS;

/** Decoders of clips whose turn has not come hold frames for each of their threads; more do not make one faster here. */
const DECODER_THREADS = ['-threads', String(Math.min(availableParallelism() + 1, 4))];

/**
 * Pictures one after the other; a piece without a picture is black (assumed, media.md §12.3).
 * @param first number of the first input
 * @returns the joint, and when its last frame is shown, in seconds
 * @throws TaskFailure InvalidArgument when all together are shorter than a frame, UnsupportedMedia beyond the limit
 */
export function joinPictures(
  pieces: readonly Piece[],
  look: Look,
  first: number,
): Joint & { readonly lastFrame: number } {
  const { size, rate, pixelFormat } = look;
  checkPixels(pieces);
  const inputs: Command['inputs'][number][] = [];
  const chains: string[][] = [];
  let from = 0;
  let before = 0;
  for (const { clip, seconds } of pieces) {
    // Counted from the beginning, so that roundings do not add up.
    from += seconds;
    const frames = Math.round(from * rate.value) - before;
    before += frames;
    if (frames === 0) continue;
    const common = [`trim=end_frame=${frames}`, `format=${pixelFormat}`];
    if (clip.video === undefined) {
      chains.push([`color=black:s=${size.width}x${size.height}:r=${rate.text}`, 'setsar=1', ...common]);
      continue;
    }
    const { stream } = clip.video;
    // Other shapes than the align file's keep theirs under `fit`, within bars: all pictures have one size (assumed).
    const scaletype = look.scaletype === 'fit' ? 'fill' : look.scaletype;
    const { input, late } = opened(clip, [...DECODER_THREADS, '-reinit_filter', '0']);
    chains.push([
      `[${first + inputs.length}:${stream.index}]${late === 0 ? 'null' : `trim=start=${late},setpts=PTS-${late}/TB`}`,
      ...scaledInto(scaletype, stream.shown, size),
      `fps=${rate.text}:start_time=0`,
      'tpad=stop=-1:stop_mode=clone',
      ...common,
    ]);
    inputs.push(input);
  }
  if (chains.length === 0) {
    throw new TaskFailure('InvalidArgument', 'No picture came out: all inputs together are shorter than one frame.');
  }
  // concat takes a piece of one frame for one without length, so the frames are numbered anew.
  const graph = `${joined(chains, 'v')},setpts=N/(${rate.text})/TB,fps=${rate.text}[v]`;
  return { inputs, graph, lastFrame: (before - 1) / rate.value };
}

/**
 * Sounds one after the other; a piece without sound is silent.
 * @param pieces those without `seconds` are as long as they sound, and begin with their first sound
 * @param first number of the first input
 */
export function joinSounds(
  pieces: readonly (Pick<Piece, 'clip'> & { readonly seconds?: number })[],
  { rate, layout }: Tone,
  first: number,
): Joint {
  const inputs: Command['inputs'][number][] = [];
  const chains: string[][] = [];
  const common = `aformat=sample_fmts=fltp:sample_rates=${rate}:channel_layouts=${layout}`;
  for (const { clip, seconds } of pieces) {
    const end = seconds === undefined ? [] : [`atrim=end=${seconds.toFixed(6)}`];
    if (clip.audio === undefined) {
      chains.push([`anullsrc=r=${rate}:cl=${layout}`, ...end, common]);
      continue;
    }
    const { input, late } = opened(clip, ['-reinit_filter', '0']);
    const source = `[${first + inputs.length}:${clip.audio.stream.index}]`;
    chains.push([
      `${source}${late === 0 ? 'anull' : `atrim=start=${late},asetpts=PTS-${late}/TB`}`,
      // Beside pictures, sound that begins late or has gaps keeps its time.
      ...(seconds === undefined ? ['asetpts=N/SR/TB', `aresample=${rate}`] : [`aresample=${rate}:async=1:first_pts=0`]),
      common,
      ...(seconds === undefined ? [] : ['apad']),
      ...end,
    ]);
    inputs.push(input);
  }
  return { inputs, graph: `${joined(chains, 'a')}[a]` };
}

function joined(chains: readonly (readonly string[])[], kind: 'v' | 'a'): string {
  const label = (i: number) => `[${kind}${i}]`;
  const ended = chains.map((chain, i) => `${chain.join(',')}${label(i)};`);
  const counts = kind === 'v' ? 'v=1:a=0' : 'v=0:a=1';
  return `${ended.join('')}${chains.map((_, i) => label(i)).join('')}concat=n=${chains.length}:${counts}`;
}

/**
 * How a clip is read. Picture and sound are read apart: ffmpeg reads on until each stream of a graph has shown
 * something, and would meanwhile keep all pictures of a file whose sound is over before the window.
 */
function opened({ file, media, window }: Clip, options: readonly string[]) {
  const ss = window.ss / 1000;
  const from = leadIn(ss, media);
  // What lies between is cut by a filter.
  const late = Math.round((ss - from) * 1000) / 1000;
  const until = window.t === 0 ? [] : ['-t', String(late + window.t / 1000)];
  return { input: { file, options: [...options, ...(from === 0 ? [] : ['-ss', String(from)]), ...until] }, late };
}

function checkPixels(pieces: readonly Piece[]): void {
  const sum = pieces.reduce((total, { clip }) => {
    const { width, height } = clip.video?.stream.shown ?? { width: 0, height: 0 };
    return total + width * height;
  }, 0);
  if (sum <= MAX_PIXELS_TOGETHER) return;
  throw new TaskFailure(
    'UnsupportedMedia',
    `The frames of all inputs together have ${sum} pixels; at most ${MAX_PIXELS_TOGETHER} are joined.`,
  );
}

/** The main object's metadata; chapters would name times of one clip only. */
export function metadataOf({ source }: Recording, inputs: Command['inputs']): readonly string[] {
  return ['-map_metadata', String(inputs.findIndex(({ file }) => file === source.file)), '-map_chapters', '-1'];
}
