/** Draws pages of a PDF, as many at once as there are cores. */
import { availableParallelism } from 'node:os';
import { atOnce } from '../at-once.ts';
import type { RunContext } from '../operation.ts';
import { drawPages, type Pdf, type Pixels } from './pdf.ts';

/** Starting the rasteriser takes twice as long as drawing a page of text, hence several pages at a time. */
const PAGES_AT_A_TIME = 8;
/** Eight A4 pages; all pixels of one go are in memory. */
const PIXELS_AT_A_TIME = 8_000_000;

/**
 * Draws pages and hands each to `use`.
 * @param wanted things that have a page, from 1, in ascending order
 * @returns what `use` made, in the order of `wanted`
 * @throws TaskFailure OpenFileError; when this rejects nothing goes on in the background
 */
export async function drawEach<T extends { readonly page: number }, R>(
  pdf: Pdf,
  wanted: readonly T[],
  ctx: RunContext,
  use: (pixels: Pixels, one: T) => Promise<R>,
): Promise<readonly R[]> {
  const draw = async (run: Run<T>) => {
    ctx.signal.throwIfAborted();
    const drawn = await drawPages(pdf, run[0].page, run.length, ctx);
    return Promise.all(run.map((one, i) => use(drawn[i] as Pixels, one)));
  };
  return (await atOnce(runs(pdf, wanted).map((run) => () => draw(run)))).flat();
}

type Run<T> = [T, ...T[]];

/** Pages that follow each other and are drawn in one go: few enough, and such that every core gets its share. */
function runs<T extends { readonly page: number }>(pdf: Pdf, wanted: readonly T[]): readonly Run<T>[] {
  const cores = availableParallelism();
  const rounds = Math.ceil(wanted.length / (cores * PAGES_AT_A_TIME));
  const most = Math.ceil(wanted.length / (cores * rounds));
  const found: Run<T>[] = [];
  let pixels = 0;
  for (const one of wanted) {
    const { width, height } = pdf.pages[one.page - 1] ?? { width: 0, height: 0 };
    pixels += width * height;
    const open = found.at(-1);
    const follows = open?.at(-1)?.page === one.page - 1;
    if (open !== undefined && follows && open.length < most && pixels <= PIXELS_AT_A_TIME) open.push(one);
    else {
      found.push([one]);
      pixels = width * height;
    }
  }
  return found;
}
