/**
 * video/convert (media.md §8): one file in, one file out. Without `vcodec` or `acodec` that stream is copied, and the
 * parameters of its encoding have no effect (§8.2 rule 1); their ranges are checked all the same.
 */
import { TaskFailure } from '../../failure.ts';
import { audioOptions, audioParams, checkAudio, depthParams } from '../../media/audio-stream.ts';
import {
  type ContainerName,
  containerNames,
  copyOptions,
  isAudioOnly,
  requirePlace,
  subtitleCodec,
  tagOptions,
} from '../../media/containers.ts';
import type { VideoQuality } from '../../media/encoders.ts';
import { produce, windowOptions, windowSeconds } from '../../media/output.ts';
import type { AudioStream, Media, VideoStream } from '../../media/probe.ts';
import { windowParams } from '../../media/recording.ts';
import {
  checkVideo,
  keyframeParams,
  pictureFilters,
  videoOptions,
  videoParams,
  videoQuality,
} from '../../media/video-stream.ts';
import type { Problem } from '../../operation.ts';
import { fallback, flag, oneOf, optional, type Values } from '../../params.ts';
import { videoOperation } from '../family.ts';

const params = {
  ...windowParams,
  f: oneOf('Container of the output.', containerNames),
  vn: fallback(flag('1 drops the video.'), false),
  vcodec: fallback(oneOf('Video codec; copy takes the video as it is.', ['copy', 'h264', 'h265', 'vp9']), 'copy'),
  ...videoParams(0),
  ...keyframeParams,
  an: fallback(flag('1 drops the audio.'), false),
  // pcm stands in OSS's own command line tool, not on its page (media.md §8.1); mxf takes nothing else.
  acodec: optional(
    oneOf('Audio codec; copy, the default, takes the audio as it is. The default for mxf is pcm.', [
      ...(['copy', 'mp3', 'aac', 'flac', 'vorbis', 'ac3', 'opus', 'amr', 'pcm'] as const),
    ]),
  ),
  ...audioParams(0),
  ...depthParams(),
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
    const subtitles = isAudioOnly(f) || params.sn ? [] : subtitlePart(f, media, ctx.warn);
    const options = [
      ...(video === undefined ? ['-vn'] : videoPart(params, video, ctx.engines.settings.encoderPreset)),
      ...(audio === undefined ? ['-an'] : await audioPart(params, audio)),
      ...subtitles,
      ...['-map_metadata', '0'],
      ...after,
    ];
    const command = { inputs: [{ file: source.file, options: before }], options, seconds };
    return [await produce(f, command, { video: video !== undefined, audio: audio !== undefined }, ctx)];
  },
});

function check(params: Params): Problem | undefined {
  return checkVideo(params, params.vcodec) ?? checkAudio(params) ?? checkSlim(params);
}

function checkSlim({ vcodec, videoslim, pixfmt }: Params): Problem | undefined {
  const invalid = (expected: string): Problem => ({ param: 'videoslim', kind: 'invalid', expected });
  if (!videoslim || vcodec === 'copy') return undefined;
  if (vcodec === 'vp9') return invalid('videoslim needs vcodec_h264 or vcodec_h265');
  return pixfmt !== undefined && pixfmt !== 'yuv420p' ? invalid('videoslim needs pixfmt_yuv420p') : undefined;
}

function videoPart(params: Params, source: VideoStream, preset: string): readonly string[] {
  const { f, vcodec } = params;
  const map = ['-map', `0:${source.index}`];
  if (vcodec === 'copy') {
    requirePlace(f, 'video', source.codec, 'copied');
    return [...map, '-c:v', 'copy', ...copyOptions(f, source), ...tagOptions(f, source.codec)];
  }
  const quality = { ...videoQuality(params, source), keyframeDistance: params.g };
  const options = videoOptions(vcodec, params.videoslim ? slimmed(quality, source) : quality, f, preset);
  const filters = pictureFilters(params, source);
  return [...map, ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]), ...options];
}

/** A lower bit rate or quality for `videoslim`: crf + 3 or vb x 0.7 (assumed, media.md §8.1). */
function slimmed(quality: VideoQuality, source: VideoStream): VideoQuality {
  if (quality.pixelFormat === undefined && !/^yuvj?420p$/.test(source.pixelFormat)) {
    throw new TaskFailure(
      'InvalidArgument',
      `videoslim takes 8-bit yuv420p only; the source is ${source.pixelFormat}: add pixfmt_yuv420p.`,
    );
  }
  const { bitRate, crf } = quality;
  return {
    ...quality,
    bitRate: bitRate === undefined ? undefined : Math.round(bitRate * 0.7),
    crf: Math.min(51, crf + 3),
  };
}

async function audioPart(params: Params, source: AudioStream): Promise<readonly string[]> {
  const { f } = params;
  // mxf holds uncompressed sound only, so there the default is not copy (assumed, media.md §7.7).
  const codec = params.acodec ?? (f === 'mxf' ? 'pcm' : 'copy');
  const map = ['-map', `0:${source.index}`];
  if (codec !== 'copy') return [...map, ...(await audioOptions(codec, params, source, f))];
  requirePlace(f, 'audio', source.codec, 'copied');
  return [...map, '-c:a', 'copy'];
}

function subtitlePart(f: ContainerName, { subtitle }: Media, warn: (text: string) => void): readonly string[] {
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
