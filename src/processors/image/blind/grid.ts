/**
 * A picture's brightness as waves: the picture is cut into as many blocks across as down, whatever its size, and of each
 * block the slowest waves are measured or added. So a picture made smaller or larger has the same waves.
 */
import type { Size } from '../geometry.ts';

/**
 * What a row of a block is measured by: its mean, so that the picture's brightness does not count, and sines of 2, 3 and
 * 4 half periods, slow enough to survive JPEG and a picture made smaller. Sines end at nothing where the block ends:
 * cosines carry more, but at their strength the edges of the blocks are seen.
 */
const shapes: readonly ((at: number) => number)[] = [
  () => 1,
  (at) => Math.sin(2 * Math.PI * at),
  (at) => Math.sin(3 * Math.PI * at),
  (at) => Math.sin(4 * Math.PI * at),
];
const SHAPES = shapes.length;

/** The waves of a block: each sine across with each sine down. */
const used = shapes
  .flatMap((_, down) => shapes.map((_, across) => [across, down] as const))
  .filter(([across, down]) => across > 0 && down > 0);

/** Waves in a grid of `blocks` by `blocks`. */
export const wavesIn = (blocks: number): number => blocks * blocks * used.length;

/** Least pixels a block must have across and down for its waves to be told apart. */
export const LEAST_BLOCK = 6;

/** Pixels as sharp gives them: 8 bit, three channels or, with alpha, four. */
export interface Pixels extends Size {
  readonly bytes: Buffer;
  readonly alpha: boolean;
}

/** One direction of the grid: for each pixel its block and, in it, the shapes. */
interface Axis {
  readonly block: Uint16Array;
  /** Of each pixel, each shape's value there. */
  readonly shapes: Float32Array;
  /** Of each pixel, what it says of each shape's height: the shapes' pseudo-inverse. */
  readonly measures: Float32Array;
}

/** @param length of the picture in this direction, in pixels */
function axis(length: number, blocks: number): Axis {
  const block = Uint16Array.from({ length }, (_, i) => Math.floor(((i + 0.5) * blocks) / length));
  const values = new Float32Array(length * SHAPES);
  const measures = new Float32Array(length * SHAPES);
  for (let from = 0, to = 0; from < length; from = to) {
    while (to < length && block[to] === block[from]) to += 1;
    for (let i = from; i < to; i++) {
      const at = ((i + 0.5) * blocks) / length - (block[i] ?? 0);
      for (const [w, shape] of shapes.entries()) values[i * SHAPES + w] = shape(at);
    }
    measures.set(pseudoInverse(values.subarray(from * SHAPES, to * SHAPES)), from * SHAPES);
  }
  return { block, shapes: values, measures };
}

/** Least squares: the shapes are not at right angles to each other, least of all in blocks of a broken number of pixels. */
function pseudoInverse(values: Float32Array): Float32Array {
  const pixels = values.length / SHAPES;
  const rows = Array.from({ length: SHAPES }, (_, a) => {
    const products = Array.from({ length: SHAPES }, (_, b) => {
      let sum = 0;
      for (let i = 0; i < pixels; i++) sum += (values[i * SHAPES + a] ?? 0) * (values[i * SHAPES + b] ?? 0);
      return sum;
    });
    return [...products, ...Array.from({ length: pixels }, (_, i) => values[i * SHAPES + a] ?? 0)];
  });
  // Gauss and Jordan; the matrix is positive definite, so that no rows need to change places.
  for (let pivot = 0; pivot < SHAPES; pivot++) {
    const scale = 1 / (rows[pivot]?.[pivot] ?? 1);
    rows[pivot] = (rows[pivot] ?? []).map((value) => value * scale);
    for (let other = 0; other < SHAPES; other++) {
      const factor = rows[other]?.[pivot] ?? 0;
      if (other !== pivot)
        rows[other] = (rows[other] ?? []).map((value, i) => value - factor * (rows[pivot]?.[i] ?? 0));
    }
  }
  return Float32Array.from(
    { length: values.length },
    (_, i) => rows[i % SHAPES]?.[SHAPES + Math.floor(i / SHAPES)] ?? 0,
  );
}

/** Lets others have their turn now and then: a large picture takes a good part of a second. */
async function breath(row: number, signal: AbortSignal): Promise<void> {
  if (row % 128 !== 127) return;
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

/** Measures all waves of a grid. @returns their heights in levels of brightness, block by block, row by row */
export async function measured(pixels: Pixels, blocks: number, signal: AbortSignal): Promise<Float32Array> {
  const { bytes, width, height } = pixels;
  const channels = pixels.alpha ? 4 : 3;
  const [across, down] = [axis(width, blocks), axis(height, blocks)];
  const heights = new Float32Array(wavesIn(blocks));
  const row = new Float32Array(blocks * SHAPES);
  for (let y = 0, at = 0; y < height; y++) {
    row.fill(0);
    for (let x = 0; x < width; x++, at += channels) {
      const light = 0.299 * bytes[at]! + 0.587 * bytes[at + 1]! + 0.114 * bytes[at + 2]!;
      const wave = across.block[x]! * SHAPES;
      for (let w = 0; w < SHAPES; w++) row[wave + w]! += light * across.measures[x * SHAPES + w]!;
    }
    const first = down.block[y]! * blocks;
    for (let b = 0; b < blocks; b++) {
      for (const [i, [u, v]] of used.entries())
        heights[(first + b) * used.length + i]! += row[b * SHAPES + u]! * down.measures[y * SHAPES + v]!;
    }
    await breath(y, signal);
  }
  return heights;
}

/** Adds waves to a picture, alike in all colours. @returns its new pixels */
export async function raised(pixels: Pixels, blocks: number, by: Float32Array, signal: AbortSignal): Promise<Buffer> {
  const { width, height } = pixels;
  const channels = pixels.alpha ? 4 : 3;
  const bytes = Buffer.from(pixels.bytes);
  const [across, down] = [axis(width, blocks), axis(height, blocks)];
  const row = new Float32Array(blocks * SHAPES);
  for (let y = 0, at = 0; y < height; y++) {
    row.fill(0);
    const first = down.block[y]! * blocks;
    for (let b = 0; b < blocks; b++) {
      for (const [i, [u, v]] of used.entries())
        row[b * SHAPES + u]! += by[(first + b) * used.length + i]! * down.shapes[y * SHAPES + v]!;
    }
    // What rounding takes from a pixel its neighbour gets: waves lower than half a level would vanish otherwise.
    let owed = 0;
    for (let x = 0; x < width; x++, at += channels) {
      const wave = across.block[x]! * SHAPES;
      for (let w = 0; w < SHAPES; w++) owed += row[wave + w]! * across.shapes[x * SHAPES + w]!;
      const step = Math.round(owed);
      owed -= step;
      if (step !== 0) for (let c = at; c < at + 3; c++) bytes[c] = Math.max(0, Math.min(255, bytes[c]! + step));
    }
    await breath(y, signal);
  }
  return bytes;
}
