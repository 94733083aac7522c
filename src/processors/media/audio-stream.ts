/** The parameters that say how sound is encoded, their rules, and what they come to (media.md §7.5, §7.6, §8.1). */
import type { Problem } from '../operation.ts';
import { fallback, int, oneOfInts, optional, type Values } from '../params.ts';
import { type ContainerName, requirePlace } from './containers.ts';
import { audioEncoderOptions } from './encoders.ts';
import type { AudioStream } from './probe.ts';
import { type AudioCodec, SAMPLE_RATES, sampling, targetBitRate } from './rates.ts';
import { ADJUST } from './video-stream.ts';

/**
 * @param adjust default of `abopt`: 0 in files, 1 in hls (media.md §17.1)
 * @param origin whose value a left-out parameter takes, for the docs
 */
export function audioParams<const A extends 0 | 1>(adjust: A, origin = 'the source') {
  return {
    ar: optional(oneOfInts(`Sample rate in Hz; absent: that of ${origin}.`, SAMPLE_RATES)),
    ac: optional(int(`Channels; absent: those of ${origin}.`, { min: 1, max: 8 })),
    aq: optional(int('Audio quality, higher is better; excludes ab.', { min: 0, max: 100 })),
    ab: optional(int('Audio bit rate in bit/s; excludes aq.', { min: 1000, max: 10_000_000 })),
    abopt: fallback(
      oneOfInts(`When ${origin} has a lower bit rate: 0 takes ab all the same, 1 keeps its rate, 2 fails.`, ADJUST),
      adjust,
    ),
  };
}

/** `adepth`, which files have and hls, which is AAC, has not. */
export const depthParams = (origin = 'the source') => ({
  adepth: optional(oneOfInts(`Bits per sample, flac only; absent: as ${origin}.`, [16, 24])),
});

export type AudioWish = (Values<ReturnType<typeof audioParams<0>>> | Values<ReturnType<typeof audioParams<1>>>) & {
  readonly adepth?: 16 | 24 | undefined;
};

/** Rules across the parameters; refusing what only excludes each other is assumed (media.md §7.5). */
export function checkAudio({ ab, aq }: Pick<AudioWish, 'ab' | 'aq'>): Problem | undefined {
  if (ab === undefined || aq === undefined) return undefined;
  return { param: 'aq', kind: 'invalid', expected: 'ab and aq exclude each other: give one of them' };
}

/**
 * ffmpeg's options for sound that is encoded.
 * @throws TaskFailure InvalidArgument when the container does not take the codec, the codec does not take the sampling,
 *   `abopt_2` forbids the bit rate, or this machine has no such encoder
 */
export async function audioOptions(
  codec: AudioCodec,
  wish: AudioWish,
  source: AudioStream,
  to: ContainerName,
): Promise<readonly string[]> {
  requirePlace(to, 'audio', codec, 'encoded');
  const { ab, abopt, aq } = wish;
  const lossless = codec === 'flac' || codec === 'pcm';
  return audioEncoderOptions(codec, {
    sampling: sampling(codec, wish, source, to),
    bitRate: ab === undefined || lossless ? undefined : targetBitRate(ab, abopt, source.bitRate, 'ab'),
    quality: aq,
    depth: wish.adepth ?? (source.bitsPerSample !== undefined && source.bitsPerSample > 16 ? 24 : 16),
  });
}
