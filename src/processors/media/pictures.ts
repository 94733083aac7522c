/** Chosen frames as pictures, one file each, and as what is put together from them. */

import { atOnce } from '../at-once.ts';
import { TaskFailure } from '../failure.ts';
import { sharp } from '../image/sharp.ts';
import type { RunContext } from '../operation.ts';
import { COUNTED, type Command, ffmpeg, outgrown } from './ffmpeg.ts';
import { type NumberedFiles, numberedFiles, part, steady } from './frame-output.ts';
import { type FrameRun, planRuns, runInput } from './frame-runs.ts';
import type { Placed } from './picture-size.ts';
import type { Dimensions } from './probe.ts';
import { checkCount, type Shots } from './shots.ts';

/** From RGB to halved chroma. Without it swscale makes the last column of an odd width from one pixel and nothing. */
export const HALVED = 'scale=flags=bicubic+full_chroma_inp';

/** The values of `f` for pictures: Content-Type, last filters, encoder options. */
export const pictureFormats = {
  // Quality 2 of 31, which is the best that is not wasteful; the j says that colours go over the whole byte, as in JPEG.
  jpg: {
    contentType: 'image/jpeg',
    filters: [HALVED],
    options: ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'],
  },
  png: { contentType: 'image/png', filters: [], options: ['-c:v', 'png', '-pix_fmt', 'rgb24'] },
} as const;

export type PictureFormat = keyof typeof pictureFormats;

/**
 * Writes the frames as pictures of their own.
 * @param passing they are read again soon and then gone: quick to write instead of small
 * @throws TaskFailure InvalidArgument when they outgrow OSSITE_MAX_OUTPUT
 */
export async function takePictures(
  shots: Shots,
  { filters }: Pick<Placed, 'filters'>,
  format: PictureFormat,
  ctx: RunContext,
  passing = false,
): Promise<NumberedFiles> {
  const files = numberedFiles(ctx.temp(format));
  const { runs } = planRuns(shots.timeline, shots.frames, shots.video.shown, shots.keysOnly);
  const { maxOutput } = ctx.engines.settings;
  let taken = 0;
  const take = async (run: FrameRun, before: number) => {
    const chain = [...run.filters, COUNTED, ...filters, steady, ...pictureFormats[format].filters];
    const encoding = [...pictureFormats[format].options, ...(passing ? ['-compression_level', '1'] : [])];
    const numbers = ['-start_number', String(before + 1), '-f', 'image2'];
    const command: Command = {
      inputs: [runInput(shots.file, shots.timeline, run, shots.keysOnly)],
      options: [
        ...['-filter_complex', `[0:${shots.video.index}]${chain.join(',')}[out]`, '-map', '[out]'],
        ...[...encoding, ...numbers],
      ],
      output: files.pattern,
      seconds: undefined,
      frames: run.frames.length,
      written: () => files.written().bytes,
    };
    await ffmpeg(command, runs.length === 1 ? ctx : { ...ctx, progress() {} });
    taken += run.frames.length;
    ctx.progress((100 * taken) / shots.frames.length);
  };
  let before = 0;
  await atOnce(
    runs.map((run) => {
      const first = before;
      before += run.frames.length;
      return () => take(run, first);
    }),
  );
  // A run that yielded less has left a gap in the numbers, behind which nothing is counted.
  const { count, bytes } = files.written();
  if (bytes > maxOutput) throw new TaskFailure('InvalidArgument', outgrown(maxOutput));
  checkCount(count, shots, ctx.warn);
  return files;
}

/**
 * Looking for frames one by one needs pictures in between when something is put together of them; it must save that much
 * of decoding to be worth it.
 */
const WORTH = 1.3;

/** What is put together. */
export interface Assembly {
  /** Filters on the pictures, from `[in]` to `[out]`. */
  readonly graph: string;
  /** Gives the pictures their times. */
  readonly timing: string;
  /** Files the graph reads beside the pictures, from input 1 on. */
  readonly beside?: Command['inputs'];
  /** Encoder and muxer. */
  readonly options: readonly string[];
  readonly output: string;
  written?(): number;
}

/** Puts frames together, several times if need be. @returns how many there were */
export type Assemble = (assembly: Assembly, ctx: RunContext) => Promise<number>;

/** Makes frames ready to be put together: straight from the source, or from pictures where that decodes far less. */
export async function assembler(shots: Shots, size: Placed, ctx: RunContext): Promise<Assemble> {
  const { timeline, video, frames } = shots;
  const together = planRuns(timeline, frames, video.shown, true);
  const [run, ...more] = together.runs;
  const direct =
    run !== undefined &&
    more.length === 0 &&
    (shots.keysOnly || together.cost <= WORTH * planRuns(timeline, frames, video.shown).cost);
  if (direct) {
    const chain = `[0:${video.index}]${[...run.filters, ...size.filters].join(',')}`;
    return (assembly, inner) =>
      put(assembly, runInput(shots.file, shots.timeline, run, shots.keysOnly), chain, shots, inner);
  }
  const { pattern } = await takePictures(shots, size, 'png', part(ctx, 0, 70), true);
  const input = { file: pattern, options: ['-start_number', '1'], sequence: true } as const;
  return (assembly, inner) => put(assembly, input, '[0:0]format=rgb24', shots, part(inner, 70, 100));
}

async function put(
  { graph, timing, beside = [], options, output, written }: Assembly,
  input: Command['inputs'][number],
  chain: string,
  shots: Shots,
  ctx: RunContext,
): Promise<number> {
  const command: Command = {
    inputs: [input, ...beside],
    options: ['-filter_complex', `${chain},${COUNTED},${timing}[in];${graph}`, '-map', '[out]', ...options],
    output,
    seconds: undefined,
    frames: shots.frames.length,
    ...(written === undefined ? {} : { written }),
  };
  const count = await ffmpeg(command, ctx);
  checkCount(count, shots, ctx.warn);
  return count;
}

/** Is a file the picture that was wanted? An exit code proves nothing (media.md §23.10). */
export async function checkPicture(file: string, format: string, size: Dimensions): Promise<void> {
  const header = await sharp(file, { animated: true, limitInputPixels: false }).then((picture) => picture.metadata());
  const { width, height, pageHeight = height } = header;
  const is = header.format === 'jpeg' ? 'jpg' : header.format;
  if (is !== format || width !== size.width || pageHeight !== size.height)
    throw new TaskFailure('InternalError', `The ${format} made of the video is not what it should be.`);
}
