/** video/snapshots: the rows SN1 to SN8 of media.md §21.2, names, sizes and colours. Which frames: frames.test.ts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, freshBucket, ossError, put, saveas, submitted } from '../../helpers/ossite.ts';
import { numberIn } from '../media/frame-recipes.ts';
import { made, oneMade, pixel, shape } from '../media/frame-tasks.ts';

const keys = (outputs: readonly { readonly key: string }[]) => outputs.map(({ key }) => key);

// The source has 10 s where the specification's has 30, so times are a third of what they are there.
describe('the vectors', () => {
  it('SN1: S5 with its own names', async () => {
    const process = 'video/snapshots,f_jpg,w_100,h_100,scaletype_crop,inter_3334';
    const outputs = await made('numbered-small.mkv', process, 'outobjprefix-{index}.{autoext}\n');
    expect(keys(outputs)).toEqual(['outobjprefix-1.jpg', 'outobjprefix-2.jpg', 'outobjprefix-3.jpg']);
    for (const { bytes, type } of outputs) {
      expect(await shape(bytes)).toBe('jpeg 100x100');
      expect(type).toBe('image/jpeg');
    }
  });
  it('SN2: with ss', async () => {
    const outputs = await made('numbered-small.mp4', 'video/snapshots,f_jpg,inter_3333,ss_1667');
    expect(await Promise.all(outputs.map(({ bytes }) => numberIn(bytes)))).toEqual([42, 125, 209]);
  });
  it('SN3: key frames', async () => {
    const outputs = await made('numbered-small.mp4', 'video/snapshots,f_jpg,m_key,w_100,h_100');
    expect(outputs).toHaveLength(10);
  });
  it('SN4: names without an extension', async () => {
    const outputs = await made('numbered-small.mp4', 'video/snapshots,f_png,m_avg,num_5', 'frames/frame');
    expect(keys(outputs)).toEqual([1, 2, 3, 4, 5].map((n) => `frames/frame_0_${n}.png`));
    expect(await shape(outputs[4]?.bytes ?? Buffer.alloc(0))).toBe('png 160x96');
    expect(outputs[0]?.type).toBe('image/png');
  });
  it('SN5: without {index} the last frame remains', async () => {
    const { key, bytes } = await oneMade('numbered-small.mp4', 'video/snapshots,f_jpg,inter_3334', 'shot.jpg');
    expect(key).toBe('shot.jpg');
    expect(await numberIn(bytes)).toBe(167);
  });
  it('SN7: num', async () => {
    expect(await made('numbered-small.mp4', 'video/snapshots,f_jpg,inter_333,num_4')).toHaveLength(4);
  });
  it('SN8: percent', async () => {
    const [first] = await made('numbered-small.mp4', 'video/snapshots,f_jpg,pw_50,ph_50,inter_3334');
    expect(await shape(first?.bytes ?? Buffer.alloc(0))).toBe('jpeg 80x48');
  });
});

it('more than ten keep their order', async () => {
  const outputs = await made('numbered-small.mp4', 'video/snapshots,f_jpg,w_160,h_96,ss_1000,num_12');
  expect(keys(outputs)).toEqual(Array.from({ length: 12 }, (_, i) => `${i + 1}.jpg`));
  expect(await numberIn(outputs[11]?.bytes ?? Buffer.alloc(0))).toBe(36);
});

it.each([
  ['L1.mp4', 'h_33,pw_150,ph_10', '480x33'],
  ['L1.mp4', 'w_101,pw_200,ph_50', '101x120'],
  ['L1.mp4', 'pw_0.01,ph_33.3', '1x80'],
  ['L1.mp4', 'w_99,h_77,scaletype_crop', '99x77'],
  // Rounded down, and odd; enlarged as well
  ['L1.mp4', 'w_99,h_99,scaletype_fit', '99x74'],
  ['L1.mp4', 'w_4096,h_4096,scaletype_fit', '4096x3072'],
  // As shown: turned, with square pixels
  ['turned.mp4', 'w_90,h_90,scaletype_fit', '67x90'],
  ['wide-pixels.mkv', '', '320x120'],
] as const)('%s, %s: %s', async (of, size, expected) => {
  expect(await shape((await oneMade(of, `video/snapshots,f_jpg,num_1,${size}`)).bytes)).toBe(`jpeg ${expected}`);
});

it('fill centres on black, crop takes the middle', async () => {
  const filled = (await oneMade('red.mp4', 'video/snapshots,f_png,num_1,w_101,h_50,scaletype_fill')).bytes;
  const is = async (x: number, y: number, red: boolean) =>
    expect((await pixel(filled, x, y))[0], `at ${x}`).toSatisfy((value: number) => (red ? value > 200 : value < 20));
  await is(0, 25, false);
  await is(24, 25, false);
  await is(27, 25, true);
  await is(73, 25, true);
  await is(77, 25, false);
  await is(100, 25, false);
  // Of the 160 columns the middle 96 stay: from the 3rd bar on, which begins at 32.
  const cropped = (await oneMade('numbered-small.mp4', 'video/snapshots,f_png,ss_9960,w_96,h_96,scaletype_crop')).bytes;
  for (const [i, bright] of [false, true, true, true, true, true].entries())
    expect(((await pixel(cropped, 8 + 16 * i, 45))[0] ?? 0) > 127, `bar ${i + 3}`).toBe(bright);
});

it.each(['red.mp4', 'red-full.mp4'] as const)('%s: colours are right in JPEG and PNG, at odd sizes too', async (of) => {
  for (const f of ['jpg', 'png']) {
    const { bytes } = await oneMade(of, `video/snapshots,f_${f},num_1,w_65,h_63`);
    const [red = 0, green = 0, blue = 0] = await pixel(bytes, 64, 62);
    expect(red, f).toBeGreaterThanOrEqual(250);
    expect(Math.max(green, blue), f).toBeLessThanOrEqual(6);
  }
});

describe('refused at submit', () => {
  let bucket: string;
  beforeAll(async () => {
    bucket = await freshBucket();
    await put(bucket, 'clip.mp4', fixture('clip.mp4'));
  });
  const rows: readonly (readonly [process: string, param: string])[] = [
    ['snapshots', 'f'],
    ['snapshots,f_gif', 'f'],
    // SN6
    ['snapshots,f_jpg,m_avg', 'num'],
    ['snapshots,f_jpg,m_avg,num_0', 'num'],
    ['snapshots,f_jpg,num_-1', 'num'],
    ['snapshots,f_jpg,m_all', 'm'],
    ['snapshots,f_jpg,m_dhash,thr_101', 'thr'],
    ['snapshots,f_jpg,inter_1.5', 'inter'],
    ['snapshots,f_jpg,ss_-1', 'ss'],
    ['snapshots,f_jpg,w_31', 'w'],
    ['snapshots,f_jpg,h_4097', 'h'],
    ['snapshots,f_jpg,pw_0', 'pw'],
    ['snapshots,f_jpg,ph_201', 'ph'],
    ['snapshots,f_jpg,scaletype_pad', 'scaletype'],
    ['sprite', 'f'],
    ['sprite,f_webp', 'f'],
    ['sprite,f_jpg,m_avg', 'num'],
    ['sprite,f_jpg,sw_31', 'sw'],
    ['sprite,f_jpg,sh_4097', 'sh'],
    ['sprite,f_jpg,psw_0', 'psw'],
    ['sprite,f_jpg,psh_200.1', 'psh'],
    ['sprite,f_jpg,tw_0', 'tw'],
    ['sprite,f_jpg,th_101', 'th'],
    ['sprite,f_jpg,pad_101', 'pad'],
    ['sprite,f_jpg,margin_-1', 'margin'],
    // 16,385 pixels wide, 16,512 high
    ['sprite,f_jpg,sw_1638,sh_32,tw_10,pad_0,margin_2,th_1,sw_1639', 'tw'],
    ['sprite,f_jpg,sw_32,sh_4096,th_4,pad_0,margin_64', 'tw'],
    ['animation', 'f'],
    ['animation,f_jpg', 'f'],
    ['animation,f_gif,fps_241', 'fps'],
    ['animation,f_gif,fps_-1', 'fps'],
    ['animation,f_gif,t_1s', 't'],
    ['animation,f_gif,w_4097', 'w'],
    ['animation,f_gif,ph_0', 'ph'],
  ];
  it.each(rows)('video/%s', async (process, param) => {
    const answer = await submitted(bucket, 'clip.mp4', `video/${process}${saveas('o')}`);
    const { code, message, ec } = ossError(answer);
    expect({ status: answer.status, code, ec }).toEqual({ status: 400, code: 'Imm Client', ec: '0056-00000001' });
    expect(message).toContain(`[${param}]`);
  });
});
