/**
 * The containers of `f`: how ffmpeg calls them, their Content-Type (media.md §7.8), and which codecs they take
 * (media.md §7.7). Shared by every operation that writes video or audio.
 */
import { TaskFailure } from '../failure.ts';
import type { VideoStream } from './probe.ts';

export interface Container {
  /** ffmpeg's muxer. */
  readonly muxer: string;
  /** One of the names ffprobe gives to what the muxer wrote. */
  readonly demuxer: string;
  readonly contentType: string;
  /** Codecs it takes, in OSS's words, encoded or copied. */
  readonly video: readonly string[];
  readonly audio: readonly string[];
  /**
   * Codecs of sources that OSS has no word for, taken when copied; `any` where the container takes everything
   * (assumed: OSS documents nothing about them; the rows hold what ffmpeg 5.1 writes and reads back).
   */
  readonly copied: readonly string[] | 'any';
  /** Kind of text subtitles it carries (media.md §8.2 rule 5); absent: none. */
  readonly subtitles?: 'mov_text' | 'matroska';
  readonly options?: readonly string[];
}

const single = <const C extends string>(codec: C, muxer: string, demuxer: string, contentType: string) =>
  ({ muxer, demuxer, contentType, video: [], audio: [codec], copied: [] }) as const satisfies Container;

const faststart = ['-movflags', '+faststart'];

export const containers = {
  mp4: {
    muxer: 'mp4',
    demuxer: 'mov',
    contentType: 'video/mp4',
    video: ['h264', 'h265', 'vp9'],
    audio: ['aac', 'mp3', 'vorbis', 'ac3', 'opus', 'flac'],
    copied: ['mpeg4', 'mpeg2video', 'mpeg1video', 'mjpeg', 'av1', 'mp2', 'eac3', 'alac', 'dts'],
    subtitles: 'mov_text',
    // flac in mp4 counts as experimental in ffmpeg 5.1
    options: [...faststart, '-strict', '-2'],
  },
  mkv: {
    muxer: 'matroska',
    demuxer: 'matroska',
    contentType: 'video/x-matroska',
    video: ['h264', 'h265', 'vp9'],
    audio: ['aac', 'mp3', 'vorbis', 'ac3', 'opus', 'flac', 'pcm', 'amr'],
    copied: 'any',
    subtitles: 'matroska',
  },
  mov: {
    muxer: 'mov',
    demuxer: 'mov',
    contentType: 'video/quicktime',
    video: ['h264', 'h265'],
    audio: ['aac', 'mp3', 'vorbis', 'ac3', 'pcm'],
    copied: ['mpeg4', 'mpeg2video', 'mjpeg', 'prores', 'h263', 'mp2', 'alac', 'eac3', 'amr'],
    subtitles: 'mov_text',
    options: faststart,
  },
  asf: {
    muxer: 'asf',
    demuxer: 'asf',
    contentType: 'video/x-ms-asf',
    video: ['h264', 'vp9'],
    audio: ['aac', 'mp3', 'flac', 'vorbis', 'ac3'],
    copied: ['wmv1', 'wmv2', 'wmv3', 'vc1', 'mpeg4', 'msmpeg4v3', 'wmav1', 'wmav2', 'wmapro', 'mp2', 'pcm'],
  },
  avi: {
    muxer: 'avi',
    demuxer: 'avi',
    contentType: 'video/x-msvideo',
    video: ['h264', 'vp9', 'h265'],
    audio: ['aac', 'mp3', 'flac', 'vorbis', 'ac3'],
    copied: ['mpeg4', 'msmpeg4v2', 'msmpeg4v3', 'mjpeg', 'mpeg2video', 'ffv1', 'mp2', 'pcm'],
  },
  mxf: {
    muxer: 'mxf',
    demuxer: 'mxf',
    contentType: 'application/mxf',
    video: ['h264'],
    audio: ['pcm'],
    copied: ['mpeg2video'],
    // ffmpeg's reader of mxf does not put B-frames back in order
    options: ['-bf', '0'],
  },
  ts: {
    muxer: 'mpegts',
    demuxer: 'mpegts',
    contentType: 'video/mp2t',
    video: ['h264', 'h265'],
    audio: ['aac', 'mp3', 'ac3', 'opus'],
    copied: ['mpeg2video', 'mpeg1video', 'mp2', 'eac3', 'dts'],
  },
  flv: {
    muxer: 'flv',
    demuxer: 'flv',
    contentType: 'video/x-flv',
    video: ['h264'],
    audio: ['aac', 'mp3'],
    copied: ['flv1'],
  },
  webm: {
    muxer: 'webm',
    demuxer: 'matroska',
    contentType: 'video/webm',
    video: ['vp9'],
    audio: ['vorbis', 'opus'],
    copied: ['vp8', 'av1'],
  },
  mp3: single('mp3', 'mp3', 'mp3', 'audio/mpeg'),
  aac: single('aac', 'adts', 'aac', 'audio/aac'),
  flac: single('flac', 'flac', 'flac', 'audio/flac'),
  oga: single('vorbis', 'oga', 'ogg', 'audio/ogg'),
  ac3: single('ac3', 'ac3', 'ac3', 'audio/ac3'),
  opus: single('opus', 'opus', 'ogg', 'audio/ogg'),
  amr: single('amr', 'amr', 'amr', 'audio/amr'),
} as const satisfies Record<string, Container>;

/** A value of `f`; also the extension of what is produced. */
export type ContainerName = keyof typeof containers;

export const containerNames = Object.keys(containers) as readonly ContainerName[] as readonly [
  ContainerName,
  ...ContainerName[],
];

/** Those that hold the sound of one codec and nothing else. */
export type AudioContainerName = {
  [N in ContainerName]: (typeof containers)[N]['video'] extends readonly [] ? N : never;
}[ContainerName];

/** Formats without a place for pictures drop video and subtitles by themselves (media.md §8.2 rule 4, assumed). */
export const isAudioOnly = (name: ContainerName): name is AudioContainerName => containers[name].video.length === 0;

export const audioContainerNames = containerNames.filter(isAudioOnly);

/** The codec of a format that holds sound alone. */
export const codecOf = (name: AudioContainerName) => containers[name].audio[0];

export const videoContainerNames = containerNames.filter(
  (name): name is Exclude<ContainerName, AudioContainerName> => !isAudioOnly(name),
);

/**
 * May this codec go into this container?
 * @param how `copied` codecs may be ones that OSS cannot encode
 * @throws TaskFailure InvalidArgument naming both
 */
export function requirePlace(
  name: ContainerName,
  kind: 'video' | 'audio',
  codec: string,
  how: 'encoded' | 'copied',
): void {
  const container: Container = containers[name];
  if (container[kind].includes(codec)) return;
  if (how === 'copied' && (container.copied === 'any' || container.copied.includes(codec))) return;
  const key = kind === 'video' ? 'vcodec' : 'acodec';
  const taken = container[kind].length === 0 ? `no ${kind}` : container[kind].join(', ');
  const advice = how === 'copied' ? ` Without ${key} the ${kind} is copied: choose one of these as ${key}.` : '';
  throw new TaskFailure(
    'InvalidArgument',
    `The container ${name} cannot hold ${codec} ${kind}; it takes ${taken}.${advice}`,
  );
}

/** Tags that players look for, without which some do not recognise h265 (media.md §7.7). */
export function tagOptions(name: ContainerName, videoCodec: string): readonly string[] {
  return videoCodec === 'h265' && ['mp4', 'mov', 'avi'].includes(name) ? ['-tag:v', 'hvc1'] : [];
}

/**
 * What copying a video into avi needs beside: start codes in h264 and h265, which mp4, mov and mkv leave out, and the
 * frame rate, which the muxer would double.
 */
export function copyOptions(name: ContainerName, { codec, frameRate }: VideoStream): readonly string[] {
  if (name !== 'avi') return [];
  const startCodes: Readonly<Record<string, readonly string[]>> = {
    h264: ['-bsf:v', 'h264_mp4toannexb', '-tag:v', 'H264'],
    h265: ['-bsf:v', 'hevc_mp4toannexb'],
  };
  return [...(startCodes[codec] ?? []), ...(frameRate?.constant ? ['-r', frameRate.text] : [])];
}

/**
 * What becomes of a subtitle stream: the codec it is written as, `copy`, or `undefined` when the container cannot
 * carry it (media.md §8.2 rule 5).
 */
export function subtitleCodec(name: ContainerName, codec: string): string | undefined {
  const kind = (containers[name] as Container).subtitles;
  if (kind === undefined) return undefined;
  if (kind === 'mov_text') return TEXT.includes(codec) ? 'mov_text' : undefined;
  if (KEPT.includes(codec)) return 'copy';
  return TEXT.includes(codec) ? 'srt' : undefined;
}

const TEXT = ['subrip', 'ass', 'ssa', 'mov_text', 'webvtt', 'text'];
const KEPT = ['subrip', 'ass', 'ssa', 'dvd_subtitle', 'hdmv_pgs_subtitle', 'dvb_subtitle'];
