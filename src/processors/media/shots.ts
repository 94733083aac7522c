/** From a rule to the frames of one recording, for every operation that takes pictures out of a video. */
import { open } from 'node:fs/promises';
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';
import { COUNTED, ffmpeg } from './ffmpeg.ts';
import { part, steady } from './frame-output.ts';
import { planRuns, runInput } from './frame-runs.ts';
import { type Change, hashDistance, pick, type Rule, SIGNATURE, strongest } from './pick.ts';
import type { VideoStream } from './probe.ts';
import type { Recording } from './recording.ts';
import { readTimeline, type Timeline } from './timeline.ts';

/** Frames that are to be taken. */
export interface Shots {
  readonly file: string;
  readonly video: VideoStream;
  readonly timeline: Timeline;
  /** By their place in the timeline, in order. */
  readonly frames: readonly number[];
  /** All of them are key frames, so that the decoder may skip the others. */
  readonly keysOnly: boolean;
}

export interface ShotRule extends Rule {
  /** Percent of a difference hash by which a frame must differ from the one kept before it; `dhash` only. */
  readonly thr: number;
}

/** Frames that one task takes at most: above that a video is wanted, and no pictures (assumed; OSS names no limit). */
const MAX_FRAMES = 10_000;

/** The container's list of frames was not what came out. */
class Misled extends Error {}

/**
 * Chooses frames and makes something of them. What the container says of its frames is checked by how many came out;
 * where it was wrong, all is done again by the decoder's own list.
 * @throws TaskFailure InvalidArgument when there is nothing to take, or too much; UnsupportedMedia
 */
export async function withShots<T>(
  recording: Recording,
  rule: ShotRule,
  ctx: RunContext,
  make: (shots: Shots, ctx: RunContext) => Promise<T>,
): Promise<T> {
  const attempt = async (told: Timeline['told']) => {
    const shots = await choose(recording, rule, told, part(ctx, 0, rule.m === 'dhash' ? 50 : 0));
    return make(shots, part(ctx, rule.m === 'dhash' ? 50 : 0, 100));
  };
  try {
    return await attempt('container');
  } catch (error) {
    if (!(error instanceof Misled)) throw error;
    return attempt('decoder');
  }
}

/** Judges how many frames came out. @throws what makes `withShots` try again; TaskFailure UnsupportedMedia */
export function checkCount(came: number, { frames, timeline }: Shots, warn: (text: string) => void): void {
  if (came === frames.length) return;
  if (timeline.told === 'container') throw new Misled();
  if (came === 0) throw new TaskFailure('UnsupportedMedia', 'None of the frames asked for can be decoded.');
  warn(`${frames.length - came} of ${frames.length} frames could not be decoded and are left out.`);
}

async function choose(recording: Recording, rule: ShotRule, told: Timeline['told'], ctx: RunContext): Promise<Shots> {
  const timeline = await readTimeline(recording, told, ctx);
  const { video } = recording.media;
  const found = pick(timeline, rule);
  if (video === undefined || found.length === 0) {
    const length = Math.round(timeline.end * 1000);
    throw new TaskFailure(
      'InvalidArgument',
      `No frame lies at or after ss_${rule.ss}: the video is ${length} ms long.`,
    );
  }
  const shots = { file: recording.source.file, video, timeline, frames: found, keysOnly: rule.m === 'key' };
  const frames = rule.m === 'dhash' ? await changing(shots, rule, ctx) : found;
  if (frames.length > MAX_FRAMES) {
    throw new TaskFailure(
      'InvalidArgument',
      `${frames.length} frames would be taken; at most ${MAX_FRAMES} are. Raise inter, or limit them with num.`,
    );
  }
  return { ...shots, frames };
}

/** Of the candidates those that look different from the one kept before. */
async function changing(shots: Shots, { thr, num }: ShotRule, ctx: RunContext): Promise<readonly number[]> {
  const changes: Change[] = [];
  let kept: Uint8Array | undefined;
  let at = 0;
  const { runs } = planRuns(shots.timeline, shots.frames, shots.video.shown);
  for (const run of runs) {
    const file = ctx.temp('raw');
    const filters = [...run.filters, COUNTED, 'scale=9:8:flags=area', 'format=gray', steady];
    const options = ['-filter_complex', `[0:${shots.video.index}]${filters.join(',')}[out]`, '-map', '[out]'];
    const rest = part(ctx, (100 * at) / shots.frames.length, (100 * (at + run.frames.length)) / shots.frames.length);
    const command = {
      inputs: [runInput(shots.file, shots.timeline, run, false)],
      options: [...options, '-f', 'rawvideo'],
      output: file,
    };
    await ffmpeg({ ...command, seconds: undefined, frames: run.frames.length }, rest);
    for await (const signature of signatures(file)) {
      const distance = kept === undefined ? Number.POSITIVE_INFINITY : (hashDistance(kept, signature) * 100) / 64;
      const frame = shots.frames[at];
      if (frame !== undefined && distance > thr) {
        changes.push({ frame, distance });
        kept = signature;
      }
      at += 1;
    }
  }
  checkCount(at, shots, ctx.warn);
  return strongest(changes, num);
}

/** The small pictures in a file, a few at a time. */
async function* signatures(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(SIGNATURE * 1024);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      const whole = Math.floor(bytesRead / SIGNATURE);
      if (whole === 0) return;
      for (let i = 0; i < whole; i += 1) yield Buffer.from(buffer.subarray(i * SIGNATURE, (i + 1) * SIGNATURE));
      at += whole * SIGNATURE;
    }
  } finally {
    await handle.close();
  }
}
