/** Frame rates, bit rates and the sampling limits of audio codecs (media.md §7.4 to §7.6). Shared by all operations. */
import { TaskFailure } from '../failure.ts';
import type { AudioStream, FrameRate, VideoStream } from './probe.ts';

/**
 * The filter for a constant frame rate. The filter and not `-r`, which adds up to two frames (media.md §23.1).
 * @param fps frames per second; 0 or `undefined`: the source's own rate
 * @throws TaskFailure InvalidArgument for `fpsopt_2` and a slower source
 */
export function frameRateFilters(fps: number | undefined, fpsopt: number, source: VideoStream): readonly string[] {
  const rate = targetFrameRate(fps, fpsopt, source);
  return rate === undefined ? [] : [`fps=${rate.text}`];
}

/** The rate to aim at, `undefined` when none is asked for and the source has none to name. Else as `frameRateFilters`. */
export function targetFrameRate(
  fps: number | undefined,
  fpsopt: number,
  { frameRate }: VideoStream,
): Pick<FrameRate, 'text' | 'value'> | undefined {
  if (fps === undefined || fps === 0) return frameRate;
  const slower = frameRate !== undefined && frameRate.value < fps;
  if (slower && fpsopt === 2) {
    throw new TaskFailure(
      'InvalidArgument',
      `The source has ${round(frameRate.value)} frames per second, fewer than the ${fps} asked for, and fpsopt_2 allows no raising.`,
    );
  }
  return slower && fpsopt === 1 ? frameRate : { text: String(fps), value: fps };
}

/**
 * The bit rate to aim at (`vb` with `vbopt`, `ab` with `abopt`). A source of unknown bit rate counts as high enough.
 * @throws TaskFailure InvalidArgument for option 2 and a lower source
 */
export function targetBitRate(asked: number, option: number, own: number | undefined, key: 'vb' | 'ab'): number {
  if (own === undefined || own >= asked || option === 0) return asked;
  if (option === 1) return Math.round(own);
  throw new TaskFailure(
    'InvalidArgument',
    `The source has ${Math.round(own)} bit/s, less than the ${asked} asked for, and ${key}opt_2 allows no raising.`,
  );
}

/** A value of `acodec` that encodes. */
export type AudioCodec = 'mp3' | 'aac' | 'flac' | 'vorbis' | 'ac3' | 'opus' | 'amr' | 'pcm';

/** The values of `ar`, in Hz. */
export const SAMPLE_RATES = [
  8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000,
] as const;

interface Limits {
  readonly rates?: readonly number[];
  readonly channels: number;
}

/** media.md §7.6; pcm is ours, for mxf and mov. */
const limits: Readonly<Record<AudioCodec, Limits>> = {
  mp3: { rates: SAMPLE_RATES.filter((rate) => rate <= 48000), channels: 2 },
  aac: { rates: SAMPLE_RATES, channels: 8 },
  opus: { rates: [8000, 12000, 16000, 24000, 48000], channels: 8 },
  ac3: { rates: [32000, 44100, 48000], channels: 6 },
  amr: { rates: [8000, 16000], channels: 1 },
  vorbis: { channels: 8 },
  flac: { channels: 8 },
  pcm: { channels: 8 },
};

/** What the audio becomes: the asked values, else the source's. Nothing is adapted silently (media.md §7.6). */
export interface Sampling {
  readonly rate: number;
  readonly channels: number;
}

/** @throws TaskFailure InvalidArgument when the codec, or the container, does not take the sampling */
export function sampling(
  codec: AudioCodec,
  asked: { readonly ar: number | undefined; readonly ac: number | undefined },
  source: AudioStream,
  container?: string,
): Sampling {
  const rate = asked.ar ?? source.sampleRate;
  const channels = asked.ac ?? source.channels;
  // ffmpeg's mxf writer knows 48 kHz sound only.
  const rates = container === 'mxf' ? [48000] : limits[codec].rates;
  const where = container === 'mxf' ? 'mxf' : codec;
  if (rates !== undefined && !rates.includes(rate)) {
    const whose = asked.ar === undefined ? 'the source has' : 'ar asks for';
    throw new TaskFailure(
      'InvalidArgument',
      `${where} takes sample rates of ${rates.join(', ')} Hz; ${whose} ${rate}.`,
    );
  }
  if (channels > limits[codec].channels) {
    const whose = asked.ac === undefined ? 'the source has' : 'ac asks for';
    throw new TaskFailure(
      'InvalidArgument',
      `${codec} takes at most ${limits[codec].channels} channels; ${whose} ${channels}.`,
    );
  }
  return { rate, channels };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
