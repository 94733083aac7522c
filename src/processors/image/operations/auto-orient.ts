import { bare, flag } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { upright } from '../geometry.ts';
import { honoured } from '../orientation.ts';
import { firstFrame } from '../picture.ts';

export default imageOperation({
  name: 'auto-orient',
  summary: 'Turns the picture as its EXIF orientation says, or leaves it as it is stored.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/auto-rotate',
  fidelity: { level: 'full' },
  first: true,
  tooManyEc: '0040-00000203',
  params: {
    value: bare(
      flag('1: as EXIF says, which is also done without this action. 0: as stored.', {
        ec: '0040-00000215',
        missingEc: '0040-00000214',
      }),
      'auto-orient',
    ),
  },
  examples: [
    { of: 'photo.jpg', process: 'image/auto-orient,1/resize,w_100', shows: 'upright first, wherever it stands' },
  ],
  takes: 'stored',
  async run({ input, params }) {
    const still = firstFrame(input);
    return params.value ? honoured(still) : { ...still, orientation: upright };
  },
});
