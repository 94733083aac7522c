/** Writing a picture: one function a format, its settings, its limits. */
import type { Matrix3x3 } from 'sharp';
import { fail } from '../../store/errors.ts';
import type { RunContext } from '../operation.ts';
import { encodeBmp } from './bmp.ts';
import type { Format } from './formats.ts';
import type { Size } from './geometry.ts';
import { checkHeicEncoder, encodeHeic } from './heif.ts';
import { withJfif } from './jpeg.ts';
import { firstFrame, flattened, type Picture, pipelineOf, produced, settle } from './picture.ts';
import type { Sharp } from './sharp.ts';

/** Quality of JPEG and WebP when neither the source nor the request has one (image.md §10.6, assumed). */
const DEFAULT_QUALITY = 75;

const MAX_WEBP_SIDE = 16383;
const MAX_AVIF = { width: 4096, pixels: 9_437_184 };
const MAX_HEIC_SIDE = 4096;

/** Formats that hold all frames of an animation. */
const animated: ReadonlySet<Format> = new Set(['gif', 'webp']);

/** Writes a file in the picture's format. @throws what stands in the way of it: the source's damage, the format's limits */
export async function encoded(picture: Picture, ctx: RunContext): Promise<Buffer> {
  const { format } = picture.encoding;
  checkSize(format, picture.facts);
  if (format === 'heic') await checkHeicEncoder();
  const still = animated.has(format) ? picture : firstFrame(picture);
  // JPEG knows no alpha: OSS lays the picture on white (image.md §10.7).
  const final = format === 'jpg' ? await flattened(still, 'FFFFFF') : still;
  if (format === 'bmp') return bmp(final);
  const bytes = await produced(final, writers[format](await pipelineOf(final), final));
  if (format === 'heic') return encodeHeic(bytes, ctx);
  return format === 'jpg' ? withJfif(bytes) : bytes;
}

function checkSize(format: Format, { width, height }: Size): void {
  if (format === 'webp' && Math.max(width, height) > MAX_WEBP_SIDE)
    fail('BadRequest', {
      message: `Maximum width and height allowed is ${MAX_WEBP_SIDE} pixels for converting webp`,
      ec: '0040-00000011',
    });
  if (format === 'avif' && (width > MAX_AVIF.width || width * height > MAX_AVIF.pixels))
    fail('ImageTooLarge', { ec: '0040-00000014' });
  // The limit is documented, its EC is not.
  if (format === 'heic' && Math.max(width, height) > MAX_HEIC_SIDE) fail('ImageTooLarge');
}

/** Bitmaps have blue first and the lowest row first; that is left to sharp, of which each step comes last here. */
async function bmp(picture: Picture): Promise<Buffer> {
  const settled = await settle(picture);
  const pipeline = (await pipelineOf(settled)).flip().recomb(BLUE_FIRST);
  return encodeBmp(await produced(settled, pipeline.raw()), settled.facts);
}

const BLUE_FIRST: Matrix3x3 = [
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
];

/**
 * The settings lean to speed: an emulator's users wait for tests, not for the last percent of bytes. JPEG is as OSS
 * makes it: 4:2:0, Huffman tables optimised, baseline unless asked for (image.md §10.6).
 */
const writers: Readonly<Record<Exclude<Format, 'bmp'>, (pipeline: Sharp, picture: Picture) => Sharp>> = {
  jpg: (pipeline, { encoding, original }) =>
    pipeline.jpeg({
      quality: encoding.quality ?? original.jpegQuality ?? DEFAULT_QUALITY,
      chromaSubsampling: '4:2:0',
      optimiseCoding: true,
      progressive: encoding.interlace,
    }),
  png: (pipeline) => pipeline.png({ compressionLevel: 6 }),
  webp: (pipeline, picture) =>
    pipeline.webp({ quality: picture.encoding.quality ?? DEFAULT_QUALITY, effort: 2, ...timesOf(picture) }),
  gif: (pipeline, picture) => pipeline.gif({ effort: 1, dither: 0, ...timesOf(picture) }),
  tiff: (pipeline) => pipeline.tiff({ compression: 'lzw' }),
  avif: (pipeline) => pipeline.avif({ effort: 0 }),
  // What the encoder of another program reads.
  heic: (pipeline) => pipeline.png({ compressionLevel: 0 }),
};

const timesOf = ({ facts: { frames }, original: { delay, loop } }: Picture) =>
  frames > 1 ? { delay: delay.slice(0, frames), loop } : {};
