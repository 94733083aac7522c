import { fail } from '../../../store/errors.ts';
import { int, oneOf, optional, type Param } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { append } from '../picture.ts';

const range = { min: 1, max: 50 };

/** `g_face`, `g_faces`: where the faces are is known to a cloud service only. */
const place: Param<'face' | 'faces'> = {
  ...oneOf('Which part; only the whole picture can be blurred here.', ['face', 'faces']),
  parse: () => fail('NotImplemented'),
};

export default imageOperation({
  name: 'blur',
  summary: 'Blurs the picture.',
  docs: 'https://help.aliyun.com/document_detail/44966.html',
  fidelity: { level: 'approximate', because: 'g_face and g_faces, which need a cloud service, are refused' },
  params: {
    r: int('Radius.', range, { ec: '0040-00000241' }),
    s: int('Standard deviation.', range, { ec: '0040-00000242' }),
    g: optional(place),
  },
  examples: [{ of: 'photo.jpg', process: 'image/resize,w_300/blur,r_3,s_2', shows: 'a soft thumbnail' }],
  run: ({ input, params: { r, s } }) =>
    append(input, {
      slot: 'B',
      after: (before) => before,
      add: (pipeline) => pipeline.blur({ sigma: s, minAmplitude: weightAt(r + 0.5, s), precision: 'float' }),
    }),
});

/** The kernel ends where its weight falls under the smallest one asked for: so many pixels from its middle. */
const weightAt = (distance: number, sigma: number) =>
  Math.min(1, Math.max(0.001, Math.exp(-(distance ** 2) / (2 * sigma ** 2))));
