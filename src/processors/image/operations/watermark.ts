import type { Problem, RunContext } from '../../operation.ts';
import { base64, color, fallback, flag, int, oneOf, oneOfInts, optional, type Values } from '../../params.ts';
import { anchors } from '../anchors.ts';
import { imageOperation } from '../family.ts';
import { DEFAULT_FONT, fontNames } from '../fonts.ts';
import { checkMark, faded, type Mark, onCanvas, textMark } from '../mark.ts';
import { checkNested, imageMark } from '../nested.ts';
import type { Picture } from '../picture.ts';
import { cornerAt, stamp, tile } from '../stamp.ts';

const MAX_TEXT_BYTES = 64;
const margin = { min: 0, max: 4096 };

const params = {
  text: optional(base64('The text, one line of at most 64 bytes.', { ec: '0040-00000258' })),
  image: optional(
    base64('An object of the same bucket, with or without ?x-oss-process=image/….', {
      type: 'object',
      ec: '0040-00000265',
    }),
  ),
  t: fallback(int('Opacity in percent.', { min: 0, max: 100 }, { ec: '0040-00000263' }), 100),
  g: fallback(oneOf('Where the mark stands.', anchors, { ec: '0040-00000260' }), 'se'),
  // ECs of x and pady by sequence (assumed).
  x: fallback(int('Distance from the left or right edge.', margin, { ec: '0040-00000262' }), 10),
  y: fallback(int('Distance from the upper or lower edge.', margin, { ec: '0040-00000264' }), 10),
  voffset: fallback(
    int('How far west, center and east stand below the middle.', { min: -1000, max: 1000 }, { ec: '0040-00000268' }),
    0,
  ),
  fill: fallback(flag('1: all over the picture.', { ec: '0040-00000274' }), false),
  padx: fallback(int('With fill_1: pixels between two marks.', margin, { ec: '0040-00000276' }), 0),
  pady: fallback(int('With fill_1: pixels between two rows.', margin, { ec: '0040-00000277' }), 0),
  type: fallback(base64('The font.', { ec: '0040-00000250' }), DEFAULT_FONT),
  color: fallback(color('Colour of the text.', { ec: '0040-00000254' }), '000000'),
  size: fallback(int('Size of the text in pixels.', { min: 1, max: 1000 }, { ec: '0040-00000256' }), 40),
  shadow: fallback(int("Opacity of the text's shadow in percent.", { min: 0, max: 100 }, { ec: '0040-00000255' }), 0),
  rotate: fallback(
    int('Degrees by which the text is turned clockwise.', { min: 0, max: 360 }, { ec: '0040-00000272' }),
    0,
  ),
  order: fallback(oneOfInts('Text and image: 0 image first, 1 text first.', [0, 1], { ec: '0040-00000269' }), 0),
  align: fallback(oneOfInts('Text and image: 0 top, 1 middle, 2 bottom.', [0, 1, 2], { ec: '0040-00000271' }), 2),
  interval: fallback(int('Text and image: pixels between them.', { min: 0, max: 1000 }, { ec: '0040-00000270' }), 0),
};

type Params = Values<typeof params>;

export default imageOperation({
  name: 'watermark',
  summary: 'Writes a text or lays another picture on the picture.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/add-watermarks',
  fidelity: {
    level: 'approximate',
    because: "free fonts stand in for OSS's licensed ones, and a text's box is its ink without a line's margins",
  },
  params,
  examples: [
    {
      of: 'photo.jpg',
      process: 'image/resize,w_400/watermark,text_5Zu-54mH,color_FFFFFF,size_40',
      shows: 'Chinese text',
    },
    {
      of: 'photo.jpg',
      process: 'image/watermark,text_T3NzaXRl,t_40,fill_1,padx_60,pady_60,rotate_30',
      shows: 'a text all over',
    },
  ],
  takes: 'frames',
  keepsSize: true,
  check,
  async run({ input, params, ctx }) {
    const mark = faded(await markOf(params, input, ctx), params.t);
    return params.fill
      ? tile(input, mark, { x: params.padx, y: params.pady })
      : stamp(input, mark, cornerAt(params, input.facts, mark));
  },
});

function check({ text, image, type }: Params): Problem | undefined {
  if (text === undefined && image === undefined)
    return { param: 'text', kind: 'missing', expected: 'text or image is required', ec: '0040-00000278' };
  if (text !== undefined && !isLine(text)) {
    const value = Buffer.from(text).toString('base64url');
    return { param: 'text', kind: 'invalid', expected: `The value: ${value} of parameter: text is invalid.` };
  }
  // What OSS answers to a font it does not know is not documented (image.md §15, assumed).
  if (!fontNames.includes(type))
    return { param: 'type', kind: 'invalid', expected: `The value: ${type} of parameter: type is invalid.` };
  if (image !== undefined) checkNested(image);
  return undefined;
}

/** At most 64 bytes of which something can be seen, without line breaks and other controls. */
const isLine = (text: string) =>
  Buffer.byteLength(text) <= MAX_TEXT_BYTES && !/\p{Cc}/u.test(text) && /[^\p{Cc}\p{Cf}\p{Z}]/u.test(text);

async function markOf(params: Params, picture: Picture, ctx: RunContext): Promise<Mark> {
  const { text, image, order } = params;
  const parts: Mark[] = [];
  if (image !== undefined) parts.push(await imageMark(image, picture, ctx));
  if (text !== undefined) parts.push(await textMark(text, { ...params, font: params.type, angle: params.rotate }));
  return inRow(order === 0 ? parts : parts.reverse(), params);
}

/** Text and image side by side become one mark (image.md §15). */
function inRow(parts: readonly Mark[], { interval, align }: Params): Mark {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) return first;
  const height = Math.max(...parts.map((part) => part.height));
  const width = parts.reduce((sum, part) => sum + part.width, interval * (parts.length - 1));
  checkMark({ width, height });
  let left = 0;
  const placed = parts.map((mark) => {
    const top = Math.floor(((height - mark.height) * align) / 2);
    const at = { mark, left, top };
    left += mark.width + interval;
    return at;
  });
  return { width, height, pixels: onCanvas({ width, height }, placed) };
}
