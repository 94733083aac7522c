/**
 * video/concat (media.md §12): videos one after the other, brought to one form. What the request leaves open is taken
 * from the align file; nothing is copied.
 */
import { TaskFailure } from '../../failure.ts';
import { audioOptions, audioParams, checkAudio, depthParams } from '../../media/audio-stream.ts';
import { alignedTo, type Clip, checkClips, clipClauses, clipKeys, concatParams, openClips } from '../../media/clips.ts';
import { videoContainerNames } from '../../media/containers.ts';
import { channelLayout, nearestPixelFormat } from '../../media/encoders.ts';
import { joinPictures, joinSounds, metadataOf, type Piece } from '../../media/joining.ts';
import { produce } from '../../media/output.ts';
import type { AudioStream, VideoStream } from '../../media/probe.ts';
import { sampling, targetFrameRate } from '../../media/rates.ts';
import { outputSize } from '../../media/size.ts';
import { checkVideo, keyframeParams, videoOptions, videoParams, videoQuality } from '../../media/video-stream.ts';
import { fallback, flag, oneOf, type Values } from '../../params.ts';
import { videoOperation } from '../family.ts';

const origin = 'the align file';

const params = {
  ...concatParams,
  f: oneOf('Container of the output.', videoContainerNames),
  vn: fallback(flag('1 drops the video.'), false),
  vcodec: oneOf('Video codec; all inputs are encoded, none is copied.', ['h264', 'h265', 'vp9']),
  ...videoParams(0, origin),
  ...keyframeParams,
  an: fallback(flag('1 drops the audio.'), false),
  // pcm as in video/convert: mxf takes nothing else.
  acodec: oneOf('Audio codec; pcm for mxf.', ['mp3', 'aac', 'flac', 'vorbis', 'ac3', 'opus', 'amr', 'pcm']),
  ...audioParams(0, origin),
  ...depthParams(origin),
  sn: fallback(flag('1 drops the subtitles without a warning; they are dropped in any case.'), false),
};

type Params = Values<typeof params>;

export default videoOperation({
  name: 'concat',
  summary: 'Joins videos: clips before and after the main object.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-stitching',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because:
      'the scale of aq is assumed, and so are bars under scaletype_fit for other shapes than the align file’s; clips of another colour matrix keep their numbers',
  },
  params,
  clauses: clipClauses,
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'clip.mp4',
      process:
        'video/concat,ss_1000,t_2000,f_mp4,vcodec_h264,s_320x,scaletype_fit,crf_30,acodec_aac,ab_64000/pre,o_Y2xpcC5tcDQ,ss_4000/sur,o_c29uZy5tcDM,t_1000',
      shows: 'the last second of a video, two seconds of its middle, and black with a second of a song',
    },
    {
      of: 'clip.mp4',
      process: 'video/concat,f_webm,vcodec_vp9,crf_40,fps_10,s_160x90,an_1,acodec_opus,t_1000/sur,o_Y2xpcC5tcDQ,t_500',
      shows: 'silent WebM at ten frames a second',
    },
  ],
  check: (params, clauses) =>
    checkVideo(params, params.vcodec) ?? checkAudio(params) ?? checkClips(params.align, clauses),
  sources: clipKeys,
  async run({ input, params, clauses, ctx }) {
    const { f, align } = params;
    const clips = await openClips(input, params, clauses, ctx);
    if (!params.sn && clips.some(({ media }) => media.subtitle !== undefined)) {
      // Assumed, media.md §12.3.
      ctx.warn('The subtitles of the inputs are left out.');
    }
    const video = params.vn ? undefined : alignedTo('video', clips, align);
    const audio = params.an ? undefined : alignedTo('audio', clips, align);
    if (video === undefined && audio === undefined) {
      throw new TaskFailure('InvalidArgument', `Nothing is left to put into ${f}: vn, an or the inputs leave nothing.`);
    }
    const pieces = clips.map((clip) => ({ clip, seconds: secondsOf(clip, video !== undefined) }));
    const preset = ctx.engines.settings.encoderPreset;
    const pictures = video && pictureJoint(params, pieces, video.stream, preset);
    const sounds = audio && (await soundJoint(params, pieces, audio.stream, pictures?.inputs.length ?? 0));
    const joints = [pictures, sounds].filter((joint) => joint !== undefined);
    const inputs = joints.flatMap((joint) => joint.inputs);
    const options = [
      ...['-filter_complex', joints.map(({ graph }) => graph).join(';')],
      ...joints.flatMap(({ options }) => options),
      ...metadataOf(input, inputs),
    ];
    const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
    const wanted = { video: video !== undefined, audio: audio !== undefined, least: pictures?.lastFrame ?? seconds };
    return [await produce(f, { inputs, options, seconds }, wanted, ctx)];
  },
});

/** How long a clip is in the result: its picture counts, and its sound where there is none or pictures are dropped. */
function secondsOf({ video, audio }: Clip, pictures: boolean): number {
  const part = pictures ? (video ?? audio) : (audio ?? video);
  return part?.seconds ?? 0;
}

function pictureJoint(params: Params, pieces: readonly Piece[], aligned: VideoStream, preset: string) {
  const { f, fps, fpsopt, vcodec, scaletype, g } = params;
  const quality = videoQuality(params, aligned);
  const pixelFormat = quality.pixelFormat ?? nearestPixelFormat(vcodec, aligned.pixelFormat);
  const options = videoOptions(vcodec, { ...quality, pixelFormat, keyframeDistance: g }, f, preset);
  const rate = bounded(targetFrameRate(fps, fpsopt, aligned));
  const look = { size: outputSize(params, aligned), scaletype, rate, pixelFormat };
  return { ...joinPictures(pieces, look, 0), options: ['-map', '[v]', ...options] };
}

/** A rate for all clips. Files name absurd ones, or none; 240 is the highest that fps takes, 25 a usual one (assumed). */
function bounded(rate: { readonly text: string; readonly value: number } | undefined) {
  if (rate === undefined) return { text: '25', value: 25 };
  return rate.value > 240 ? { text: '240', value: 240 } : rate;
}

async function soundJoint(params: Params, pieces: readonly Piece[], aligned: AudioStream, first: number) {
  const { f, acodec } = params;
  const options = await audioOptions(acodec, params, aligned, f);
  const { rate, channels } = sampling(acodec, params, aligned, f);
  const tone = { rate, layout: channelLayout(acodec, channels) };
  return { ...joinSounds(pieces, tone, first), options: ['-map', '[a]', ...options] };
}
