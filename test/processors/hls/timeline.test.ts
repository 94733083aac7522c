/** Where recordings are cut (media.md §17.1): lengths that are no multiple of a segment's, and those a header claims. */
import { describe, expect, it } from 'vitest';
import type { LiveParams } from '../../../src/processors/hls/live.ts';
import { timeline } from '../../../src/processors/hls/timeline.ts';
import type { Media } from '../../../src/processors/media/probe.ts';

function lengths(duration: number, window: { ss?: number; t?: number; st?: number } = {}): readonly number[] {
  const params = { ss: 0, t: 0, st: 5000, ...window } as LiveParams;
  const pieces = timeline(params, { duration, durationIsGuess: false, video: {} } as Media);
  return pieces.map(({ start, end }) => Math.round((end - start) * 1000) / 1000);
}

describe('segments', () => {
  it.each<[duration: number, window: object, expected: readonly number[]]>([
    [12, {}, [5, 5, 2]],
    [10, {}, [5, 5]],
    // The sound of a file is often a little longer than its picture.
    [10.023, {}, [5, 5.023]],
    [10.2, {}, [5, 5, 0.2]],
    [0.04, {}, [0.04]],
    [30, { st: 10_000, ss: 5000, t: 12_000 }, [10, 2]],
    [30, { st: 15_000, ss: 10_000 }, [15, 5]],
    [30, { t: 90_000, st: 15_000 }, [15, 15]],
  ])('of %s s with %o', (duration, window, expected) => {
    expect(lengths(duration, window)).toEqual(expected);
  });

  it('a length that no recording has is refused, not filled', () => {
    expect(() => lengths(2 ** 42)).toThrow(/at most 20000 are made/);
  });

  it('nothing is cut beyond the end', () => {
    expect(() => lengths(10, { ss: 10_000 })).toThrow(/beyond the end/);
  });
});
