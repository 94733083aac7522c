/** video/sprite: the rows SP1 to SP3 of media.md §21.2, and where each tile lies. */
import { expect, it } from 'vitest';
import { numberIn } from '../media/frame-recipes.ts';
import { cut, made, oneMade, pixel, shape, task } from '../media/frame-tasks.ts';

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly pad: number;
  readonly margin: number;
}

/** The numbers on the first tiles of a sheet. */
async function tiles(sheet: Buffer, { width, height, columns, pad, margin }: Grid, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const left = margin + (i % columns) * (width + pad);
    const top = margin + Math.floor(i / columns) * (height + pad);
    numbers.push(await numberIn(await cut(sheet, left, top, width, height)));
  }
  return numbers;
}

const black = async (sheet: Buffer, left: number, top: number) =>
  expect(Math.max(...(await pixel(sheet, left, top))), `${left},${top}`).toBeLessThan(12);

// The source has 10 s where the specification's has 30: times are a third of what they are there.
it('SP1: S4, three tiles on one sheet', async () => {
  const process = 'video/sprite,f_jpg,sw_100,sh_100,inter_3334,tw_10,th_10,pad_0,margin_0';
  const { key, bytes, type } = await oneMade('numbered-small.mkv', process, 'outobjprefix-{index}.{autoext}\n');
  expect([key, type, await shape(bytes)]).toEqual(['outobjprefix-1.jpg', 'image/jpeg', 'jpeg 1000x1000']);
  const grid = { width: 100, height: 100, columns: 10, pad: 0, margin: 0 };
  expect(await tiles(bytes, grid, 3)).toEqual([0, 84, 167]);
  await black(bytes, 350, 50);
  await black(bytes, 50, 150);
});

it('SP2: two sheets, the second as large as the first', async () => {
  const [first, second, ...more] = await made('numbered-small.mp4', 'video/sprite,f_jpg,sw_100,sh_100,inter_166', 's');
  expect([first?.key, second?.key, more]).toEqual(['s_0_1.jpg', 's_0_2.jpg', []]);
  const grid = { width: 100, height: 100, columns: 6, pad: 2, margin: 2 };
  const every = Array.from({ length: 61 }, (_, i) => Math.max(0, Math.ceil(i * 0.166 * 25 - 0.025)));
  expect(await shape(first?.bytes ?? Buffer.alloc(0))).toBe('jpeg 614x614');
  expect(await tiles(first?.bytes ?? Buffer.alloc(0), grid, 36)).toEqual(every.slice(0, 36));
  const last = second?.bytes ?? Buffer.alloc(0);
  expect(await shape(last)).toBe('jpeg 614x614');
  expect(await tiles(last, grid, 25)).toEqual(every.slice(36));
  await black(last, 160, 460);
  await black(last, 560, 560);
});

it('SP3: PNG, ten tiles on twelve places', async () => {
  const process = 'video/sprite,f_png,sw_100,sh_100,tw_6,th_2,inter_1000';
  const { bytes, type } = await oneMade('numbered-small.mp4', process);
  expect([type, await shape(bytes)]).toEqual(['image/png', 'png 614x206']);
  const grid = { width: 100, height: 100, columns: 6, pad: 2, margin: 2 };
  expect(await tiles(bytes, grid, 10)).toEqual([0, 25, 50, 75, 100, 125, 150, 175, 200, 225]);
});

it('odd tiles, gaps and borders: black to the pixel', async () => {
  const process = 'video/sprite,f_png,sw_61,sh_33,tw_2,th_2,pad_3,margin_5,ss_9800,num_3';
  const { bytes } = await oneMade('numbered-small.mp4', process);
  expect(await shape(bytes)).toBe(`png ${10 + 122 + 3}x${10 + 66 + 3}`);
  expect(await tiles(bytes, { width: 61, height: 33, columns: 2, pad: 3, margin: 5 }, 3)).toEqual([245, 246, 247]);
  // All frames begin with a white bar at odd numbers.
  const white = async (x: number, y: number) => expect(Math.min(...(await pixel(bytes, x, y)))).toBeGreaterThan(225);
  await white(5, 5);
  await white(5, 37);
  for (const [x, y] of [
    [4, 5],
    [5, 4],
    [5, 38],
    [67, 20],
    [68, 20],
    [5, 40],
    [100, 60],
  ] as const)
    await black(bytes, x, y);
});

it('scaletype_fit: tiles stay of one size, centred on black', async () => {
  const process = 'video/sprite,f_png,sw_100,sh_100,tw_1,th_1,pad_0,margin_0,num_1,ss_9960,scaletype_fit';
  const { bytes } = await oneMade('numbered-small.mp4', process);
  expect(await shape(bytes)).toBe('png 100x100');
  for (const row of [5, 95]) for (const x of [5, 25, 75]) await black(bytes, x, row);
  expect(await numberIn(await cut(bytes, 0, 20, 100, 60))).toBe(249);
});

it('tiles without a size are as large as the source; percent makes them smaller', async () => {
  const { bytes } = await oneMade('L1.mp4', 'video/sprite,f_jpg,inter_500,tw_2,th_1');
  expect(await shape(bytes)).toBe('jpeg 646x244');
  const half = await oneMade('L1.mp4', 'video/sprite,f_jpg,psw_50,psh_25,inter_500,tw_2,th_1');
  expect(await shape(half.bytes)).toBe('jpeg 326x64');
});

it('a sheet beyond 16384 pixels that only the source tells of', async () => {
  const ended = await task('L1.mp4', 'video/sprite,f_jpg,tw_100,th_1,inter_500');
  expect(ended).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Outputs: [] });
  expect(ended.Message).toContain('32202x244');
});

it('no index: the last sheet remains', async () => {
  const { key, bytes } = await oneMade(
    'numbered-small.mp4',
    'video/sprite,f_png,sw_100,sh_60,inter_1000,tw_3,th_3',
    'sheet.png',
  );
  expect(key).toBe('sheet.png');
  expect(await tiles(bytes, { width: 100, height: 60, columns: 3, pad: 2, margin: 2 }, 1)).toEqual([225]);
});
