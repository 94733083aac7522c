import { TaskFailure } from '../../failure.ts';
import { fallback, oneOf } from '../../params.ts';
import { markOf } from '../blind/mark.ts';
import { checkMarkable, pixelsOf, strengthOf, strengthParams } from '../blind/request.ts';
import { imageOperation } from '../family.ts';
import { reduced } from '../reduce.ts';

/** A picture of more is made smaller first: its mark is read as well, and faster. */
const MAX_PIXELS = 4 * 1024 * 1024;

/** Pixels a side: half of what a picture must have to be marked (assumed). */
const MIN_SIDE = 40;

export default imageOperation({
  name: 'deblindwatermark',
  summary: 'Reads the text that image/blindwatermark hid in the picture; it becomes the result of the task.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/add-blindwatermarks',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'reads marks of this emulator only; the text is in the message, as OSS has it, and kept with the task',
  },
  params: {
    ...strengthParams,
    t: fallback(oneOf('What the mark is.', ['text']), 'text'),
  },
  alone: true,
  imm: true,
  taskType: 'DecodeBlindWatermark',
  examples: [
    { of: 'marked.jpg', process: 'image/deblindwatermark,s_medium,t_text', shows: 'the text in a marked picture' },
  ],
  async run({ input, params, ctx }) {
    checkMarkable(input.original.format, input.facts, MIN_SIDE);
    const pixels = await pixelsOf(await reduced(input, MAX_PIXELS));
    const text = await markOf(pixels, strengthOf(params), ctx.signal);
    if (text === undefined)
      throw new TaskFailure('InvalidArgument', 'No mark of this strength can be read from the image.');
    return [{ bytes: Buffer.from(text), ext: 'txt', contentType: 'text/plain' }];
  },
});
