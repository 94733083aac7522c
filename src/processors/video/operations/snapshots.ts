/** video/snapshots (media.md §10): pictures of a video, each an object of its own. */
import { checkPick, pickParams } from '../../media/frame-params.ts';
import { percentParam, placed, scaleParam, sideParam } from '../../media/picture-size.ts';
import { checkPicture, pictureFormats, takePictures } from '../../media/pictures.ts';
import { withShots } from '../../media/shots.ts';
import type { Artifact } from '../../operation.ts';
import { oneOf } from '../../params.ts';
import { videoOperation } from '../family.ts';

export default videoOperation({
  name: 'snapshots',
  summary: 'Takes pictures out of a video.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-frame-cutting',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'OSS does not say how its difference hash is made; at most 10,000 pictures a task',
  },
  notifies: 'Snapshots',
  params: {
    ...pickParams,
    f: oneOf('Format of the pictures.', ['jpg', 'png']),
    w: sideParam('Width'),
    h: sideParam('Height'),
    pw: percentParam('Width', 'w'),
    ph: percentParam('Height', 'h'),
    scaletype: scaleParam,
  },
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'clip.mp4',
      process: 'video/snapshots,f_jpg,inter_2000,w_320,h_180',
      shows: 'a small picture every two seconds',
    },
    { of: 'clip.mp4', process: 'video/snapshots,f_png,m_avg,num_2,pw_50,ph_50', shows: 'two, evenly over the video' },
  ],
  check: checkPick,
  run: ({ input, params, ctx: whole }) =>
    withShots(input, { ...params, t: 0 }, whole, async (shots, ctx) => {
      const { contentType } = pictureFormats[params.f];
      const size = placed(params, shots.video.shown);
      const files = await takePictures(shots, size, params.f, ctx);
      const made: Artifact[] = [];
      for (let n = 1; n <= files.written().count; n += 1) {
        const file = files.name(n);
        await checkPicture(file, params.f, size.size);
        made.push({ file, ext: params.f, contentType, variables: { index: String(n), streamindex: '0' } });
      }
      return made;
    }),
});
