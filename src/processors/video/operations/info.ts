import { info } from '../../media/info.ts';
import { videoOperation } from '../family.ts';

export default videoOperation({
  ...info,
  summary: 'Says what is in a video as JSON: format, length, streams, tags.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-information-extraction',
  examples: [{ of: 'clip.mp4', process: 'video/info', shows: 'container, picture and sound of a clip' }],
});
