import { bare, int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { append } from '../picture.ts';

/** Radius and threshold (2 of 255, in the units of L*) of the unsharp mask (image.md §10.4, assumed). */
const SIGMA = 0.8;
const THRESHOLD = (2 / 255) * 100;
/** sharp bounds how far it brightens and darkens; an unsharp mask does not. */
const UNBOUNDED = 100;

export default imageOperation({
  name: 'sharpen',
  summary: 'Sharpens edges.',
  docs: 'https://help.aliyun.com/document_detail/44970.html',
  fidelity: { level: 'approximate', because: 'an unsharp mask of lightness; the kernel OSS uses is not published' },
  tooManyEc: '0040-00000203',
  params: {
    value: bare(
      int('Strength; 100 is recommended.', { min: 50, max: 399 }, { ec: '0040-00000280', missingEc: '0040-00000279' }),
      'sharpen',
    ),
  },
  examples: [{ of: 'photo.jpg', process: 'image/resize,w_300/sharpen,100', shows: 'a crisp thumbnail' }],
  run: ({ input, params }) =>
    append(input, {
      slot: 'P',
      after: (before) => before,
      add: (pipeline) =>
        pipeline.sharpen({ sigma: SIGMA, m1: 0, m2: params.value / 100, x1: THRESHOLD, y2: UNBOUNDED, y3: UNBOUNDED }),
    }),
});
