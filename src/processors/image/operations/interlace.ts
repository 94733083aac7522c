import { bare, flag } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { encodeAs } from '../picture.ts';

export default imageOperation({
  name: 'interlace',
  summary: 'Writes JPEG so that it appears blurred first and sharp later (progressive).',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/gradual-display',
  fidelity: { level: 'full' },
  tooManyEc: '0040-00000203',
  params: {
    value: bare(
      flag('1: progressive. Other formats than JPEG take no notice.', {
        ec: '0040-00000282',
        missingEc: '0040-00000281',
      }),
      'interlace',
    ),
  },
  examples: [{ of: 'photo.jpg', process: 'image/format,jpg/interlace,1', shows: 'a progressive JPEG' }],
  run: async ({ input, params }) => encodeAs(input, { interlace: params.value }),
});
