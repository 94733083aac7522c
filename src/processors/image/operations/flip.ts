import { bare, oneOfInts } from '../../params.ts';
import { imageOperation } from '../family.ts';
import type { Turn } from '../geometry.ts';
import { turn } from '../picture.ts';

/** Upside down is a mirror and half a turn. */
const turns: Readonly<Record<0 | 1 | 2, Turn>> = {
  0: { mirror: true, quarters: 2 },
  1: { mirror: true, quarters: 0 },
  2: { mirror: false, quarters: 2 },
};

export default imageOperation({
  name: 'flip',
  summary: 'Mirrors the picture.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/overview-17',
  fidelity: { level: 'approximate', because: "known from Alibaba's own tools only; OSS's pages do not list it" },
  params: { value: bare(oneOfInts('0: top to bottom. 1: left to right. 2: both.', [0, 1, 2]), 'flip') },
  examples: [{ of: 'photo.jpg', process: 'image/flip,1', shows: 'left and right swapped' }],
  run: ({ input, params }) => turn(input, turns[params.value]),
});
