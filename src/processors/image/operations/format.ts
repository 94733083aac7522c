import { bare, oneOf } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { encodeAs, firstFrame, flattened } from '../picture.ts';

const words = oneOf('Format of the result.', ['jpg', 'jpeg', 'png', 'webp', 'bmp', 'gif', 'tiff', 'heic', 'avif'], {
  ec: '0040-00000206',
});

/** OSS names it `f` in its messages and, of a value with a key, the text before `_` (image.md §1.4). */
const value = bare(words, 'f');

export default imageOperation({
  name: 'format',
  summary: 'Converts to another format.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/convert-image-formats-2',
  fidelity: {
    level: 'approximate',
    because: 'HEIC needs heif-enc on this machine and is refused without it; the bytes differ, as encoders do',
  },
  tooManyEc: '0040-00000203',
  params: { value },
  examples: [
    { of: 'photo.jpg', process: 'image/format,png', shows: 'a PNG' },
    { of: 'photo.jpg', process: 'image/resize,w_300/format,webp', shows: 'a small WebP' },
    { of: 'animation.gif', process: 'image/resize,w_120/format,gif', shows: 'an animation stays one' },
  ],
  takes: 'frames',
  async run({ input, params, ctx }) {
    const format = params.value === 'jpeg' ? 'jpg' : params.value;
    // Only a GIF becomes a GIF; everything else stays what it is, without an error (image.md §10.7).
    if (format === 'gif') return encodeAs(input, { format: input.original.keeps });
    // A GIF becomes one picture, WebP included, unless a setting says otherwise (image.md §2.3).
    const { original } = input;
    const moves = format === 'webp' && (original.format === 'webp' || ctx.engines.settings.gifToWebpAnimated);
    const still = moves ? input : firstFrame(input);
    // What is drawn later must find the white that JPEG puts under transparent pixels.
    return encodeAs(format === 'jpg' ? await flattened(still, 'FFFFFF') : still, { format });
  },
});
