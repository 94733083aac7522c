/**
 * Which actions may share one sharp pipeline. sharp runs its steps in an order of its own, whatever order they were
 * called in, and has each step once; so a step joins the pending ones only while that order is the written one. Found by
 * reading sharp's pipeline and checked by comparing pixels with the way that never shares (test: chains.test.ts).
 */

/**
 * sharp's slots: D quarter turn or mirror, C crop, S resize, A turn by any angle, E extend, B blur, P sharpen,
 * W composite, L linear (brightness, contrast).
 */
export type Slot = 'D' | 'C' | 'S' | 'A' | 'E' | 'B' | 'P' | 'W' | 'L';

/** A turn is possible in two places, a crop in two. */
const ORDER = /^(?:[DA]?C?S?C?|C?S?[DA]?C?)E?B?P?W?L?$/;

/** sharp multiplies colours by alpha once and not between two such steps, so that its rounding would show. */
const TWICE_PREMULTIPLIED = /[SABPE].*[ABP]$/;

/** A composite adds alpha at the very beginning: all that filters before it would work on four channels. */
const SLOW_COMPOSITE = /[SBP].*W$/;

/** What the rule must know of the pixels as they are now. */
export interface Pixels {
  readonly alpha: boolean;
  /** More than 8 bits a channel, not yet brought down to 8. */
  readonly deep: boolean;
  /** The first pending step is a mirror without a turn: sharp brings only turns to the front. */
  readonly mirrorFirst: boolean;
}

/** Whether `next` may join the pending steps, which are given as their slots in order: `'SC'`. */
export function fits(pending: string, next: Slot, { alpha, deep, mirrorFirst }: Pixels): boolean {
  const slots = pending + next;
  if (deep) return false;
  if (pending === '') return true;
  if (!ORDER.test(slots) || SLOW_COMPOSITE.test(slots)) return false;
  if (alpha && (next === 'E' || TWICE_PREMULTIPLIED.test(slots))) return false;
  return !(mirrorFirst && (next === 'C' || next === 'S'));
}
