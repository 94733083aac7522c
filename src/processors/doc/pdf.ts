/** The only door to poppler: what a PDF holds, its pages as pixels or text, some of its pages as another PDF. */
import { access } from 'node:fs/promises';
import { EngineMissing, type Finished, findProgram } from '../children.ts';
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';

/** Pixels per inch of page pictures; IMM's default, assumed to be OSS's (documents-styles-tasks.md §1.1.2). */
export const DPI = 96;
const POINTS_PER_INCH = 72;
/** A0 has 14 million pixels; what is beyond this is no page. */
const MAX_PIXELS = 40_000_000;
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

/** Draws one page at `DPI`. @throws TaskFailure OpenFileError */
export async function drawPage({ file, pages }: Pdf, page: number, ctx: RunContext): Promise<Pixels> {
  const { width = 0, height = 0 } = pages[page - 1] ?? {};
  if (width * height > MAX_PIXELS) {
    throw new TaskFailure('OpenFileError', `Page ${page} is too large to be drawn: more than ${MAX_PIXELS} pixels.`);
  }
  const limit = (Math.ceil(width) + 1) * (Math.ceil(height) + 1) * 3 + HEADER_BYTES;
  const which = ['-r', String(DPI), '-f', String(page), '-l', String(page)];
  // A rotated page swaps its sides, which leaves the limit as it is but for the rounding that is allowed for.
  const { stdout, stderr } = await poppler('pdftoppm', [...which, file], ctx, limit);
  return pixelsOf(stdout) ?? fail(stderr);
}

/** Takes a binary PPM apart. */
function pixelsOf(ppm: Buffer): Pixels | undefined {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, HEADER_BYTES).toString('latin1'));
  if (header === null) return undefined;
  const [width, height] = [Number(header[1]), Number(header[2])];
  const rgb = ppm.subarray(header[0].length);
  return rgb.length === width * height * 3 ? { width, height, rgb } : undefined;
}

/** The text of all pages, in reading order. */
export async function textOf({ file }: Pdf, ctx: RunContext): Promise<string> {
  const { code, stdout, stderr } = await poppler('pdftotext', ['-enc', 'UTF-8', '-nopgbrk', file, '-'], ctx);
  if (code !== 0) throw damaged(stderr);
  return stdout.toString('utf8');
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
