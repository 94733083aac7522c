/** The parameters of a playlist: its segments are made by them long after the request that gave them. */
import { bind } from '../bind.ts';
import { TaskFailure } from '../failure.ts';
import { audioParams, checkAudio } from '../media/audio-stream.ts';
import { windowParams } from '../media/recording.ts';
import { checkVideo, videoParams } from '../media/video-stream.ts';
import type { Problem } from '../operation.ts';
import { fallback, flag, int, oneOf, optional, type Values } from '../params.ts';
import { parseProcess, type Words } from '../process-string.ts';
import { refusalsFor } from '../refusals.ts';

/** OSS gives no limits for `st`; those are IMM's. The `*opt` default to 1 here. */
export const liveParams = {
  ...windowParams,
  st: fallback(int('Length of a segment, in milliseconds.', { min: 5000, max: 15_000 }), 10_000),
  initd: fallback(
    int('How much to transcode at once, in milliseconds; 0: nothing, negative: everything.', {
      min: Number.MIN_SAFE_INTEGER,
      max: Number.MAX_SAFE_INTEGER,
    }),
    30_000,
  ),
  ta: optional(int('How many segments OSS transcodes ahead of the player; none are here.', { min: 10, max: 30 })),
  vcodec: fallback(oneOf('Video codec.', ['h264', 'h265']), 'h264'),
  ...videoParams(1),
  an: fallback(flag('1 drops the audio.'), false),
  acodec: fallback(oneOf('Audio codec.', ['aac']), 'aac'),
  ...audioParams(1),
};

export type LiveParams = Values<typeof liveParams>;

export const checkLive = (params: LiveParams): Problem | undefined =>
  checkVideo(params, params.vcodec) ?? checkAudio(params);

/** None of the values is Base64, and no clause follows. */
const words: Words = { isAction: () => false, isBase64: () => false };

/**
 * Reads the parameters back out of a playlist. It lies in a bucket where anyone who may write can have changed it, so that
 * they are checked as if they came with a request.
 * @throws TaskFailure InvalidArgument for text that is not of hls/m3u8, Imm Client for bad values
 */
export function readLiveParams(process: string): LiveParams {
  const [segment, ...more] = parseProcess(process, words);
  const action = segment?.kind === 'actions' && segment.category === 'hls' ? segment.actions[0] : undefined;
  if (action?.name !== 'm3u8' || more.length > 0) {
    throw new TaskFailure('InvalidArgument', 'The playlist names no parameters of hls/m3u8.');
  }
  const say = refusalsFor('async');
  const place = 'hls/m3u8';
  const params = bind({ place, specs: liveParams, action, say, strict: false, warn() {} }) as LiveParams;
  const problem = checkLive(params);
  if (problem !== undefined) say.problem(place, problem);
  return params;
}
