import { int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { masked } from '../mask.ts';

export default imageOperation({
  name: 'rounded-corners',
  summary: 'Rounds the corners off.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/rounded-rectangle',
  fidelity: { level: 'full' },
  params: { r: int('Radius.', { min: 1, max: 4096 }, { ec: '0040-00000237' }) },
  examples: [
    { of: 'photo.jpg', process: 'image/resize,w_300/rounded-corners,r_30/format,png', shows: 'transparent corners' },
  ],
  run({ input, params }) {
    const { width, height } = input.facts;
    const r = Math.min(params.r, width / 2, height / 2);
    return masked(input, `<rect width="${width}" height="${height}" rx="${r}" ry="${r}"/>`);
  },
});
