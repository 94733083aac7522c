/** Sizes for sources of every shape: never odd, never 0, never beyond what was asked for (media.md §7.3). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { VideoStream } from '../../../src/processors/media/probe.ts';
import { type SizeWish, sizeFilters } from '../../../src/processors/media/size.ts';

const side = fc.integer({ min: 1, max: 16_384 });
const evenSide = fc.integer({ min: 32, max: 2048 }).map((half) => half * 2);
const shapes = fc.record({ source: fc.record({ width: side, height: side }), width: evenSide, height: evenSide });

function filters(wish: Partial<SizeWish>, shown: { width: number; height: number }): readonly string[] {
  const source = { shown, squarePixels: true } as VideoStream;
  return sizeFilters({ s: undefined, sopt: 0, scaletype: 'stretch', arotate: false, ...wish }, source);
}

function scaled(of: readonly string[]): { width: number; height: number } {
  const [, width, height] = /^scale=(\d+):(\d+)$/.exec(of[0] ?? '') ?? [];
  return { width: Number(width), height: Number(height) };
}

const isEven = (n: number) => n >= 2 && n % 2 === 0;

it('fit and fill stay inside the target and touch it', () => {
  fc.assert(
    fc.property(shapes, ({ source, width, height }) => {
      for (const scaletype of ['fit', 'fill'] as const) {
        const size = scaled(filters({ s: { width, height }, scaletype }, source));
        expect([size.width, size.height].every(isEven)).toBe(true);
        expect(size.width <= width && size.height <= height).toBe(true);
        expect(size.width === width || size.height === height).toBe(true);
      }
    }),
  );
});

it('crop covers the target', () => {
  fc.assert(
    fc.property(shapes, ({ source, width, height }) => {
      const size = scaled(filters({ s: { width, height }, scaletype: 'crop' }, source));
      expect([size.width, size.height].every(isEven)).toBe(true);
      expect(size.width >= width && size.height >= height).toBe(true);
    }),
  );
});

it('a source of odd sides loses a row or a column, one of even sides nothing', () => {
  expect(filters({}, { width: 641, height: 361 })).toEqual(['scale=640:360', 'setsar=1']);
  expect(filters({}, { width: 640, height: 360 })).toEqual([]);
});

it('arotate swaps the pair for upright sources only', () => {
  const wish = { s: { width: 1280, height: 720 }, arotate: true };
  expect(scaled(filters(wish, { width: 1080, height: 1920 }))).toEqual({ width: 720, height: 1280 });
  expect(scaled(filters(wish, { width: 1920, height: 1080 }))).toEqual({ width: 1280, height: 720 });
  expect(scaled(filters(wish, { width: 1000, height: 1000 }))).toEqual({ width: 1280, height: 720 });
});

it('sopt_1 compares areas, with the missing side taken from the source', () => {
  const wish = { s: { width: 1920 }, sopt: 1 };
  expect(filters(wish, { width: 1280, height: 720 })).toEqual([]);
  expect(scaled(filters(wish, { width: 1920, height: 720 }))).toEqual({ width: 1920, height: 720 });
});
