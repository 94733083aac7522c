import { info } from '../../media/info.ts';
import { audioOperation } from '../family.ts';

export default audioOperation({
  ...info,
  summary: 'Says what is in a sound file as JSON: format, length, streams, tags.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/audio-information-extraction',
  examples: [{ of: 'song.mp3', process: 'audio/info', shows: 'container, sound and tags of a song' }],
});
