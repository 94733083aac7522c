/** ffmpeg's encoder options for OSS's codecs (media.md §7.5, §8.1). Shared by all operations that encode. */
import { TaskFailure } from '../failure.ts';
import { hasEncoder } from './ffmpeg.ts';
import type { AudioCodec, Sampling } from './rates.ts';

/** A value of `vcodec` that encodes. */
export type VideoCodec = 'h264' | 'h265' | 'vp9';

/** The values of `pixfmt`. */
export const PIXEL_FORMATS = [
  'yuv420p',
  'yuva420p',
  'yuv420p10le',
  'yuv422p',
  'yuv422p10le',
  'yuv444p',
  'yuv444p10le',
] as const;

/**
 * The value of `pixfmt` nearest to a format of ffmpeg's (assumed, media.md §8.1): alpha, finer chroma and more than
 * eight bits are kept where the codec has them.
 */
export function nearestPixelFormat(codec: VideoCodec, format: string): (typeof PIXEL_FORMATS)[number] {
  if (codec === 'vp9' && /^yuva/.test(format)) return 'yuva420p';
  const chroma = /444|440|nv24|rgb|gbr|bgr/.test(format)
    ? '444'
    : /422|yuyv|uyvy|nv16|nv20|v210/.test(format)
      ? '422'
      : '420';
  return `yuv${chroma}p${/(9|1[0246]|48|64)(le|be)$/.test(format) ? '10le' : ''}`;
}

export interface VideoQuality {
  /** bit/s; excludes `crf`. */
  readonly bitRate: number | undefined;
  /** Constant quality; 23 when neither is given. */
  readonly crf: number;
  readonly maxRate: number | undefined;
  readonly bufferSize: number | undefined;
  readonly keyframeDistance: number;
  readonly pixelFormat: string | undefined;
}

const encoders: Readonly<Record<VideoCodec, string>> = { h264: 'libx264', h265: 'libx265', vp9: 'libvpx-vp9' };

/** @param preset one of x264's, from the settings */
export function videoEncoderOptions(codec: VideoCodec, quality: VideoQuality, preset: string): readonly string[] {
  const { pixelFormat, keyframeDistance } = quality;
  return [
    ...['-c:v', encoders[codec]],
    ...(codec === 'vp9' ? vp9Speed(preset) : ['-preset', preset]),
    ...(codec === 'vp9' ? vp9Rate(quality) : x26xRate(quality)),
    ...['-g', String(keyframeDistance)],
    // IMM's defaults, which have no spelling in OSS
    ...(codec === 'h264' ? ['-bf', '3', '-refs', '2'] : []),
    ...(codec === 'h265' ? ['-x265-params', 'log-level=error'] : []),
    ...(pixelFormat === undefined ? [] : ['-pix_fmt', pixelFormat]),
    // libvpx has no alternate reference frames for pictures with alpha
    ...(pixelFormat === 'yuva420p' ? ['-auto-alt-ref', '0'] : []),
  ];
}

function x26xRate({ bitRate, crf, maxRate, bufferSize }: VideoQuality): readonly string[] {
  if (bitRate !== undefined) return ['-b:v', String(bitRate)];
  return ['-crf', String(crf), ...option('-maxrate', maxRate), ...option('-bufsize', bufferSize)];
}

/** vp9 limits a constant quality by its bit rate, and takes whole crf values only. */
function vp9Rate({ bitRate, crf, maxRate, bufferSize }: VideoQuality): readonly string[] {
  if (bitRate !== undefined) return ['-b:v', String(bitRate)];
  const limit = maxRate === undefined ? ['-b:v', '0'] : ['-b:v', String(maxRate), ...option('-bufsize', bufferSize)];
  return ['-crf', String(Math.round(crf)), ...limit];
}

/** What x264's presets mean to libvpx: how much time it may take, and how many short cuts. */
function vp9Speed(preset: string): readonly string[] {
  const speeds: Readonly<Record<string, readonly [deadline: string, cpuUsed: number]>> = {
    ultrafast: ['realtime', 8],
    superfast: ['realtime', 7],
    veryfast: ['realtime', 6],
    faster: ['good', 5],
    fast: ['good', 4],
    medium: ['good', 2],
    slow: ['good', 1],
    slower: ['good', 0],
    veryslow: ['best', 0],
    placebo: ['best', 0],
  };
  const [deadline, cpuUsed] = speeds[preset] ?? ['good', 2];
  return ['-deadline', deadline, '-cpu-used', String(cpuUsed), '-row-mt', '1'];
}

export interface AudioQuality {
  readonly sampling: Sampling;
  /** bit/s; excludes `quality`. */
  readonly bitRate: number | undefined;
  /** 0 to 100, higher is better. */
  readonly quality: number | undefined;
  /** flac only. */
  readonly depth: 16 | 24;
}

interface AudioEncoder {
  readonly name: string | ((sampling: Sampling) => string);
  /** `aq` (assumed, media.md §7.5). */
  readonly byQuality: (quality: number, sampling: Sampling) => readonly string[];
  readonly lossless?: true;
}

/** A codec without a quality scale: a bit rate between its lowest and its highest. */
const between = (low: number, high: number) => (quality: number) => [
  '-b:a',
  String(Math.round(low + ((high - low) * quality) / 100)),
];

const audioEncoders: Readonly<Record<AudioCodec, AudioEncoder>> = {
  mp3: { name: 'libmp3lame', byQuality: (q) => ['-q:a', String(Math.round(((100 - q) * 9) / 100))] },
  aac: { name: 'aac', byQuality: (q) => ['-q:a', String(0.1 + (1.9 * q) / 100)] },
  vorbis: { name: 'libvorbis', byQuality: (q) => ['-q:a', String(q / 10)] },
  opus: { name: 'libopus', byQuality: (q, { channels }) => between(6000, 256_000 * channels)(q) },
  ac3: { name: 'ac3', byQuality: (q, { channels }) => between(32_000 * channels, 640_000)(q) },
  amr: {
    name: ({ rate }) => (rate === 8000 ? 'libopencore_amrnb' : 'libvo_amrwbenc'),
    byQuality: (q, { rate }) => (rate === 8000 ? between(4750, 12_200)(q) : between(6600, 23_850)(q)),
  },
  flac: { name: 'flac', byQuality: () => [], lossless: true },
  pcm: { name: 'pcm_s16le', byQuality: () => [], lossless: true },
};

/** ffmpeg's encoders that codecs need. Those of `amr` are left out of many builds: operations look before they use them. */
export function neededEncoders(): readonly { readonly codec: string; readonly name: string; readonly rare: boolean }[] {
  const sound = Object.entries(audioEncoders).flatMap(([codec, { name }]) => {
    const names = typeof name === 'string' ? [name] : [8000, 16_000].map((rate) => name({ rate, channels: 1 }));
    return names.map((one) => [codec, one] as const);
  });
  return [...Object.entries(encoders), ...sound].map(([codec, name]) => ({ codec, name, rare: codec === 'amr' }));
}

/** @throws TaskFailure InvalidArgument when this machine's ffmpeg has no such encoder (AMR on Debian) */
export async function audioEncoderOptions(codec: AudioCodec, audio: AudioQuality): Promise<readonly string[]> {
  const { name: named, byQuality, lossless } = audioEncoders[codec];
  const { sampling, bitRate, quality, depth } = audio;
  const name = typeof named === 'string' ? named : named(sampling);
  if (codec === 'amr' && !(await hasEncoder(name))) {
    throw new TaskFailure(
      'InvalidArgument',
      `acodec_amr needs the encoder ${name}, which the ffmpeg of this machine lacks.`,
    );
  }
  return [
    ...['-c:a', name, '-ar', String(sampling.rate), '-ac', String(sampling.channels)],
    ...(lossless ? [] : quality === undefined ? option('-b:a', bitRate) : byQuality(quality, sampling)),
    ...(codec === 'flac' ? depthOptions(depth) : []),
    // libopus does not take 5.1 with side speakers, which `-ac` leaves as it is
    ...(codec === 'opus' ? ['-channel_layout', channelLayout(codec, sampling.channels)] : []),
  ];
}

/** What ffmpeg calls the usual arrangement of so many channels; for opus those of RFC 7845. */
export function channelLayout(codec: AudioCodec, channels: number): string {
  if (codec === 'opus' && (channels === 3 || channels === 4)) return channels === 3 ? '3.0' : 'quad';
  return ['mono', 'stereo', '2.1', '4.0', '5.0', '5.1', '6.1', '7.1'][channels - 1] ?? 'stereo';
}

const depthOptions = (depth: 16 | 24) =>
  depth === 24 ? ['-sample_fmt', 's32', '-bits_per_raw_sample', '24'] : ['-sample_fmt', 's16'];

const option = (name: string, value: number | undefined) => (value === undefined ? [] : [name, String(value)]);
