/** video/animation: the rows AN1 to AN3 of media.md §21.2, speed, sizes and colours. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { numberIn } from '../media/frame-recipes.ts';
import { made, oneMade, pixel, task } from '../media/frame-tasks.ts';
import type { SourceName } from '../media/sources.ts';

async function animation(of: SourceName, process: string) {
  const { key, bytes, type } = await oneMade(of, `video/animation,${process}`, 'a');
  const {
    format,
    width,
    pageHeight,
    height,
    pages = 1,
    loop,
    delay = [],
  } = await sharp(bytes, { animated: true }).metadata();
  const seconds = delay.reduce((sum, ms) => sum + ms, 0) / 1000;
  return { key, bytes, type, is: `${format} ${width}x${pageHeight ?? height}`, pages, loop, seconds };
}

/** The numbers on the frames of an animation. */
async function numbers(bytes: Buffer, pages: number): Promise<readonly number[]> {
  const frames = Array.from({ length: pages }, (_, page) => sharp(bytes, { page }).png().toBuffer());
  return Promise.all(frames.map(async (frame) => numberIn(await frame)));
}

// The source has 10 s where the specification's has 30: times are a third of what they are there.
describe('the vectors', () => {
  it('AN1: S3, at the speed of the video', async () => {
    const seen = await animation('numbered-small.mkv', 'f_gif,w_100,h_100,inter_333');
    expect(seen).toMatchObject({ key: 'a.gif', type: 'image/gif', is: 'gif 100x100', pages: 30, loop: 0 });
    expect(seen.seconds).toBeCloseTo(10, 1);
  });
  it('AN2: fps is how fast they are shown', async () => {
    const seen = await animation('numbered-small.mp4', 'f_gif,w_100,h_100,inter_1000,fps_10');
    expect(seen).toMatchObject({ pages: 10, seconds: 1 });
    expect(await numbers(seen.bytes, 10)).toEqual([0, 25, 50, 75, 100, 125, 150, 175, 200, 225]);
  });
  it('AN3: WebP', async () => {
    const seen = await animation('numbered-small.mp4', 'f_webp,w_100,h_100,inter_1000,num_5');
    expect(seen).toMatchObject({
      key: 'a.webp',
      type: 'image/webp',
      is: 'webp 100x100',
      pages: 5,
      loop: 0,
      seconds: 5,
    });
    expect(seen.bytes.toString('latin1').split('ANMF')).toHaveLength(6);
    expect(await numbers(seen.bytes, 5)).toEqual([0, 25, 50, 75, 100]);
  });
});

it.each([
  // Every frame, at the source's rate
  ['numbered-small.mp4', 'f_gif,ss_9000', 25, 1],
  ['numbered-small.mp4', 'f_webp,ss_9000,inter_7', 25, 1],
  // t is a length
  ['numbered-small.mp4', 'f_webp,ss_5000,t_1000,inter_200', 5, 1],
  // No multiple of the frames' distance
  ['numbered-small.mp4', 'f_webp,t_3000,inter_100', 30, 3],
  // Slower, faster, at a rate that ends in no decimal
  ['numbered-small.mp4', 'f_webp,inter_1000,num_4,fps_0.5', 4, 8],
  ['numbered-small.mp4', 'f_webp,ss_8000,fps_29.97', 50, 50 / 29.97],
  ['numbered-small.mp4', 'f_gif,ss_9600,fps_240', 10, 0.1],
  ['numbered-small.mp4', 'f_gif,inter_400,num_3,fps_0.0001', 3, 3 * 655],
  ['numbered-small.h264', 'f_webp,ss_9000', 25, 1],
] as const)('%s, %s: %i frames', async (of, process, pages, seconds) => {
  const seen = await animation(of, `w_100,h_60,${process}`);
  expect(seen.pages).toBe(pages);
  if (seconds !== undefined) expect(Math.abs(seen.seconds - seconds)).toBeLessThanOrEqual(0.05);
});

it('warns of a GIF faster than GIFs can be', async () => {
  const { Warnings } = await task('L1.mp4', 'video/animation,f_gif,w_64,h_48,num_3,fps_240');
  expect(Warnings).toEqual([expect.stringMatching(/100 frames per second/)]);
});

it.each([
  ['w_99,h_33,scaletype_fill', '99x33'],
  ['w_99,h_99,scaletype_fit', '99x74'],
  ['pw_50,ph_33', '160x79'],
] as const)('size %s: %s', async (size, expected) => {
  expect((await animation('L1.mp4', `f_webp,num_2,${size}`)).is).toBe(`webp ${expected}`);
});

it.each(['gif', 'webp'])('%s: colours are right', async (f) => {
  const { bytes } = await animation('red.mp4', `f_${f},num_2,w_65,h_63`);
  const [red = 0, green = 0, blue = 0] = await pixel(bytes, 64, 62);
  expect(red).toBeGreaterThanOrEqual(245);
  expect(Math.max(green, blue)).toBeLessThanOrEqual(12);
});

it('more frames than memory is given for: the palette is made in a run of its own', async () => {
  // 4096 x 4096 x 4 bytes x 5 frames are 320 MiB.
  const outputs = await made('count.mp4', 'video/animation,f_gif,w_4096,h_4096,num_5,inter_1000');
  const { pages, pageHeight } = await sharp(outputs[0]?.bytes, { animated: true, limitInputPixels: false }).metadata();
  expect([pages, pageHeight]).toEqual([5, 4096]);
});
