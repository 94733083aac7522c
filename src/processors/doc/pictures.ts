/** Pages of a PDF to picture files. */
import { writeFile } from 'node:fs/promises';
import type { Artifact, RunContext } from '../operation.ts';
import { DPI, drawPage, type Pdf } from './pdf.ts';

/** A page to draw, with the values its name may use. */
export interface Picture {
  /** Page of the PDF, from 1. */
  readonly page: number;
  readonly variables: NonNullable<Artifact['variables']>;
}

/** Pages drawn at once: each is one process and one page of pixels in memory. */
const AT_ONCE = 2;
/** The quality OSS uses is not published (assumed). */
const JPEG_QUALITY = 90;
/** Share of the work that was done before the first page, in per cent. */
const PROGRESS_BEFORE = 20;

/** Draws pages on white and encodes them. @returns the pictures in the order of `wanted` */
export async function pictures(
  pdf: Pdf,
  wanted: readonly Picture[],
  format: 'png' | 'jpg',
  ctx: RunContext,
): Promise<readonly Artifact[]> {
  const made: Artifact[] = [];
  for (let i = 0; i < wanted.length; i += AT_ONCE) {
    ctx.progress(PROGRESS_BEFORE + Math.floor(((100 - PROGRESS_BEFORE) * i) / wanted.length));
    made.push(...(await Promise.all(wanted.slice(i, i + AT_ONCE).map((one) => picture(pdf, one, format, ctx)))));
  }
  return made;
}

async function picture(pdf: Pdf, one: Picture, format: 'png' | 'jpg', ctx: RunContext): Promise<Artifact> {
  const { default: sharp } = await import('sharp');
  const { width, height, rgb } = await drawPage(pdf, one.page, ctx);
  const pixels = sharp(rgb, { raw: { width, height, channels: 3 } }).withMetadata({ density: DPI });
  const encoded = format === 'png' ? pixels.png() : pixels.jpeg({ quality: JPEG_QUALITY });
  const file = ctx.temp(format);
  await writeFile(file, await encoded.toBuffer());
  const contentType = format === 'png' ? 'image/png' : 'image/jpeg';
  return { file, ext: format, contentType, variables: one.variables };
}
