/** audio/convert (media.md §13): the first sound of a file, always encoded; `f` says in which codec. */
import { TaskFailure } from '../../failure.ts';
import { audioOptions, audioParams, checkAudio, depthParams } from '../../media/audio-stream.ts';
import { audioContainerNames, codecOf } from '../../media/containers.ts';
import { produce, windowOptions, windowSeconds } from '../../media/output.ts';
import { windowParams } from '../../media/recording.ts';
import { oneOf } from '../../params.ts';
import { audioOperation } from '../family.ts';

export default audioOperation({
  name: 'convert',
  summary: 'Transcodes and cuts sound; takes it out of a video.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/audio-transcoding',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'the scale of aq is assumed; f_amr needs an encoder that ffmpeg has not everywhere',
  },
  params: {
    ...windowParams,
    f: oneOf('Format of the output, which fixes the codec.', audioContainerNames),
    ...audioParams(0),
    ...depthParams(),
  },
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'song.mp3',
      process: 'audio/convert,ss_1000,t_3000,f_aac,ab_96000',
      shows: 'three seconds from the first second on, as AAC',
    },
    { of: 'song.mp3', process: 'audio/convert,f_flac,ar_48000,ac_1,adepth_24', shows: 'mono, 48 kHz and 24 bits' },
    { of: 'clip.mp4', process: 'audio/convert,f_oga,aq_60', shows: 'the sound of a video' },
  ],
  check: checkAudio,
  async run({ input: { source, media }, params, ctx }) {
    const { f } = params;
    const { audio } = media;
    if (audio === undefined) throw new TaskFailure('InvalidArgument', 'The source has no sound.');
    const seconds = windowSeconds(params, media);
    const { before, after } = windowOptions(params, media);
    const options = [
      ...['-map', `0:${audio.index}`],
      ...(await audioOptions(codecOf(f), params, audio, f)),
      ...['-map_metadata', '0'],
      ...after,
    ];
    const command = { inputs: [{ file: source.file, options: before }], options, seconds };
    return [await produce(f, command, { video: false, audio: true }, ctx)];
  },
});
