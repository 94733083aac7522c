/** The one door to sharp: loaded when first needed, set up once, its failures told apart. */
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { fail } from '../../store/errors.ts';
import type { Format } from './formats.ts';

export type { Sharp } from 'sharp';

type Library = typeof import('sharp')['default'];

/** Pixels of a source, all frames together (image.md §2). */
export const MAX_PIXELS = 250_000_000;

/** How long one pipeline, or another program in its place, may work, in seconds. */
export const PATIENCE = 30;

let library: Promise<Library> | undefined;

async function load(): Promise<Library> {
  const { default: sharp } = await import('sharp');
  // One thread a picture: as many pictures at once as there are slots, so more threads would only add waiting.
  sharp.concurrency(1);
  // Nothing is read twice by libvips, and a cache would keep the pixels of pictures long answered.
  sharp.cache(false);
  return sharp;
}

/** Starts a pipeline on a file, or on encoded or raw pixels. */
export async function sharp(input: string | Buffer, options: SharpOptions): Promise<Sharp> {
  library ??= load();
  return (await library)(input, options).timeout({ seconds: PATIENCE });
}

/** Starts a pipeline on something drawn: a text, an empty canvas. */
export async function drawn(options: SharpOptions): Promise<Sharp> {
  library ??= load();
  return (await library)(options).timeout({ seconds: PATIENCE });
}

/**
 * Reads a file's header, all frames counted. OSS's own limits judge what it declares, not sharp's.
 * @throws BadRequest and its like when it can not be read
 */
export async function headerOf(file: string, format: Format): Promise<Metadata> {
  // Pages of a TIFF are no frames, and may differ in size.
  const animated = format === 'gif' || format === 'webp';
  const pipeline = await sharp(file, { animated, limitInputPixels: false });
  return pipeline.metadata().catch((error: unknown) => damaged(format, error));
}

/** A pipeline was ended at its time limit: less of a picture may be asked for. @throws BadRequest */
export function tookTooLong(cause: unknown): void {
  if (cause instanceof Error && cause.message.startsWith('timeout')) tooSlow(cause);
}

/** What is answered when a picture needs more time than it is given. */
export function tooSlow(cause: unknown): never {
  fail('BadRequest', { message: 'The image takes too long to be processed.', cause });
}

/**
 * What sharp says about bytes a client sent is that client's to mend: 400, with the EC of the format where one is known
 * (image.md §16.1).
 * @throws BadRequest, BadWebPImage or MemLimitExceeded
 */
export function damaged(format: Format, cause: unknown): never {
  const said = cause instanceof Error ? cause.message : '';
  if (/pixel limit|too (large|big)|dimensions exceed/i.test(said))
    fail('MemLimitExceeded', { ec: '0040-00000012', cause });
  if (format === 'webp') fail('BadWebPImage', { cause });
  const ec = DAMAGE_EC[format];
  fail('BadRequest', { message: 'The image file may be damaged.', ...(ec === undefined ? {} : { ec }), cause });
}

const DAMAGE_EC: Readonly<Partial<Record<Format, string>>> = {
  avif: '0040-00000021',
  heic: '0040-00000020',
};
