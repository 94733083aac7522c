import { fail } from '../../../store/errors.ts';
import { int, oneOf, optional, type Param } from '../../params.ts';
import { anchors, originOf } from '../anchors.ts';
import { imageOperation } from '../family.ts';
import { crop } from '../picture.ts';

const MAX_SIDE = 16384;

/** The faces and the pleasing part of a picture are found by a cloud service. */
const byMachine = new Set(['auto', 'face']);

const place = oneOf('Where x and y count from.', anchors, { ec: '0040-00000209' });
const anchor: Param<(typeof anchors)[number]> = {
  ...place,
  parse(raw) {
    if (byMachine.has(raw)) fail('NotImplemented');
    return place.parse(raw);
  },
};

/** A start beyond the picture is found only when its size is known; OSS gives bad values no EC that is known. */
const offset = (doc: string) => optional(int(doc, { min: 0, max: Number.MAX_SAFE_INTEGER }));

export default imageOperation({
  name: 'crop',
  summary: 'Cuts a rectangle out.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/custom-crop',
  fidelity: { level: 'approximate', because: 'g_face and g_auto, which need a cloud service, are refused' },
  params: {
    w: optional(int('Width; 0 or absent: to the edge.', { min: 0, max: MAX_SIDE }, { ec: '0040-00000225' })),
    h: optional(int('Height; 0 or absent: to the edge.', { min: 0, max: MAX_SIDE }, { ec: '0040-00000226' })),
    x: offset('To the right of the anchor.'),
    y: offset('Down from the anchor.'),
    g: optional(anchor),
  },
  examples: [
    { of: 'photo.jpg', process: 'image/crop,w_400,h_400,g_center', shows: 'the middle of the picture' },
    { of: 'photo.jpg', process: 'image/crop,x_800,y_500', shows: 'all that is right of and below a point' },
  ],
  takes: 'frames',
  check({ w, h, x, y, g }) {
    const given = [w, h, x, y, g].some((value) => value !== undefined);
    return given ? undefined : { param: 'w', kind: 'missing', expected: 'w, h, x, y or g is required' };
  },
  run({ input, params }) {
    const { width, height } = input.facts;
    const { x = 0, y = 0, g = 'nw' } = params;
    const wanted = { width: params.w || width, height: params.h || height };
    const origin = originOf(g, input.facts, wanted);
    const left = origin.left + x;
    const top = origin.top + y;
    if (left >= width || top >= height) fail('CutEdgeExceedRange');
    return crop(input, {
      left,
      top,
      width: Math.min(wanted.width, width - left),
      height: Math.min(wanted.height, height - top),
    });
  },
});
