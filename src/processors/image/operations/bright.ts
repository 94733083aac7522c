import { bare, int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { linear } from '../linear.ts';

export default imageOperation({
  name: 'bright',
  summary: 'Makes the picture brighter or darker.',
  docs: 'https://help.aliyun.com/document_detail/44968.html',
  fidelity: { level: 'approximate', because: 'the value is added to each channel; what OSS computes is not published' },
  tooManyEc: '0040-00000203',
  params: {
    value: bare(
      int(
        'Below 0 darker, above 0 brighter.',
        { min: -100, max: 100 },
        { ec: '0040-00000246', missingEc: '0040-00000245' },
      ),
      'bright',
    ),
  },
  examples: [{ of: 'photo.jpg', process: 'image/resize,w_300/bright,40', shows: 'a brighter thumbnail' }],
  run: ({ input, params }) => linear(input, 1, params.value),
});
