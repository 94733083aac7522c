/** audio/concat (media.md §14): sounds one after the other, brought to one form; `f` says in which codec. */
import { TaskFailure } from '../../failure.ts';
import { audioOptions, audioParams, checkAudio, depthParams } from '../../media/audio-stream.ts';
import { checkClips, clipClauses, clipKeys, concatParams, openClips } from '../../media/clips.ts';
import { audioContainerNames, codecOf } from '../../media/containers.ts';
import { channelLayout } from '../../media/encoders.ts';
import { joinSounds, metadataOf } from '../../media/joining.ts';
import { produce } from '../../media/output.ts';
import { sampling } from '../../media/rates.ts';
import { oneOf } from '../../params.ts';
import { audioOperation } from '../family.ts';

const origin = 'the align file';

export default audioOperation({
  name: 'concat',
  summary: 'Joins sounds: clips before and after the main object.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/audio-stitching',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'the scale of aq is assumed; f_amr needs an encoder that ffmpeg has not everywhere',
  },
  params: {
    ...concatParams,
    f: oneOf('Format of the output, which fixes the codec.', audioContainerNames),
    ...audioParams(0, origin),
    ...depthParams(origin),
  },
  clauses: clipClauses,
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'song.mp3',
      process: 'audio/concat,f_mp3,ab_64000,t_2000,align_1/pre,o_Y2xpcC5tcDQ,ss_1000,t_1500/sur,o_c29uZy5tcDM,ss_6000',
      shows: 'the sound of a video, then two seconds of the song, then its end',
    },
  ],
  check: (params, clauses) => checkAudio(params) ?? checkClips(params.align, clauses),
  sources: clipKeys,
  async run({ input, params, clauses, ctx }) {
    const { f } = params;
    const clips = await openClips(input, params, clauses, ctx);
    const aligned = clips[params.align]?.audio;
    const silent = clips.find(({ audio }) => audio === undefined);
    // Not made up of silence, as in video/concat: audio/convert fails as well (assumed, media.md §13, §14).
    if (silent !== undefined || aligned === undefined) {
      throw new TaskFailure('InvalidArgument', `${silent?.name} has no sound in the part that is to be joined.`);
    }
    const codec = codecOf(f);
    const encoding = await audioOptions(codec, params, aligned.stream, f);
    const { rate, channels } = sampling(codec, params, aligned.stream, f);
    const { inputs, graph } = joinSounds(
      clips.map((clip) => ({ clip })),
      { rate, layout: channelLayout(codec, channels) },
      0,
    );
    const options = ['-filter_complex', graph, '-map', '[a]', ...encoding, ...metadataOf(input, inputs)];
    const seconds = clips.reduce((sum, clip) => sum + (clip.audio?.seconds ?? 0), 0);
    return [await produce(f, { inputs, options, seconds }, { video: false, audio: true }, ctx)];
  },
});
