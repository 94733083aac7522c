/** Pages of a PDF to picture files. */
import { writeFile } from 'node:fs/promises';
import type { Artifact, RunContext } from '../operation.ts';
import { drawEach } from './drawing.ts';
import { DPI, type Pdf, type Pixels } from './pdf.ts';

/** A page to draw, with the values its name may use. */
export interface Picture {
  /** Page of the PDF, from 1. */
  readonly page: number;
  readonly variables: NonNullable<Artifact['variables']>;
}

/** Formats of page pictures with their Content-Types, which are assumed (documents-styles-tasks.md §1.1.2, §1.2). */
export const pictureTypes = { png: 'image/png', jpg: 'image/jpeg' } as const;
export type PictureFormat = keyof typeof pictureTypes;

/** The quality OSS uses is not published (assumed). */
const JPEG_QUALITY = 90;
/** Share of the work that was done before the first page, in per cent. */
const PROGRESS_BEFORE = 20;

/** Draws pages on white and encodes them. @returns the pictures in the order of `wanted` */
export async function pictures(
  pdf: Pdf,
  wanted: readonly Picture[],
  format: PictureFormat,
  ctx: RunContext,
): Promise<readonly Artifact[]> {
  let done = 0;
  return drawEach(pdf, wanted, ctx, async (pixels, { variables }) => {
    const file = ctx.temp(format);
    await writeFile(file, await encode(pixels, format));
    done += 1;
    ctx.progress(PROGRESS_BEFORE + Math.floor(((100 - PROGRESS_BEFORE) * done) / wanted.length));
    return { file, ext: format, contentType: pictureTypes[format], variables };
  });
}

/** A page as a file's bytes. */
export async function encode(page: Pixels, format: PictureFormat): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const { width, height, rgb } = page;
  const pixels = sharp(rgb, { raw: { width, height, channels: 3 } }).withMetadata({ density: DPI });
  return (format === 'png' ? pixels.png() : pixels.jpeg({ quality: JPEG_QUALITY })).toBuffer();
}
