/**
 * An invisible mark of our own: a text in the heights of slow waves of brightness. Each wave carries one coded bit: its
 * height is moved to the nearest rung of a ladder, of which there are two, one for 0 and one for 1 (quantisation index
 * modulation). Bits are many times in the picture, in an order that spreads neighbours. Nothing of it is secret.
 */
import { codedLength, decodeText, encodeText, rooms } from './code.ts';
import { LEAST_BLOCK, measured, type Pixels, raised, wavesIn } from './grid.ts';

/** From the least visible to the most robust. */
export const strengths = ['low', 'medium', 'high'] as const;
export type Strength = (typeof strengths)[number];

/** Height of one rung in levels of brightness; half of it is what noise may do to a wave. */
const rungs: Readonly<Record<Strength, number>> = { low: 3.5, medium: 5, high: 7 };

/** Blocks across and down. A reader tries all of them. */
const grids: readonly number[] = [4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64];

/** Pixels across and down a block to write in: half of it can still be read. */
const BLOCK = 16;

/** How often each bit should stand in the picture, so that parts of it may be lost, and how often it must. */
const COPIES = { good: 6, least: 1.5 };

/** How a text lies in a picture: blocks across and down, and bytes it is filled up to. */
export interface Layout {
  readonly blocks: number;
  readonly room: number;
}

/** @returns `undefined` when a text of so many bytes has no place in a picture of this size */
export function layoutFor(bytes: number, { width, height }: Pick<Pixels, 'width' | 'height'>): Layout | undefined {
  const room = rooms.find((size) => size >= bytes);
  if (room === undefined) return undefined;
  const length = codedLength(room);
  const possible = grids.filter(
    (blocks) => blocks * BLOCK <= Math.min(width, height) && wavesIn(blocks) >= COPIES.least * length,
  );
  const blocks = possible.find((count) => wavesIn(count) >= COPIES.good * length) ?? possible.at(-1);
  return blocks === undefined ? undefined : { blocks, room };
}

/** Writes a text into a picture. @returns its new pixels */
export async function withMark(
  pixels: Pixels,
  text: string,
  strength: Strength,
  { blocks, room }: Layout,
  signal: AbortSignal,
): Promise<Buffer> {
  const bits = encodeText(text, room);
  const rung = rungs[strength];
  const heights = await measured(pixels, blocks, signal);
  const { place, offset } = spread(blocks, strength);
  const by = heights.map((height, i) => {
    const from = (offset[i]! + bits[place[i]! % bits.length]! / 2) * rung;
    return Math.round((height - from) / rung) * rung + from - height;
  });
  return raised(pixels, blocks, by, signal);
}

/** Reads the mark of a known layout. @returns its text, or `undefined` when there is none */
export async function markAt(
  pixels: Pixels,
  strength: Strength,
  { blocks, room }: Layout,
  signal: AbortSignal,
): Promise<string | undefined> {
  return decodeText(folded(await votes(pixels, strength, blocks, signal), codedLength(room)));
}

/** Reads a mark of any layout. @returns its text, or `undefined` when there is none */
export async function markOf(pixels: Pixels, strength: Strength, signal: AbortSignal): Promise<string | undefined> {
  for (const blocks of grids) {
    if (blocks * LEAST_BLOCK > Math.min(pixels.width, pixels.height)) break;
    const said = await votes(pixels, strength, blocks, signal);
    for (const room of rooms) {
      const length = codedLength(room);
      if (length > said.length) break;
      const text = decodeText(folded(said, length));
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** What the wave of each place says: 1 on a rung for 0, -1 on a rung for 1. */
async function votes(pixels: Pixels, strength: Strength, blocks: number, signal: AbortSignal): Promise<Float32Array> {
  const { place, offset } = spread(blocks, strength);
  const heights = await measured(pixels, blocks, signal);
  const said = new Float32Array(heights.length);
  for (const [i, height] of heights.entries())
    said[place[i]!] = Math.cos(2 * Math.PI * (height / rungs[strength] - offset[i]!));
  return said;
}

/** All copies of each bit together. */
function folded(said: Float32Array, length: number): Float32Array {
  const sums = new Float32Array(length);
  for (const [place, vote] of said.entries()) sums[place % length]! += vote;
  return sums;
}

/** Which place in the repeated bits each wave has, and where its ladder begins, in rungs: both by chance, always alike. */
function spread(blocks: number, strength: Strength): { readonly place: Uint32Array; readonly offset: Float32Array } {
  const chance = mulberry32(blocks * strengths.length + strengths.indexOf(strength));
  const count = wavesIn(blocks);
  const place = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(chance() * (i + 1));
    [place[i], place[other]] = [place[other]!, place[i]!];
  }
  return { place, offset: Float32Array.from({ length: count }, chance) };
}

/** Numbers from 0 to below 1, the same ones for the same seed, on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
