import { bare, int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { linear } from '../linear.ts';

const MIDDLE = 128;

export default imageOperation({
  name: 'contrast',
  summary: 'Gives the picture more or less contrast.',
  docs: 'https://help.aliyun.com/document_detail/44969.html',
  fidelity: { level: 'approximate', because: 'channels are spread around 128; what OSS computes is not published' },
  tooManyEc: '0040-00000203',
  params: {
    // ECs by sequence (assumed).
    value: bare(
      int('Below 0 less, above 0 more.', { min: -100, max: 100 }, { ec: '0040-00000248', missingEc: '0040-00000247' }),
      'contrast',
    ),
  },
  examples: [{ of: 'photo.jpg', process: 'image/resize,w_300/contrast,-40', shows: 'a flat thumbnail' }],
  run({ input, params }) {
    // The gains of an independent implementation (image.md §10.3, assumed).
    const gain = 1 + params.value / (params.value > 0 ? 100 : 200);
    return linear(input, gain, MIDDLE - MIDDLE * gain);
  },
});
