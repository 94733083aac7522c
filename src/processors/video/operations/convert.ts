/**
 * video/convert (media.md §8): one file in, one file out. Without `vcodec` or `acodec` that stream is copied, and the
 * parameters of its encoding have no effect (§8.2 rule 1); their ranges are checked all the same.
 */
import { TaskFailure } from '../../failure.ts';
import type { Problem } from '../../operation.ts';
import { decimal, fallback, flag, int, millis, oneOf, oneOfInts, optional, type Values } from '../../params.ts';
import {
  type ContainerName,
  containerNames,
  copyOptions,
  isAudioOnly,
  requirePlace,
  subtitleCodec,
  tagOptions,
} from '../containers.ts';
import { audioEncoderOptions, PIXEL_FORMATS, videoEncoderOptions } from '../encoders.ts';
import { videoOperation } from '../family.ts';
import type { AudioStream, Media, VideoStream } from '../media.ts';
import { produce, windowOptions, windowSeconds } from '../output.ts';
import { frameRateFilters, SAMPLE_RATES, sampling, targetBitRate } from '../rates.ts';
import { sizeFilters, sizeParam } from '../size.ts';

const BIT_RATE = { min: 10_000, max: 100_000_000 };
const ADJUST = [0, 1, 2] as const;

const params = {
  ss: fallback(millis('Where to start, in milliseconds.'), 0),
  t: fallback(millis('How long, in milliseconds; 0: to the end.'), 0),
  f: oneOf('Container of the output.', containerNames),
  vn: fallback(flag('1 drops the video.'), false),
  vcodec: fallback(oneOf('Video codec; copy takes the video as it is.', ['copy', 'h264', 'h265', 'vp9']), 'copy'),
  fps: optional(decimal('Frames per second; 0: as the source.', { min: 0, max: 240 })),
  fpsopt: fallback(oneOfInts('Slower source: 0 takes fps all the same, 1 keeps its rate, 2 fails.', ADJUST), 0),
  pixfmt: optional(oneOf('Pixel format; yuva420p with vp9 only.', PIXEL_FORMATS)),
  s: optional(sizeParam('Size; a side left out is that of the source.')),
  sopt: fallback(oneOfInts('Source of a smaller area: 0 takes s all the same, 1 keeps its size, 2 fails.', ADJUST), 0),
  scaletype: fallback(oneOf('How the picture gets its size.', ['stretch', 'crop', 'fill', 'fit']), 'stretch'),
  // OSS's pages contradict each other about the default (media.md §22.3); 0 is assumed.
  arotate: fallback(flag('1 reads s as long x short, so that upright sources stay upright.'), false),
  g: fallback(int('Greatest distance of key frames, in frames.', { min: 1, max: 100_000 }), 150),
  vb: optional(int('Video bit rate in bit/s; excludes crf.', BIT_RATE)),
  vbopt: fallback(
    oneOfInts('Source of a lower bit rate: 0 takes vb all the same, 1 keeps its rate, 2 fails.', ADJUST),
    0,
  ),
  crf: optional(decimal('Constant quality, lower is better; 23 without vb. Excludes vb.', { min: 0, max: 51 })),
  maxrate: optional(int('Highest bit rate in bit/s; needs crf and bufsize.', BIT_RATE)),
  bufsize: optional(int('Rate control buffer in bits; needs crf.', { min: 10_000, max: 200_000_000 })),
  an: fallback(flag('1 drops the audio.'), false),
  // pcm stands in OSS's own command line tool, not on its page (media.md §8.1); mxf takes nothing else.
  acodec: optional(
    oneOf('Audio codec; copy, the default, takes the audio as it is. The default for mxf is pcm.', [
      ...(['copy', 'mp3', 'aac', 'flac', 'vorbis', 'ac3', 'opus', 'amr', 'pcm'] as const),
    ]),
  ),
  ar: optional(oneOfInts('Sample rate in Hz; absent: that of the source.', SAMPLE_RATES)),
  ac: optional(int('Channels; absent: those of the source.', { min: 1, max: 8 })),
  aq: optional(int('Audio quality, higher is better; excludes ab.', { min: 0, max: 100 })),
  ab: optional(int('Audio bit rate in bit/s; excludes aq.', { min: 1000, max: 10_000_000 })),
  abopt: fallback(
    oneOfInts('Source of a lower bit rate: 0 takes ab all the same, 1 keeps its rate, 2 fails.', ADJUST),
    0,
  ),
  adepth: optional(oneOfInts('Bits per sample, flac only; absent: as the source.', [16, 24])),
  sn: fallback(flag('1 drops the subtitles.'), false),
  videoslim: fallback(flag('1 makes a smaller file of the same look; h264 and h265 in 8-bit yuv420p only.'), false),
};

type Params = Values<typeof params>;

export default videoOperation({
  name: 'convert',
  summary: 'Transcodes, cuts or repacks a video; takes the sound out of it.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-transcoding',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'videoslim lowers the quality a little where OSS uses an encoder of its own; the scale of aq is assumed',
  },
  params,
  variables: ['index', 'streamindex', 'resolution'],
  examples: [
    {
      of: 'clip.mp4',
      process: 'video/convert,f_mp4,vcodec_h264,s_320x,scaletype_fit,crf_30,acodec_aac,ab_64000',
      shows: 'a smaller copy: at most 320 pixels wide, the height follows',
    },
    { of: 'clip.mp4', process: 'video/convert,f_mkv', shows: 'another container, nothing encoded again' },
    { of: 'clip.mp4', process: 'video/convert,f_mp3,acodec_mp3,ab_96000', shows: 'the sound alone' },
  ],
  check,
  async run({ input: { source, media }, params, ctx }) {
    const { f, ss, t } = params;
    const video = isAudioOnly(f) || params.vn ? undefined : media.video;
    const audio = params.an ? undefined : media.audio;
    if (video === undefined && audio === undefined) {
      throw new TaskFailure('InvalidArgument', `Nothing is left to put into ${f}: ${inventory(media)}.`);
    }
    const seconds = windowSeconds({ ss, t }, media);
    const { before, after } = windowOptions({ ss, t }, media);
    const subtitles = isAudioOnly(f) || params.sn ? [] : subtitleOptions(f, media, ctx.warn);
    const options = [
      ...(video === undefined ? ['-vn'] : videoOptions(params, video, ctx.engines.settings.encoderPreset)),
      ...(audio === undefined ? ['-an'] : await audioOptions(params, audio)),
      ...subtitles,
      ...['-map_metadata', '0'],
      ...after,
    ];
    const command = { inputs: [{ file: source.file, options: before }], options, seconds };
    return [await produce(f, command, { video: video !== undefined, audio: audio !== undefined }, ctx)];
  },
});

/** Rules across parameters (media.md §7.5, §8.1); refusing what only excludes each other is assumed. */
function check(params: Params): Problem | undefined {
  const { vb, crf, maxrate, bufsize, aq, ab, pixfmt, vcodec, videoslim } = params;
  const invalid = (param: string, expected: string): Problem => ({ param, kind: 'invalid', expected });
  if (vb !== undefined && crf !== undefined) return invalid('crf', 'vb and crf exclude each other: give one of them');
  if (ab !== undefined && aq !== undefined) return invalid('aq', 'ab and aq exclude each other: give one of them');
  if (bufsize !== undefined && crf === undefined) return invalid('bufsize', 'bufsize needs crf');
  if (maxrate !== undefined && (crf === undefined || bufsize === undefined)) {
    return invalid('maxrate', 'maxrate needs crf and bufsize');
  }
  if (vcodec === 'copy') return undefined;
  if (pixfmt === 'yuva420p' && vcodec !== 'vp9') return invalid('pixfmt', 'yuva420p needs vcodec_vp9');
  if (videoslim && vcodec === 'vp9') return invalid('videoslim', 'videoslim needs vcodec_h264 or vcodec_h265');
  if (videoslim && pixfmt !== undefined && pixfmt !== 'yuv420p')
    return invalid('videoslim', 'videoslim needs pixfmt_yuv420p');
  return undefined;
}

function videoOptions(params: Params, source: VideoStream, preset: string): readonly string[] {
  const { f, vcodec } = params;
  const map = ['-map', `0:${source.index}`];
  if (vcodec === 'copy') {
    requirePlace(f, 'video', source.codec, 'copied');
    return [...map, '-c:v', 'copy', ...copyOptions(f, source), ...tagOptions(f, source.codec)];
  }
  requirePlace(f, 'video', vcodec, 'encoded');
  const filters = [...sizeFilters(params, source), ...frameRateFilters(params.fps, params.fpsopt, source)];
  const quality = {
    ...slimmed(params, source),
    maxRate: params.maxrate,
    bufferSize: params.bufsize,
    keyframeDistance: params.g,
    pixelFormat: params.pixfmt,
  };
  return [
    ...map,
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    ...videoEncoderOptions(vcodec, quality, preset),
    ...tagOptions(f, vcodec),
  ];
}

/** Bit rate or quality, lowered for `videoslim`: crf + 3 or vb x 0.7 (assumed, media.md §8.1). */
function slimmed(params: Params, source: VideoStream): { bitRate: number | undefined; crf: number } {
  const { vb, vbopt, crf = 23, videoslim, pixfmt } = params;
  const bitRate = vb === undefined ? undefined : targetBitRate(vb, vbopt, source.bitRate, 'vb');
  if (!videoslim) return { bitRate, crf };
  if (pixfmt === undefined && !/^yuvj?420p$/.test(source.pixelFormat)) {
    throw new TaskFailure(
      'InvalidArgument',
      `videoslim takes 8-bit yuv420p only; the source is ${source.pixelFormat}: add pixfmt_yuv420p.`,
    );
  }
  return { bitRate: bitRate === undefined ? undefined : Math.round(bitRate * 0.7), crf: Math.min(51, crf + 3) };
}

async function audioOptions(params: Params, source: AudioStream): Promise<readonly string[]> {
  const { f, ab, aq, abopt } = params;
  // mxf holds uncompressed sound only, so there the default is not copy (assumed, media.md §7.7).
  const codec = params.acodec ?? (f === 'mxf' ? 'pcm' : 'copy');
  const map = ['-map', `0:${source.index}`];
  if (codec === 'copy') {
    requirePlace(f, 'audio', source.codec, 'copied');
    return [...map, '-c:a', 'copy'];
  }
  requirePlace(f, 'audio', codec, 'encoded');
  const lossless = codec === 'flac' || codec === 'pcm';
  return [
    ...map,
    ...(await audioEncoderOptions(codec, {
      sampling: sampling(codec, params, source, f),
      bitRate: ab === undefined || lossless ? undefined : targetBitRate(ab, abopt, source.bitRate, 'ab'),
      quality: aq,
      depth: params.adepth ?? (source.bitsPerSample !== undefined && source.bitsPerSample > 16 ? 24 : 16),
    })),
  ];
}

function subtitleOptions(f: ContainerName, { subtitle }: Media, warn: (text: string) => void): readonly string[] {
  if (subtitle === undefined) return [];
  const codec = subtitleCodec(f, subtitle.codec);
  if (codec !== undefined) return ['-map', `0:${subtitle.index}`, '-c:s', codec];
  warn(`The subtitles (${subtitle.codec}) are left out: ${f} cannot carry them.`);
  return [];
}

function inventory({ video, audio }: Media): string {
  const has = [...(video === undefined ? [] : ['video']), ...(audio === undefined ? [] : ['audio'])];
  return `the source has ${has.join(' and ')}, and vn, an or the container drops it`;
}
