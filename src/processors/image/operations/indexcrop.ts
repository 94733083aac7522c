import { fallback, int, optional, type Values } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { crop } from '../picture.ts';

const anyLength = { min: 0, max: Number.MAX_SAFE_INTEGER };

const params = {
  // EC 223 by sequence (assumed).
  x: optional(int('Width of a slice.', anyLength, { ec: '0040-00000223' })),
  y: optional(int('Height of a slice; wins over x.', anyLength, { ec: '0040-00000224' })),
  i: fallback(int('Which slice, from 0.', anyLength, { ec: '0040-00000229' }), 0),
};

export default imageOperation({
  name: 'indexcrop',
  summary: 'Cuts the picture into slices and takes one.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/indexed-slice',
  fidelity: { level: 'full' },
  params,
  examples: [{ of: 'photo.jpg', process: 'image/indexcrop,x_300,i_1', shows: 'the second slice from the left' }],
  check: ({ x, y }: Values<typeof params>) =>
    x || y
      ? undefined
      : {
          param: 'x',
          // Neither given is answered as both zero (image.md §5, assumed).
          kind: 'invalid',
          expected: 'The length of a slice must be given: x or y, an integer from 1.',
          ec: '0040-00000230',
        },
  run: async ({ input, params }) => {
    const { width, height } = input.facts;
    const along = params.y || params.x || 1;
    const start = along * params.i;
    // The last slice is what remains (image.md §5, assumed); a slice that does not exist is the whole picture.
    if (start >= (params.y ? height : width)) return input;
    return params.y
      ? crop(input, { left: 0, top: start, width, height: Math.min(along, height - start) })
      : crop(input, { left: start, top: 0, width: Math.min(along, width - start), height });
  },
});
