/** The only door to poppler: what a PDF holds, its pages as pixels or text, some of its pages as another PDF. */
import { access } from 'node:fs/promises';
import { EngineMissing, type Finished, findProgram } from '../children.ts';
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';
import { type Line, readLines } from './text-layer.ts';

/** Pixels per inch of page pictures; IMM's default, assumed to be OSS's (documents-styles-tasks.md §1.1.2). */
export const DPI = 96;
const POINTS_PER_INCH = 72;
/** A0 has 14 million pixels; what is beyond this is no page. */
const MAX_PIXELS = 40_000_000;
/** The longest side of a JPEG. */
const MAX_SIDE = 65_535;
/** Address space of a poppler program: a small PDF may declare pictures of any size. */
const MEMORY_LIMIT_KIB = 2 * 1024 * 1024;
const HEADER_BYTES = 64;

/** One page as RGB samples, three bytes a pixel, on white. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** A PDF that can be read. */
export interface Pdf {
  readonly file: string;
  /** Size of every page in pixels at `DPI`; at least one page. */
  readonly pages: readonly { readonly width: number; readonly height: number }[];
}

/** @throws TaskFailure OpenFileError */
export async function openPdf(file: string, ctx: RunContext): Promise<Pdf> {
  const { stdout, stderr } = await poppler('pdfinfo', ['-f', '1', '-l', '-1', file], ctx);
  if (/incorrect password/i.test(stderr)) {
    throw new TaskFailure('OpenFileError', 'The document is protected by a password.');
  }
  const sizes = stdout.toString('latin1').matchAll(/^Page +\d+ size: +([\d.e+]+) x ([\d.e+]+)/gm);
  const pixels = (points: string | undefined) => (Number(points) * DPI) / POINTS_PER_INCH;
  const pages = [...sizes].map(([, width, height]) => ({ width: pixels(width), height: pixels(height) }));
  if (pages.length === 0) throw damaged(stderr);
  return { file, pages };
}

/**
 * Draws pages that follow each other, at `DPI`.
 * @param first from 1
 * @throws TaskFailure OpenFileError
 */
export async function drawPages(pdf: Pdf, first: number, count: number, ctx: RunContext): Promise<readonly Pixels[]> {
  let limit = 0;
  for (const [i, { width, height }] of pdf.pages.slice(first - 1, first - 1 + count).entries()) {
    if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
      const limits = `more than ${MAX_PIXELS} pixels, or than ${MAX_SIDE} on a side`;
      throw new TaskFailure('OpenFileError', `Page ${first + i} is too large to be drawn: ${limits}.`);
    }
    // A rotated page swaps its sides, which leaves the limit as it is but for the rounding that is allowed for.
    limit += (Math.ceil(width) + 1) * (Math.ceil(height) + 1) * 3 + HEADER_BYTES;
  }
  const which = ['-r', String(DPI), '-f', String(first), '-l', String(first + count - 1)];
  const { stdout, stderr } = await poppler('pdftoppm', [...which, pdf.file], ctx, limit);
  const drawn = pixelsOf(stdout);
  return drawn?.length === count ? drawn : fail(stderr);
}

/** Takes binary PPMs apart that stand one behind the other. */
function pixelsOf(ppms: Buffer): readonly Pixels[] | undefined {
  const found: Pixels[] = [];
  for (let at = 0; at < ppms.length; ) {
    const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppms.toString('latin1', at, at + HEADER_BYTES));
    if (header === null) return undefined;
    const [width, height] = [Number(header[1]), Number(header[2])];
    const start = at + header[0].length;
    at = start + width * height * 3;
    if (at > ppms.length) return undefined;
    found.push({ width, height, rgb: ppms.subarray(start, at) });
  }
  return found;
}

/** The text of all pages, in reading order. */
export async function textOf({ file }: Pdf, ctx: RunContext): Promise<string> {
  const { code, stdout, stderr } = await poppler('pdftotext', ['-enc', 'UTF-8', '-nopgbrk', file, '-'], ctx);
  if (code !== 0) throw damaged(stderr);
  return stdout.toString('utf8');
}

/** Bytes of poppler's description of where text stands; hundreds of full pages need half of it. */
const MAX_LAYOUT = 32 * 1024 ** 2;

/** The lines of every page and where they stand, in pixels at `DPI`. @throws TaskFailure OpenFileError */
export async function textLayer({ file }: Pdf, ctx: RunContext): Promise<readonly (readonly Line[])[]> {
  const how = ['-enc', 'UTF-8', '-bbox-layout'];
  const { code, signal, stdout, stderr } = await poppler('pdftotext', [...how, file, '-'], ctx, MAX_LAYOUT);
  if (signal !== null) throw new TaskFailure('OpenFileError', 'The document holds more text than can be shown.');
  if (code !== 0) throw damaged(stderr);
  return readLines(stdout.toString('utf8'), DPI / POINTS_PER_INCH);
}

/** How many files one pdfunite opens at once; the usual limit of a process is 1024. */
const AT_ONCE = 400;

/** A PDF with some pages of another. @param pages ascending; @returns its path; @throws TaskFailure OpenFileError */
export async function pickPages({ file }: Pdf, pages: readonly number[], ctx: RunContext): Promise<string> {
  const parts: string[] = [];
  for (const page of pages) {
    const part = ctx.temp('pdf');
    const { stderr } = await poppler('pdfseparate', ['-f', String(page), '-l', String(page), file, part], ctx);
    await mustExist(part, stderr);
    parts.push(part);
  }
  return unite(parts, ctx);
}

async function unite(parts: readonly string[], ctx: RunContext): Promise<string> {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  if (parts.length > AT_ONCE) {
    const larger: string[] = [];
    for (let i = 0; i < parts.length; i += AT_ONCE) larger.push(await unite(parts.slice(i, i + AT_ONCE), ctx));
    return unite(larger, ctx);
  }
  const whole = ctx.temp('pdf');
  const { stderr } = await poppler('pdfunite', [...parts, whole], ctx);
  await mustExist(whole, stderr);
  return whole;
}

/** The bookmarks as poppler's XML, `<item page="3">Title</item>` in `<outline>`. */
export async function outlineXml({ file }: Pdf, ctx: RunContext): Promise<string> {
  const firstPage = ['-f', '1', '-l', '1'];
  const { stdout } = await poppler('pdftohtml', ['-xml', '-i', '-s', '-stdout', ...firstPage, file], ctx);
  return stdout.toString('utf8');
}

async function poppler(
  program: string,
  args: readonly string[],
  { engines, signal }: RunContext,
  maxOutput?: number,
): Promise<Finished> {
  const path = await findProgram(program);
  if (path === undefined) throw new EngineMissing(program);
  const limited = ['-c', `ulimit -v ${MEMORY_LIMIT_KIB} 2>/dev/null; exec "$0" "$@"`, path, ...args];
  return engines.children.run('/bin/sh', limited, { signal, ...(maxOutput === undefined ? {} : { maxOutput }) });
}

const damaged = (cause: string) =>
  new TaskFailure('OpenFileError', 'The document cannot be read: it is damaged.', cause);

function fail(cause: string): never {
  throw damaged(cause);
}

const mustExist = (file: string, stderr: string) => access(file).catch(() => fail(stderr));
