import { int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { masked } from '../mask.ts';
import { crop } from '../picture.ts';

export default imageOperation({
  name: 'circle',
  summary: 'Cuts a circle out of the middle.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/circle-crop',
  fidelity: { level: 'full' },
  params: { r: int('Radius.', { min: 1, max: 4096 }, { ec: '0040-00000233' }) },
  examples: [{ of: 'photo.jpg', process: 'image/circle,r_200/format,png', shows: 'a disc on transparent ground' }],
  async run({ input, params }) {
    const { width, height } = input.facts;
    // How OSS rounds half of an even side is not documented: down (image.md §8, assumed).
    const r = Math.min(params.r, Math.floor((Math.min(width, height) - 1) / 2));
    const side = 2 * r + 1;
    const square = await crop(input, {
      left: Math.floor((width - side) / 2),
      top: Math.floor((height - side) / 2),
      width: side,
      height: side,
    });
    return masked(square, `<circle cx="${side / 2}" cy="${side / 2}" r="${side / 2}"/>`);
  },
});
