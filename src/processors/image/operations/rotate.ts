import { bare, int } from '../../params.ts';
import { imageOperation } from '../family.ts';
import type { Size, Turn } from '../geometry.ts';
import { checkTurnable } from '../orientation.ts';
import { append, turn } from '../picture.ts';

export default imageOperation({
  name: 'rotate',
  summary: 'Turns the picture clockwise.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/rotate',
  fidelity: {
    level: 'approximate',
    because: 'which colour OSS gives the corners is not documented: white in JPEG, transparent elsewhere',
  },
  tooManyEc: '0040-00000203',
  params: {
    angle: bare(int('Degrees.', { min: 0, max: 360 }, { ec: '0040-00000217', missingEc: '0040-00000216' }), 'rotate'),
  },
  examples: [
    { of: 'photo.jpg', process: 'image/rotate,90', shows: 'a quarter turn swaps width and height' },
    { of: 'photo.jpg', process: 'image/resize,w_300/rotate,30/format,png', shows: 'the corners are transparent' },
  ],
  async run({ input, params }) {
    const angle = params.angle % 360;
    if (angle === 0) return input;
    checkTurnable(input.facts);
    if (angle % 90 === 0) return turn(input, { mirror: false, quarters: (angle / 90) as Turn['quarters'] });
    return append(input, {
      slot: 'A',
      after: (before) => ({ ...before, ...boundingBox(before, angle), alpha: true }),
      add: (pipeline) => pipeline.rotate(angle, { background: { r: 255, g: 255, b: 255, alpha: 0 } }),
    });
  },
});

/** The canvas grows to hold the corners (image.md §6, assumed rounding; sharp rounds alike). */
function boundingBox({ width, height }: Size, degrees: number): Size {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}
