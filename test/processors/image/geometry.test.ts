/** Sizes: the vector tables of image.md §3.5, §4, §5, §6, §8, §9. */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshBucket, processed, put } from '../../helpers/ossite.ts';
import { decoded, exact, photograph, plain } from './pictures.ts';

let bucket: string;

/** Sources by size; `424x333` carries EXIF orientation 7, as the sample `f.jpg` of the documentation. */
const sizes = [
  '400x267',
  '200x100',
  '1504x1120',
  '400x300',
  '200x400',
  '3924x2550',
  '1920x1200',
  '720x720',
  '300x200',
  '1x1',
  '6000x1000',
];

const sides = (size: string) => size.split('x').map(Number) as [number, number];

beforeAll(async () => {
  bucket = await freshBucket();
  for (const size of sizes) await put(bucket, size, await photograph(...sides(size)));
  await put(bucket, '424x333', await photograph(424, 333, 90, 7));
  await put(bucket, '1024x768', await exact(1024, 768));
  await put(bucket, 'exact', await exact(400, 267));
});

const sizeOf = async (source: string, process: string): Promise<string> => {
  const answer = await processed(bucket, source, process);
  if (answer.status !== 200) throw new Error(answer.text);
  const { width, height } = await sharp(answer.bytes).metadata();
  return `${width}x${height}`;
};

describe('resize', () => {
  test.each([
    ['200x100', 'w_150,h_80', '150x75'],
    ['200x100', 'm_mfit,w_150,h_80', '160x80'],
    ['200x100', 'm_fill,w_150,h_80', '150x80'],
    ['200x100', 'm_pad,w_150,h_80', '150x80'],
    ['200x100', 'm_fixed,w_150,h_80', '150x80'],
    ['200x100', 'm_fixed,h_100', '100x100'],
    ['400x267', 'm_fixed,w_100,h_100', '100x100'],
    ['400x267', 'h_100', '150x100'],
    ['400x267', 'w_100', '100x67'],
    ['400x267', 'l_100', '100x67'],
    ['400x267', 's_100', '150x100'],
    ['400x267', 'l_100,s_100', '100x67'],
    ['400x267', 'm_mfit,l_100,s_100', '150x100'],
    ['400x267', 'w_100,h_100', '100x67'],
    ['400x267', 'm_mfit,w_100,h_100', '150x100'],
    ['400x267', 'm_fill,w_100,h_100', '100x100'],
    ['400x267', 'm_pad,w_100,h_100', '100x100'],
    ['400x267', 'p_50', '200x134'],
    ['400x267', 'p_200', '800x534'],
    ['400x267', 'p_33', '132x88'],
    ['400x267', 'p_50,w_100', '100x67'],
    ['400x267', 'w_100,l_50', '100x67'],
    ['400x267', 'w_50,w_100', '100x67'],
    ['400x267', 'w_100,e_1', '100x67'],
    ['400x267', 'w_0100', '100x67'],
    ['400x267', 'w_500', '400x267'],
    ['400x267', 'w_500,limit_0', '500x334'],
    ['400x267', 'w_300,h_300', '300x200'],
    ['400x267', 'm_pad,w_300,h_300', '300x300'],
    ['400x267', 'w_330,h_330', '400x267'],
    ['400x267', 'm_fill,w_300,h_300', '400x267'],
    ['400x267', 'w_300,h_300,limit_0', '300x200'],
    ['400x267', 'm_fill,w_300,h_300,limit_0', '300x300'],
    ['400x267', 'w_300', '300x200'],
    ['1504x1120', 'w_1500,h_1125', '1504x1120'],
    ['1504x1120', 'w_1500,h_1125,limit_0', '1500x1117'],
    ['400x300', 'w_300,h_100', '133x100'],
    ['400x300', 'm_pad,w_100,h_100', '100x100'],
    ['200x400', 'w_100,h_100', '50x100'],
    ['200x400', 'm_mfit,w_100,h_100', '100x200'],
    ['200x400', 'l_100', '50x100'],
    ['200x400', 's_100', '100x200'],
    ['3924x2550', 'l_923,h_600', '923x600'],
    ['1024x768', 'w_200', '200x150'],
    ['1920x1200', 'w_100', '100x63'],
    ['720x720', 'w_50', '50x50'],
    ['1x1', 'w_300,h_1,limit_0,m_fixed', '300x1'],
  ])('%s %s is %s', async (source, params, size) => {
    expect(await sizeOf(source, `image/resize,${params}`)).toBe(size);
  });

  test('pad puts the picture in the middle of its colour', async () => {
    const { bytes } = await processed(bucket, 'exact', 'image/resize,m_pad,w_200,h_200,color_ff6A00');
    const { at } = await decoded(bytes);
    // 200x134 pasted at y = 33
    expect([at(100, 0), at(100, 32), at(100, 167), at(100, 199)]).toEqual(Array(4).fill([255, 106, 0]));
    expect([at(100, 33), at(100, 166)]).not.toContainEqual([255, 106, 0]);
  });

  test.each([
    [200, 100, 'w_150,h_80', 75, 2],
    [400, 267, 'w_300,h_300', 200, 50],
  ])('%ix%i m_pad,%s holds a picture of height %i at y = %i', async (width, height, params, inner, top) => {
    await put(bucket, 'flat.png', await plain(width, height, '#0000ff'));
    const { at, ...made } = await decoded(
      (await processed(bucket, 'flat.png', `image/resize,m_pad,${params},color_FF0000`)).bytes,
    );
    const reds = Array.from({ length: made.height }, (_, y) => at(5, y)[0]);
    expect([reds.indexOf(0), reds.lastIndexOf(0)]).toEqual([top, top + inner - 1]);
  });

  test('fill cuts 5 pixels off each side of 160x80', async () => {
    await put(bucket, '200x100 exact', await exact(200, 100));
    const whole = await decoded((await processed(bucket, '200x100 exact', 'image/resize,m_mfit,w_150,h_80')).bytes);
    const filled = await decoded((await processed(bucket, '200x100 exact', 'image/resize,m_fill,w_150,h_80')).bytes);
    expect([0, 149].map((x) => filled.at(x, 40))).toEqual([5, 154].map((x) => whole.at(x, 40)));
  });

  test('fill cuts both ends alike', async () => {
    const whole = await decoded((await processed(bucket, 'exact', 'image/resize,h_100')).bytes);
    const filled = await decoded((await processed(bucket, 'exact', 'image/resize,m_fill,w_100,h_100')).bytes);
    expect([0, 50, 99].map((x) => filled.at(x, 40))).toEqual([25, 75, 124].map((x) => whole.at(x, 40)));
  });
});

describe('EXIF orientation', () => {
  test.each([
    ['resize,w_100/auto-orient,1', '100x127'],
    ['resize,w_100/auto-orient,0', '100x79'],
    ['resize,w_100', '100x127'],
    ['auto-orient,1', '333x424'],
    ['auto-orient,0', '424x333'],
    ['interlace,1', '333x424'],
  ])('%s of a 424x333 with orientation 7 is %s', async (actions, size) => {
    expect(await sizeOf('424x333', `image/${actions}`)).toBe(size);
  });
});

describe('crop', () => {
  test.each([
    ['w_100,h_100,x_100,y_100,r_1', 100, 100, 100, 100],
    ['x_100,y_50', 300, 217, 100, 50],
    ['x_100,y_50,w_100,h_100', 100, 100, 100, 50],
    ['w_200,h_200,g_se', 200, 200, 200, 67],
    ['x_10,y_10,w_200,h_200,g_se', 190, 190, 210, 77],
    ['w_100,h_100,g_center', 100, 100, 150, 83],
    ['w_100,h_100', 100, 100, 0, 0],
    ['w_1000,h_50', 400, 50, 0, 0],
    ['w_0,h_0,x_399', 1, 267, 399, 0],
    ['w_100,h_100,g_north', 100, 100, 150, 0],
    ['w_100,h_100,g_ne', 100, 100, 300, 0],
    ['w_100,h_100,g_west', 100, 100, 0, 83],
    ['w_100,h_100,g_east', 100, 100, 300, 83],
    ['w_100,h_100,g_sw', 100, 100, 0, 167],
    ['w_100,h_100,g_south', 100, 100, 150, 167],
    ['w_1000,h_1000,g_se,x_10', 390, 267, 10, 0],
  ])('%s is %ix%i from (%i,%i)', async (params, width, height, left, top) => {
    const source = await decoded(await exact(400, 267));
    const cut = await decoded((await processed(bucket, 'exact', `image/crop,${params}`)).bytes);
    expect([cut.width, cut.height]).toEqual([width, height]);
    expect(cut.at(0, 0)).toEqual(source.at(left, top));
    expect(cut.at(width - 1, height - 1)).toEqual(source.at(left + width - 1, top + height - 1));
  });
});

test.each([
  ['400x267', 'indexcrop,x_100,i_0', '100x267'],
  ['400x267', 'indexcrop,x_100,i_3', '100x267'],
  ['400x267', 'indexcrop,x_100,i_4', '400x267'],
  ['400x267', 'indexcrop,x_100,i_100', '400x267'],
  ['400x267', 'indexcrop,y_100,i_0', '400x100'],
  ['400x267', 'indexcrop,y_100,i_2', '400x67'],
  ['400x267', 'indexcrop,y_100,i_10', '400x267'],
  ['400x267', 'indexcrop,x_100,y_100,i_0', '400x100'],
  ['400x267', 'indexcrop,x_1000', '400x267'],
  ['400x300', 'indexcrop,x_150,i_2', '100x300'],
  ['400x267', 'indexcrop,x_300,i_1/resize,h_150,m_lfit', '56x150'],
  ['6000x1000', 'indexcrop,x_512,i_11|image/indexcrop,y_512,i_1', '368x488'],
  ['400x267', 'rotate,90', '267x400'],
  ['400x267', 'rotate,270', '267x400'],
  ['400x267', 'rotate,180', '400x267'],
  ['400x267', 'rotate,0', '400x267'],
  ['400x267', 'rotate,360', '400x267'],
  ['400x267', 'rotate,45', '472x472'],
  ['400x267', 'rotate,70', '388x467'],
  ['400x267', 'resize,m_fixed,w_100,h_100/rotate,90', '100x100'],
  ['400x267', 'resize,w_200/rotate,90', '134x200'],
  ['6000x1000', 'resize,w_600/rotate,90', '100x600'],
  ['400x267', 'circle,r_100', '201x201'],
  ['400x267', 'circle,r_1000', '267x267'],
  ['300x200', 'circle,r_50', '101x101'],
  ['300x200', 'circle,r_4096', '199x199'],
  ['400x267', 'rounded-corners,r_30', '400x267'],
  ['400x267', 'crop,w_100,h_100/rounded-corners,r_10/format,png', '100x100'],
  ['400x267', 'flip,0/', '400x267'],
])('%s %s is %s', async (source, actions, size) => {
  expect(await sizeOf(source, `image/${actions}`)).toBe(size);
});

test('rotate turns clockwise, flip mirrors', async () => {
  const source = await decoded(await exact(400, 267));
  const [turned, mirrored, upended] = await Promise.all(
    ['rotate,90', 'flip,1', 'flip,0'].map(async (action) =>
      decoded((await processed(bucket, 'exact', `image/${action}`)).bytes),
    ),
  );
  expect(turned?.at(266, 0)).toEqual(source.at(0, 0));
  expect(turned?.at(0, 399)).toEqual(source.at(399, 266));
  expect(mirrored?.at(399, 0)).toEqual(source.at(0, 0));
  expect(upended?.at(0, 266)).toEqual(source.at(0, 0));
});
