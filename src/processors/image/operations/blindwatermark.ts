import { writeFile } from 'node:fs/promises';
import { fail } from '../../../store/errors.ts';
import type { Artifact, RunContext } from '../../operation.ts';
import { base64, fallback, int } from '../../params.ts';
import type { Pixels } from '../blind/grid.ts';
import { layoutFor, markAt, type Strength, withMark } from '../blind/mark.ts';
import { checkMarkable, pixelsOf, strengthOf, strengthParams } from '../blind/request.ts';
import image, { imageOperation } from '../family.ts';
import { encodeAs, flattened, type Picture } from '../picture.ts';

const MAX_CHARACTERS = 256;

/** Pixels a side (image.md §15.1). */
const MIN_SIDE = 80;

export default imageOperation({
  name: 'blindwatermark',
  summary: 'Hides a text in the picture, for image/deblindwatermark to read.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/add-blindwatermarks',
  fidelity: {
    level: 'approximate',
    because:
      'a scheme of our own: marks of the real service can not be read here, nor the other way round; it survives JPEG and other sizes, not cutting and turning; s_medium and s_high show as a faint grain in an even sky; small pictures have room for short texts only',
  },
  params: {
    content: base64('The text, at most 256 characters.'),
    ...strengthParams,
    q: fallback(int('Quality of a JPEG result.', { min: 70, max: 100 }), 90),
  },
  last: true,
  imm: true,
  keepsSize: true,
  examples: [
    {
      of: 'photo.jpg',
      process: 'image/resize,w_600/blindwatermark,content_54mI5p2D5omA5pyJ,s_medium',
      shows: 'a text nobody sees',
    },
  ],
  check: ({ content }) =>
    [...content].length > MAX_CHARACTERS
      ? { param: 'content', kind: 'invalid', expected: `The content must have at most ${MAX_CHARACTERS} characters.` }
      : undefined,
  async run({ input, params, ctx }) {
    checkMarkable(input.encoding.format, input.facts, MIN_SIDE);
    return hidden(await prepared(input, params.q), params.content, strengthOf(params), ctx);
  },
});

/**
 * A JPEG result gets its quality and, before it is marked, the white that JPEG puts under transparent pixels. OSS says
 * that the quality counts for JPEG sources; a picture that format,jpg made one is taken for such (assumed).
 */
async function prepared(picture: Picture, quality: number): Promise<Picture> {
  if (picture.encoding.format !== 'jpg') return picture;
  return encodeAs(await flattened(picture, 'FFFFFF'), { quality });
}

/** Marks a picture, writes it and makes sure that the mark can be read from what was written. */
async function hidden(
  picture: Picture,
  text: string,
  strength: Strength,
  ctx: RunContext,
): Promise<readonly Artifact[]> {
  const pixels = await pixelsOf(picture);
  if (isBlank(pixels)) notMarked('A picture that is all black or all white can not be marked');
  const layout = layoutFor(Buffer.byteLength(text), pixels);
  if (layout === undefined) return notMarked('The content is too long for a picture of this size');
  const bytes = await withMark(pixels, text, strength, layout, ctx.signal);
  const facts = { ...picture.facts, frames: 1 };
  const marked: Picture = { ...picture, source: { kind: 'raw', bytes, facts }, pending: [], facts };
  const made = await image.finish(marked, ctx);
  for (const artifact of made) {
    const seen = await pixelsOf(await reopened(marked, artifact, ctx));
    if ((await markAt(seen, strength, layout, ctx.signal)) !== text)
      notMarked('The mark can not be read from this picture');
  }
  return made;
}

/** Code and text are assumed; the rule is OSS's (image.md §15.1). */
const notMarked = (why: string): never =>
  fail('InvalidArgument', { message: `${why}.`, elements: { ArgumentName: 'content' } });

function isBlank({ bytes, alpha }: Pixels): boolean {
  const [first] = bytes;
  return (first === 0 || first === 255) && bytes.every((value, i) => value === first || (alpha && i % 4 === 3));
}

/** The picture as anyone will see it. A bitmap, which sharp does not read, loses nothing when it is written. */
async function reopened(picture: Picture, artifact: Artifact, ctx: RunContext): Promise<Picture> {
  if (artifact.ext === 'bmp') return picture;
  const file = 'file' in artifact ? artifact.file : ctx.temp(artifact.ext);
  if ('bytes' in artifact) await writeFile(file, artifact.bytes);
  return { ...picture, source: { kind: 'encoded', file, facts: picture.facts, deep: false } };
}
