/** What is inside a media file, as far as operations ask: the first stream of each kind, sizes as they are shown. */
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';
import { ffprobe, MAX_PIXELS } from './ffmpeg.ts';
import { isCover, type Probed, type ProbedStream, rotationOf } from './probed.ts';

/** Pixels. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** Average frames per second (media.md §7.4, assumed). */
export interface FrameRate {
  readonly value: number;
  /** ffmpeg's exact fraction. */
  readonly text: string;
  /** All frames are equally far apart. */
  readonly constant: boolean;
}

export interface VideoStream {
  readonly index: number;
  /** In OSS's words (`h265`); ffmpeg's name for what OSS has no word for. */
  readonly codec: string;
  /** As shown: turned by the rotation metadata, pixels made square (media.md §7.3). */
  readonly shown: Dimensions;
  /** The rotation metadata puts the picture on its side. */
  readonly turned: boolean;
  readonly squarePixels: boolean;
  readonly pixelFormat: string;
  readonly frameRate: FrameRate | undefined;
  /** bit/s; of the stream, else estimated from the file. */
  readonly bitRate: number | undefined;
}

export interface AudioStream {
  readonly index: number;
  readonly codec: string;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** bit/s */
  readonly bitRate: number | undefined;
  /** Of a lossless stream. */
  readonly bitsPerSample: number | undefined;
}

export interface SubtitleStream {
  readonly index: number;
  readonly codec: string;
}

/** A probed file: only the first stream of each kind counts (media.md §2), cover art is no video (§7.2). */
export interface Media {
  /** ffmpeg's names of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string;
  /** Seconds; `undefined` when unknown. */
  readonly duration: number | undefined;
  /** The file has no index: its duration is a guess from its size (media.md §23.3), and so is every place in it. */
  readonly durationIsGuess: boolean;
  readonly video: VideoStream | undefined;
  readonly audio: AudioStream | undefined;
  readonly subtitle: SubtitleStream | undefined;
}

/** A side longer than this is not decoded. */
const MAX_SIDE = 16_384;
/** Files with more streams than this are not media anyone made to be watched. */
const MAX_STREAMS = 64;

/**
 * Looks into a file without decoding it.
 * @throws TaskFailure UnsupportedMedia when it holds no readable video or audio, or is beyond the limits
 */
export async function probe(file: string, ctx: Pick<RunContext, 'signal' | 'engines'>): Promise<Media> {
  return mediaOf((await ffprobe(file, ctx)) as Probed);
}

/** What operations ask of ffprobe's findings. @throws TaskFailure as `probe` */
export function mediaOf(found: Probed): Media {
  const streams = found.streams ?? [];
  if (streams.length > MAX_STREAMS) {
    throw new TaskFailure(
      'UnsupportedMedia',
      `The source has ${streams.length} streams; at most ${MAX_STREAMS} are read.`,
    );
  }
  const format = found.format?.format_name ?? '';
  const total = positive(found.format?.bit_rate);
  const audio = streams.map(readAudio).find((stream) => stream !== undefined);
  const video = streams.map((stream) => readVideo(stream, total, audio)).find((stream) => stream !== undefined);
  const subtitle = streams.find((stream) => stream.codec_type === 'subtitle' && stream.codec_name !== undefined);
  if (video === undefined && audio === undefined) {
    throw new TaskFailure('UnsupportedMedia', 'The source holds no readable video or audio stream.');
  }
  return {
    format,
    duration: positive(found.format?.duration),
    durationIsGuess: /^(aac|mp3|amr|h264|hevc|m4v|mpegvideo)$/.test(format),
    video,
    audio,
    subtitle: subtitle && { index: subtitle.index, codec: subtitle.codec_name ?? '' },
  };
}

function readVideo(
  stream: ProbedStream,
  total: number | undefined,
  audio: AudioStream | undefined,
): VideoStream | undefined {
  const { codec_name: codec, width, height } = stream;
  if (stream.codec_type !== 'video' || isCover(stream)) return undefined;
  if (codec === undefined || codec === 'unknown' || !width || !height) return undefined;
  const rest = total === undefined ? undefined : total - (audio?.bitRate ?? 0);
  const aspect = ratio(stream.sample_aspect_ratio, ':')?.value ?? 1;
  const square = { width: Math.max(1, Math.round(width * aspect)), height };
  for (const side of [width, height, square.width]) {
    if (side > MAX_SIDE) tooLarge(`a side of ${side} pixels; at most ${MAX_SIDE} are`);
  }
  if (width * height > MAX_PIXELS) tooLarge(`frames of ${width * height} pixels; at most ${MAX_PIXELS} are`);
  const turned = rotationOf(stream) % 180 !== 0;
  return {
    index: stream.index,
    codec: ossName(codec),
    turned,
    shown: turned ? { width: square.height, height: square.width } : square,
    squarePixels: aspect === 1,
    pixelFormat: stream.pix_fmt ?? '',
    frameRate: readFrameRate(stream),
    bitRate:
      positive(stream.bit_rate) ?? positive(stream.tags?.BPS) ?? (rest !== undefined && rest > 0 ? rest : undefined),
  };
}

function tooLarge(what: string): never {
  throw new TaskFailure('UnsupportedMedia', `The source has ${what} read.`);
}

function readAudio(stream: ProbedStream): AudioStream | undefined {
  const { codec_name: codec, channels } = stream;
  const sampleRate = positive(stream.sample_rate);
  if (stream.codec_type !== 'audio' || codec === undefined || codec === 'unknown') return undefined;
  if (sampleRate === undefined || !channels) return undefined;
  return {
    index: stream.index,
    codec: ossName(codec),
    sampleRate,
    channels,
    bitRate: positive(stream.bit_rate) ?? positive(stream.tags?.BPS),
    bitsPerSample: positive(stream.bits_per_raw_sample) ?? positive(String(stream.bits_per_sample)),
  };
}

function readFrameRate(stream: ProbedStream): FrameRate | undefined {
  const average = ratio(stream.avg_frame_rate, '/');
  // Beyond 240, OSS's own limit, the second is the unit of the time stamps rather than a rate.
  const guess = ratio(stream.r_frame_rate, '/');
  const rate = average ?? (guess !== undefined && guess.value <= 240 ? guess : undefined);
  return rate && { ...rate, constant: average !== undefined && stream.r_frame_rate === stream.avg_frame_rate };
}

function ossName(codec: string): string {
  if (codec === 'hevc') return 'h265';
  if (codec === 'amr_nb' || codec === 'amr_wb') return 'amr';
  return codec.startsWith('pcm_') ? 'pcm' : codec;
}

const positive = (text: string | undefined) =>
  Number(text) > 0 && Number.isFinite(Number(text)) ? Number(text) : undefined;

function ratio(text: string | undefined, separator: string): { text: string; value: number } | undefined {
  const [above, below] = (text ?? '').split(separator).map(Number);
  if (text === undefined || !above || !below || above < 0 || below < 0) return undefined;
  return { text, value: above / below };
}
