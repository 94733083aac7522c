/** Which frames are taken, to the frame, in every mode and container (media.md §7.9). */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { planRuns } from '../../../src/processors/media/frame-runs.ts';
import type { Timeline } from '../../../src/processors/media/timeline.ts';
import { startOssite } from '../../../src/server/index.ts';
import { fixture, frontDoor, saveas } from '../../helpers/ossite.ts';
import { numberIn } from '../media/frame-recipes.ts';
import { made, task } from '../media/frame-tasks.ts';
import type { SourceName } from '../media/sources.ts';

const pictures = (of: SourceName, process: string) => made(of, `video/snapshots,f_png,w_160,h_96,${process}`);

/** The frames a request takes, by the numbers they bear. */
async function taken(of: SourceName, process: string): Promise<readonly number[]> {
  return Promise.all((await pictures(of, process)).map(({ bytes }) => numberIn(bytes)));
}

it.each([
  // A grid: going on from the last frame would drift to 77, 154.
  ['inter_3010', [0, 76, 151, 226]],
  ['ss_2050,inter_3000', [52, 127, 202]],
  ['inter_100,num_5', [0, 3, 5, 8, 10]],
  ['inter_10,num_4', [0, 1, 2, 3]],
  ['num_3', [0, 1, 2]],
  ['ss_9960', [249]],
  ['inter_86400000', [0]],
  ['m_key,inter_5000', [0, 25, 50, 75, 100, 125, 150, 175, 200, 225]],
  ['m_key,ss_4010,num_2', [125, 150]],
  ['m_avg,num_4,inter_1', [0, 63, 125, 188]],
  ['m_avg,num_4,ss_5000', [125, 157, 188, 219]],
  // Fewer frames than num: each once
  ['m_avg,num_1000,ss_9800', [245, 246, 247, 248, 249]],
] as const)('of 25 frames per second, %s', async (process, expected) => {
  expect(await taken('numbered-small.mp4', process)).toEqual(expected);
});

it.each([
  ['numbered.mp4', 'inter_3000', [0, 75, 150, 225]],
  ['numbered.mp4', 'm_avg,num_3,ss_1000', [25, 100, 175]],
  ['numbered.mkv', 'inter_3000', [0, 75, 150, 225]],
  ['numbered-small.ts', 'inter_3000', [0, 75, 150, 225]],
  ['numbered-small.ts', 'm_key,ss_1000,num_2', [25, 50]],
  ['numbered-small.h264', 'inter_3000', [0, 75, 150, 225]],
  // Its first frame is shown at 0.04 s.
  ['numbered-small.avi', 'inter_3000', [0, 74, 149, 224]],
  ['numbered-small.avi', 'm_key,ss_1000,num_2', [24, 36]],
  // Its first frame, 33, is shown at 0.02 s.
  ['numbered-cut.mp4', 'inter_3000', [33, 108, 183]],
  ['numbered-cut.mp4', 'm_key,num_2', [50, 75]],
  ['numbered-late.mkv', 'inter_3000', [0, 75, 150, 225]],
  ['numbered-uneven.mp4', 'inter_3000', [0, 77, 154, 225]],
  ['numbered-uneven.mp4', 'm_key,ss_1000,num_2', [57, 106]],
] as const)('%s, %s', async (of, process, expected) => {
  expect(await taken(of, process)).toEqual(expected);
});

it('what the container promises and no decoder yields is left out', async () => {
  expect(await taken('broken.mkv', 'num_9')).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
});

it.each(['numbered-cut.mp4', 'numbered-uneven.mp4'] as const)(
  '%s: looking for frames and going through them gives the same pictures',
  async (of) => {
    const found = await pictures(of, 'inter_3000');
    const passed = await pictures(of, 'inter_1000');
    expect(found.length).toBeGreaterThan(2);
    for (const [i, { bytes }] of found.entries())
      expect(bytes.equals(passed[i * 3]?.bytes ?? Buffer.alloc(0))).toBe(true);
  },
);

it.each(['sprite,f_jpg,sw_160,sh_96,tw_1,th_1,pad_0,margin_0', 'animation,f_gif,w_160,h_96'])(
  'video/%s: frames far apart are put together in the end',
  async (operation) => {
    const outputs = await made('numbered.mp4', `video/${operation},inter_4500`);
    const one = outputs[0]?.bytes ?? Buffer.alloc(0);
    const frames =
      outputs.length === 3
        ? outputs.map(({ bytes }) => bytes)
        : await Promise.all([0, 1, 2].map((page) => sharp(one, { page }).png().toBuffer()));
    expect(await Promise.all(frames.map(numberIn))).toEqual([0, 113, 225]);
  },
);

describe('dhash', () => {
  it('keeps the first frame and what differs from the last kept by more than thr', async () => {
    const all = await taken('changing.mp4', 'm_dhash,thr_20');
    expect(all).toEqual([0, 20, 30, 45]);
  });
  it('num keeps the strongest changes, in order of time', async () => {
    expect(await taken('changing.mp4', 'm_dhash,thr_20,num_2')).toEqual([0, 30]);
  });
  it('thr_100 keeps the first alone', async () => {
    expect(await taken('changing.mp4', 'm_dhash,thr_100')).toEqual([0]);
  });
  it('inter: only these are looked at', async () => {
    expect(await taken('changing.mp4', 'm_dhash,thr_20,inter_1000')).toEqual([0, 25, 50]);
  });
});

describe('failures', () => {
  it.each([
    ['numbered-small.mp4', 'snapshots,f_jpg,ss_10000', /ss_10000: .*10000 ms/],
    ['numbered-small.mp4', 'sprite,f_jpg,m_avg,num_3,ss_20000', /ss_20000: .*10000 ms/],
    ['numbered-small.mp4', 'animation,f_gif,ss_10000', /ss_10000: .*10000 ms/],
    ['speech.aac', 'snapshots,f_jpg', /no video/],
    ['speech.aac', 'sprite,f_jpg', /no video/],
    ['speech.aac', 'animation,f_webp', /no video/],
  ] as const)('%s, %s', async (of, process, says) => {
    expect(await task(of, `video/${process}`)).toMatchObject({
      Status: 'Failed',
      Code: 'InvalidArgument',
      Message: expect.stringMatching(says),
      Outputs: [],
    });
  });
  it.each(['snapshots,f_png', 'sprite,f_png,tw_1,th_1', 'animation,f_gif'])(
    'more bytes than OSSITE_MAX_OUTPUT: %s',
    async (operation) => {
      const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', maxOutput: 1, buckets: ['plain'] });
      try {
        const door = frontDoor(ossite.endpoint);
        await door.put('plain', 'clip.mp4', fixture('clip.mp4'));
        const ended = await door.converted('plain', 'clip.mp4', `video/${operation}${saveas('o')}`);
        expect(ended).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Outputs: [] });
        expect(ended.Message).toContain('OSSITE_MAX_OUTPUT');
      } finally {
        await ossite.close();
      }
    },
  );
  it('more than 10,000 frames', async () => {
    const ended = await task('many.avi', 'video/snapshots,f_jpg');
    expect(ended).toMatchObject({
      Status: 'Failed',
      Code: 'InvalidArgument',
      Message: expect.stringMatching(/10001 /),
    });
  });
});

describe('how they are reached', () => {
  const times = Array.from({ length: 9000 }, (_, i) => ({ time: i / 25, key: i % 50 === 0 }));
  const timeline: Timeline = { frames: times, end: 360, origin: 0, told: 'container' };
  const every = (step: number) => times.map((_, i) => i).filter((i) => i % step === 0);
  const big = { width: 1920, height: 1080 };

  it.each([
    ['far apart: one by one', every(250), big, 36],
    ['close: in one go', every(25), big, 1],
    ['far apart, but small', every(250), { width: 320, height: 180 }, 1],
    ['two places', [...every(1).slice(0, 100), ...every(1).slice(5000, 5100)], big, 2],
    ['too many for one expression', every(4), { width: 32, height: 32 }, 2],
  ] as const)('%s', (_, chosen, size, runs) => {
    const plan = planRuns(timeline, chosen, size);
    expect(plan.runs.length).toBe(runs);
    expect(plan.runs.flatMap(({ frames }) => frames)).toEqual(chosen);
    for (const { filters } of plan.runs) expect(filters.join().length).toBeLessThan(120_000);
  });
  it('by order, from the beginning, where the container does not tell', () => {
    const { runs } = planRuns({ ...timeline, told: 'decoder' }, every(250), big);
    expect(runs.map(({ seek }) => seek)).toEqual([undefined]);
  });
});
