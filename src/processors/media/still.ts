/** One frame of a video as a picture file (media.md §15). */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RunContext } from '../operation.ts';
import { ffmpeg } from './ffmpeg.ts';
import { checkPicture, type PictureFormat, pictureFormats } from './pictures.ts';
import type { Dimensions, VideoStream } from './probe.ts';
import type { Recording } from './recording.ts';
import { leadIn } from './seek.ts';

/** Which frame. */
export interface Moment {
  /** From the start of the recording; beyond its end stands for its last frame. */
  readonly seconds: number;
  /** `exact`: the first frame at or after that time. `fast`: the key frame at or before it. */
  readonly manner: 'exact' | 'fast';
}

/** What is done to it. */
export interface Look {
  readonly size: Dimensions;
  /** Turned as the rotation metadata says; else as stored. */
  readonly upright: boolean;
  /** A further quarter turn, clockwise. */
  readonly quarterTurn: boolean;
  readonly format: PictureFormat;
}

/** One way to look for the frame. Of several frames that come out, each overwrites the one before. */
interface Attempt {
  /** Where reading begins, in seconds. */
  readonly from: number;
  readonly input: readonly string[];
  readonly filters: readonly string[];
  readonly output: readonly string[];
}

/**
 * Draws a frame.
 * @returns the picture's bytes, `undefined` when the video has no frame that can be decoded
 * @throws TaskFailure when the video can not be read
 */
export async function still(
  { source, media }: Recording,
  video: VideoStream,
  moment: Moment,
  look: Look,
  ctx: RunContext,
): Promise<Buffer | undefined> {
  for (const { from, input, filters, output } of attempts(moment, media)) {
    const file = ctx.temp(look.format);
    // The key frame before is where decoding begins anyway; what lies before the moment is dropped by the filters.
    const seek = from === 0 ? [] : ['-noaccurate_seek', '-ss', String(from)];
    const rotation = look.upright ? [] : ['-noautorotate'];
    const options = [
      ...['-map', `0:${video.index}`, '-vf', [...filters, ...drawing(look)].join(',')],
      // Without it ffmpeg fills gaps and gives a frame that is not the one (media.md §15).
      ...['-vsync', '0', ...output, ...pictureFormats[look.format].options, '-f', 'image2', '-update', '1'],
    ];
    const inputs = [{ file: source.file, options: [...seek, ...rotation, ...input] }];
    await ffmpeg({ inputs, options, output: file, seconds: undefined }, ctx);
    // Past the last frame ffmpeg ends well and writes nothing.
    if (!existsSync(file)) continue;
    await checkPicture(file, look.format, look.size);
    return readFile(file);
  }
  return undefined;
}

/** The ways to the frame, the quickest first. */
function* attempts({ seconds, manner }: Moment, media: Recording['media']): Generator<Attempt> {
  const { duration, durationIsGuess } = media;
  const end = duration === undefined || durationIsGuess ? Number.POSITIVE_INFINITY : duration;
  const from = leadIn(Math.min(seconds, end), media);
  if (manner === 'fast') {
    // Half a millisecond more: the end is not included.
    const until = `trim=end=${seconds - from + 0.0005}`;
    yield { from, input: ['-skip_frame', 'nokey'], filters: [until], output: [] };
  }
  if (seconds < end) {
    const filters = from === seconds ? ['trim=start=0'] : [`trim=start=${seconds - from}`];
    yield { from, input: [], filters, output: ['-frames:v', '1'] };
  }
  // The last frame: of the last second, then of all of it, where the sound or a wrong index outlasts the video by far.
  if (Number.isFinite(end)) yield { from: leadIn(Math.max(0, end - 1), media), input: [], filters: [], output: [] };
  yield { from: 0, input: [], filters: [], output: [] };
}

function drawing({ size, quarterTurn, format }: Look): readonly string[] {
  const scale = `scale=${size.width}:${size.height}:flags=bicubic+accurate_rnd+full_chroma_int`;
  // JPEG files have full range and BT.601's matrix, whatever the video has.
  const pixels =
    format === 'jpg' ? [`${scale}:out_range=full:out_color_matrix=bt601`, 'format=yuvj420p'] : [scale, 'format=rgb24'];
  return [...(quarterTurn ? ['transpose=clock'] : []), ...pixels, 'setsar=1'];
}
