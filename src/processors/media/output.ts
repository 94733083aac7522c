/** From planned options to a checked file: shared by every operation that writes one video or audio file. */
import { TaskFailure } from '../failure.ts';
import type { Artifact, RunContext } from '../operation.ts';
import { type Container, type ContainerName, containers } from './containers.ts';
import { type Command, ffmpeg } from './ffmpeg.ts';
import { type Media, probe } from './probe.ts';
import { leadIn } from './seek.ts';

/** `ss` and `t` (media.md §7.1), in milliseconds; `t` is a duration, 0 means to the end. */
export interface Window {
  readonly ss: number;
  readonly t: number;
}

/**
 * The options of a window. Before `-i` they are exact when encoding and begin at the key frame before when copying
 * (media.md §7.1). Where reading must begin earlier, they stand behind it.
 */
export function windowOptions({ ss, t }: Window, media: Media): { before: string[]; after: string[] } {
  const seek = (seconds: number) => (seconds === 0 ? [] : ['-ss', String(seconds)]);
  const length = t === 0 ? [] : ['-t', String(t / 1000)];
  const from = leadIn(ss / 1000, media);
  if (from === ss / 1000 && !media.durationIsGuess) return { before: [...seek(from), ...length], after: [] };
  return { before: seek(from), after: [...seek(ss / 1000 - from), ...length] };
}

/**
 * Seconds a window takes out of a file; `undefined` when the file does not say how long it is.
 * @throws TaskFailure InvalidArgument when it begins at or after the end (assumed, media.md §7.1)
 */
export function windowSeconds({ ss, t }: Window, { duration, durationIsGuess }: Media): number | undefined {
  const asked = t === 0 ? undefined : t / 1000;
  if (duration === undefined) return asked;
  const rest = duration - ss / 1000;
  if (rest <= 0 && !durationIsGuess) {
    const length = Math.round(duration * 1000);
    throw new TaskFailure('InvalidArgument', `ss_${ss} lies beyond the end: the source is ${length} ms long.`);
  }
  return Math.max(0, Math.min(rest, asked ?? rest));
}

/** What goes into an output beside subtitles. */
export interface Wanted {
  readonly video: boolean;
  readonly audio: boolean;
  /** Seconds it must last, where that is known: a shorter one has lost something on the way. */
  readonly least?: number;
}

/** Seconds by which containers and encoders may round. */
const ROUNDING = 0.5;

/**
 * Writes one file in a container and checks it by probing: ffmpeg may end well and have written nothing, or less than
 * was wanted (media.md §23.10).
 * @param command without muxer and output, which follow from the container
 * @throws TaskFailure InvalidArgument when no picture, or nothing at all, lies in what was asked for
 */
export async function produce(
  name: ContainerName,
  command: Omit<Command, 'output'>,
  wanted: Wanted,
  ctx: RunContext,
): Promise<Artifact & { readonly file: string }> {
  const container: Container = containers[name];
  const file = ctx.temp(name);
  const options = [...command.options, ...(container.options ?? []), '-f', container.muxer];
  await ffmpeg({ ...command, options, output: file }, ctx);
  const made = await probe(file, ctx).catch((error: unknown) => {
    throw error instanceof TaskFailure ? nothing(error) : error;
  });
  // Some formats of sound are headers alone then.
  if (!wanted.video && made.duration === undefined) throw nothing();
  if (!made.format.split(',').includes(container.demuxer)) {
    throw new TaskFailure('InternalError', `The conversion did not yield a readable ${name} file.`);
  }
  if (wanted.video && made.video === undefined) {
    throw new TaskFailure('InvalidArgument', 'No picture came out: no frame of the source lies in what was asked for.');
  }
  if (wanted.least !== undefined && (made.duration ?? 0) < wanted.least - ROUNDING) {
    throw new TaskFailure(
      'UnsupportedMedia',
      `Only ${made.duration ?? 0} s of ${wanted.least} s came out: a source is damaged or changes in its middle.`,
    );
  }
  if (wanted.audio && made.audio === undefined) ctx.warn('The output is silent: no sound lies in what was asked for.');
  return {
    file,
    ext: name,
    contentType: container.contentType,
    variables: {
      // One output: the first of the first stream (media.md §4.2)
      index: '1',
      streamindex: '0',
      resolution: made.video === undefined ? '' : `${made.video.shown.width}x${made.video.shown.height}`,
    },
  };
}

const nothing = (cause?: TaskFailure) =>
  new TaskFailure('InvalidArgument', 'Nothing came out: no picture and no sound lies in what was asked for.', cause);
