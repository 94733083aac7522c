/** The parameters that say how a video is encoded, their rules, and what they come to (media.md §7.3 to §7.5, §8.1). */
import type { Problem } from '../operation.ts';
import { decimal, fallback, flag, int, oneOf, oneOfInts, optional, type Values } from '../params.ts';
import { type ContainerName, requirePlace, tagOptions } from './containers.ts';
import { PIXEL_FORMATS, type VideoCodec, type VideoQuality, videoEncoderOptions } from './encoders.ts';
import type { VideoStream } from './probe.ts';
import { frameRateFilters, targetBitRate } from './rates.ts';
import { SCALE_TYPES, sizeFilters, sizeParam } from './size.ts';

const BIT_RATE = { min: 10_000, max: 100_000_000 };
export const ADJUST = [0, 1, 2] as const;

/**
 * @param adjust default of `fpsopt`, `sopt` and `vbopt`: 0 in files, 1 in hls (media.md §17.1)
 * @param origin whose value a left-out parameter takes, for the docs
 */
export function videoParams<const A extends 0 | 1>(adjust: A, origin = 'the source') {
  return {
    fps: optional(decimal(`Frames per second; 0: as ${origin}.`, { min: 0, max: 240 })),
    fpsopt: fallback(
      oneOfInts(`When ${origin} is slower: 0 takes fps all the same, 1 keeps its rate, 2 fails.`, ADJUST),
      adjust,
    ),
    pixfmt: optional(oneOf('Pixel format; yuva420p with vp9 only.', PIXEL_FORMATS)),
    s: optional(sizeParam(`Size; a side left out is that of ${origin}.`)),
    sopt: fallback(
      oneOfInts(`When ${origin} has a smaller area: 0 takes s all the same, 1 keeps its size, 2 fails.`, ADJUST),
      adjust,
    ),
    scaletype: fallback(oneOf('How the picture gets its size.', SCALE_TYPES), 'stretch'),
    // OSS's pages contradict each other about the default (media.md §22.3); 0 is assumed.
    arotate: fallback(flag('1 reads s as long x short, so that upright sources stay upright.'), false),
    vb: optional(int('Video bit rate in bit/s; excludes crf.', BIT_RATE)),
    vbopt: fallback(
      oneOfInts(`When ${origin} has a lower bit rate: 0 takes vb all the same, 1 keeps its rate, 2 fails.`, ADJUST),
      adjust,
    ),
    crf: optional(decimal('Constant quality, lower is better; 23 without vb. Excludes vb.', { min: 0, max: 51 })),
    maxrate: optional(int('Highest bit rate in bit/s; needs crf and bufsize.', BIT_RATE)),
    bufsize: optional(int('Rate control buffer in bits; needs crf.', { min: 10_000, max: 200_000_000 })),
  };
}

/** `g`, which files have and hls has not: there the segments decide. */
export const keyframeParams = {
  g: fallback(int('Greatest distance of key frames, in frames.', { min: 1, max: 100_000 }), 150),
};

export type VideoWish = Values<ReturnType<typeof videoParams<0>>> | Values<ReturnType<typeof videoParams<1>>>;

const invalid = (param: string, expected: string): Problem => ({ param, kind: 'invalid', expected });

/** Rules across the parameters; refusing what only excludes each other is assumed (media.md §7.5). */
export function checkVideo({ vb, crf, maxrate, bufsize, pixfmt }: VideoWish, codec: VideoCodec | 'copy') {
  if (vb !== undefined && crf !== undefined) return invalid('crf', 'vb and crf exclude each other: give one of them');
  if (bufsize !== undefined && crf === undefined) return invalid('bufsize', 'bufsize needs crf');
  if (maxrate !== undefined && (crf === undefined || bufsize === undefined)) {
    return invalid('maxrate', 'maxrate needs crf and bufsize');
  }
  if (pixfmt === 'yuva420p' && codec !== 'vp9' && codec !== 'copy')
    return invalid('pixfmt', 'yuva420p needs vcodec_vp9');
  return undefined;
}

/** What the encoder aims at. @throws TaskFailure InvalidArgument for `vbopt_2` and a source of a lower bit rate */
export function videoQuality(wish: VideoWish, source: VideoStream): Omit<VideoQuality, 'keyframeDistance'> {
  const { vb, vbopt, crf = 23, maxrate, bufsize, pixfmt } = wish;
  return {
    bitRate: vb === undefined ? undefined : targetBitRate(vb, vbopt, source.bitRate, 'vb'),
    crf,
    maxRate: maxrate,
    bufferSize: bufsize,
    pixelFormat: pixfmt,
  };
}

/** The filters that bring a picture to its size and rate. @throws TaskFailure InvalidArgument for `sopt_2`, `fpsopt_2` */
export const pictureFilters = (wish: VideoWish, source: VideoStream): readonly string[] => [
  ...sizeFilters(wish, source),
  ...frameRateFilters(wish.fps, wish.fpsopt, source),
];

/**
 * ffmpeg's options for a video that is encoded, without filters.
 * @param preset one of x264's, from the settings
 * @throws TaskFailure InvalidArgument when the container does not take the codec
 */
export function videoOptions(codec: VideoCodec, quality: VideoQuality, to: ContainerName, preset: string): string[] {
  requirePlace(to, 'video', codec, 'encoded');
  return [...videoEncoderOptions(codec, quality, preset), ...tagOptions(to, codec)];
}
