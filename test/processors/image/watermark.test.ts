/** Watermarks: where they stand, what they show (image.md §15). */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { b64, freshBucket, processed, put } from '../../helpers/ossite.ts';
import { changedBox, decoded, photograph, plain } from './pictures.ts';

const WIDTH = 400;
const HEIGHT = 267;
let bucket: string;
let ground: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  ground = await plain(WIDTH, HEIGHT, '#ffffff');
  await put(bucket, 'ground.png', ground);
  await put(bucket, 'photo.jpg', await photograph(WIDTH, HEIGHT));
  // Two colours, so that a mark that is turned or cut shows it.
  const red = await plain(100, 50, '#ff0000');
  const logo = await sharp(await plain(100, 100, '#0000ff'))
    .composite([{ input: red, left: 0, top: 0 }])
    .png()
    .toBuffer();
  await put(bucket, 'logo.png', logo);
  await put(bucket, 'folder/标.png', logo);
  await put(bucket, 'logo.bmp', (await processed(bucket, 'logo.png', 'image/format,bmp')).bytes);
  await put(
    bucket,
    'upended.jpg',
    await sharp(logo).withMetadata({ orientation: 3 }).jpeg({ quality: 100 }).toBuffer(),
  );
});

const marked = async (params: string, key = 'ground.png'): Promise<Buffer> => {
  const { status, bytes, text } = await processed(bucket, key, `image/watermark,${params}`);
  if (status !== 200) throw new Error(text);
  return bytes;
};

const boxOf = async (params: string) => changedBox(ground, await marked(params));

describe('a text stands where g, x, y and voffset say', () => {
  const mark = `text_${b64('图片')},size_60`;
  const middle = (outer: number, inner: number) => Math.floor((outer - inner) / 2);
  test.each([
    ['', (w: number, h: number) => [WIDTH - w - 10, HEIGHT - h - 10]],
    ['g_nw,x_0,y_0', () => [0, 0]],
    ['g_nw', () => [10, 10]],
    ['g_north,x_99,y_20', (w: number) => [middle(WIDTH, w), 20]],
    ['g_ne,x_7,y_3', (w: number) => [WIDTH - w - 7, 3]],
    ['g_west,x_5,y_99', (_: number, h: number) => [5, middle(HEIGHT, h)]],
    ['g_center,x_99,y_99', (w: number, h: number) => [middle(WIDTH, w), middle(HEIGHT, h)]],
    ['g_center,voffset_-30', (w: number, h: number) => [middle(WIDTH, w), middle(HEIGHT, h) - 30]],
    ['g_east,x_4,voffset_25', (w: number, h: number) => [WIDTH - w - 4, middle(HEIGHT, h) + 25]],
    ['g_sw,x_1,y_2', (_: number, h: number) => [1, HEIGHT - h - 2]],
    ['g_south,y_0', (w: number, h: number) => [middle(WIDTH, w), HEIGHT - h]],
    ['g_se,x_0,y_0,voffset_9', (w: number, h: number) => [WIDTH - w, HEIGHT - h]],
  ])('%s', async (params, corner) => {
    // Antialiased edges are too faint to be counted: a pixel of play.
    const { left, top, width, height } = await boxOf(`${mark},${params}`);
    expect([width, height].every((side, i) => side > [90, 45][i]! && side < [125, 66][i]!)).toBe(true);
    const [x = 0, y = 0] = corner(width, height);
    expect([Math.abs(left - x) <= 1, Math.abs(top - y) <= 1], `${left},${top} for ${x},${y}`).toEqual([true, true]);
  });
});

test('characters are themselves, not boxes', async () => {
  const shape = async (text: string, font = 'wqy-zenhei') =>
    (await decoded(await marked(`text_${b64(text)},size_60,g_nw,type_${b64(font)}`))).data.toString('base64');
  const shapes = await Promise.all(
    ['图片', '服务', '中文', '\u{10fffd}\u{10fffd}', 'Ab', 'ab'].map((text) => shape(text)),
  );
  expect(new Set(shapes).size).toBe(shapes.length);
});

test.each([
  'wqy-zenhei',
  'wqy-microhei',
  'fangzhengshusong',
  'fangzhengkaiti',
  'fangzhengheiti',
  'fangzhengfangsong',
  'droidsansfallback',
])('the font %s, its name padded or not', async (font) => {
  const padded = Buffer.from(font).toString('base64');
  for (const name of [padded, b64(font)]) {
    const { width } = await boxOf(`text_${b64('图片')},type_${name}`);
    expect(width).toBeGreaterThan(60);
  }
});

test('text takes both alphabets of Base64 and escapes nothing twice', async () => {
  expect((await marked('text_aGVsbG8g5Zu+54mH5pyN5Yqh77yB,color_ff6a00,', 'photo.jpg')).length).toBeGreaterThan(0);
  const { width } = await boxOf(`text_${b64('<b>&amp;</b>')},size_20`);
  expect(width).toBeGreaterThan(100);
});

describe('looks', () => {
  test('colour, size and opacity', async () => {
    const full = await decoded(await marked(`text_${b64('█')},size_100,g_nw,x_0,y_0,color_FF6A00`));
    const half = await decoded(await marked(`text_${b64('█')},size_100,g_nw,x_0,y_0,color_FF6A00,t_50`));
    expect(full.at(20, 30).slice(0, 3)).toEqual([255, 106, 0]);
    expect(
      half
        .at(20, 30)
        .slice(0, 3)
        .map((value, i) => Math.abs(value - [255, 180, 127][i]!) < 3),
    ).toEqual([true, true, true]);
    expect(await boxOf(`text_${b64('图')},t_0`)).toMatchObject({ width: 0 });
    const [small, large] = [await boxOf(`text_${b64('图')},size_30`), await boxOf(`text_${b64('图')},size_90`)];
    expect(large.height / small.height).toBeCloseTo(3, 0);
  });

  test('a shadow lies to the right and below', async () => {
    const [bare, shaded] = [
      await boxOf(`text_${b64('图')},g_nw,x_0,y_0,size_80`),
      await boxOf(`text_${b64('图')},g_nw,x_0,y_0,size_80,shadow_100`),
    ];
    expect([shaded.width - bare.width, shaded.height - bare.height]).toEqual([2, 2]);
  });

  test('rotate turns the text about its middle', async () => {
    const [flat, upright, slanted] = await Promise.all(
      [0, 90, 45].map((angle) => boxOf(`text_${b64('图片')},g_center,rotate_${angle}`)),
    );
    expect([upright?.width, upright?.height]).toEqual([flat?.height, flat?.width]);
    expect(slanted?.height).toBeGreaterThan((flat?.height ?? 0) * 1.3);
  });

  test('what is larger than the picture is cut off', async () => {
    expect((await sharp(await marked(`text_${b64('图片服务')},size_400`)).metadata()).width).toBe(WIDTH);
    expect(await boxOf(`text_${b64('█')},size_1000,g_nw,x_0,y_0`)).toMatchObject({
      left: 0,
      width: WIDTH,
      height: HEIGHT,
    });
    expect(await boxOf(`text_${b64('图')},g_nw,x_4000`)).toMatchObject({ width: 0 });
  });

  test('fill covers the picture, with gaps', async () => {
    const tiled = await marked(`text_${b64('█')},size_20,fill_1,padx_30,pady_40`);
    const mark = await boxOf(`text_${b64('█')},size_20,g_nw,x_0,y_0`);
    const { at } = await decoded(tiled);
    const [stepX, stepY] = [mark.width + 30, mark.height + 40];
    const dark = (x: number, y: number) => (at(x, y)[0] ?? 255) < 40;
    for (let row = 0; row * stepY + 2 < HEIGHT; row++)
      for (let column = 0; column * stepX + 2 < WIDTH; column++) {
        expect(dark(column * stepX + 2, row * stepY + 2), `${column},${row}`).toBe(true);
        if (column * stepX + mark.width + 5 < WIDTH)
          expect(dark(column * stepX + mark.width + 5, row * stepY + 2)).toBe(false);
      }
  });
});

describe('images', () => {
  const logo = (process = '', key = 'logo.png') =>
    `image_${b64(process === '' ? key : `${key}?x-oss-process=${process}`)}`;

  test.each([
    ['', 'logo.png', 100, 100],
    ['image/resize,P_30', 'logo.png', 80, 80],
    ['image/resize,P_100', 'logo.png', 267, 267],
    ['image/resize,w_40', 'logo.png', 40, 40],
    ['image/crop,w_30,h_20', 'logo.png', 30, 20],
    ['image/indexcrop,y_50,i_1', 'logo.png', 100, 50],
    ['image/resize,w_50/rotate,90', 'logo.bmp', 50, 50],
    ['', 'folder/标.png', 100, 100],
    ['', 'logo.bmp', 100, 100],
  ])('prepared by "%s", %s is %ix%i', async (process, key, width, height) => {
    const box = await boxOf(`${logo(process, key)},g_se,x_0,y_0`);
    expect(box).toEqual({ left: WIDTH - width, top: HEIGHT - height, width, height });
  });

  test('P is a percentage of the picture as it is now', async () => {
    await put(bucket, 'square.png', await plain(100, 100, '#ffffff'));
    const { bytes } = await processed(
      bucket,
      'square.png',
      `image/watermark,${logo('image/resize,P_10')},g_nw,x_0,y_0`,
    );
    expect(await changedBox(await plain(100, 100, '#ffffff'), bytes)).toEqual({
      left: 0,
      top: 0,
      width: 10,
      height: 10,
    });
    const { bytes: small } = await processed(
      bucket,
      'square.png',
      `image/resize,w_50/watermark,${logo('image/resize,P_10')},g_nw,x_0,y_0`,
    );
    expect(await changedBox(await plain(50, 50, '#ffffff'), small)).toEqual({ left: 0, top: 0, width: 5, height: 5 });
  });

  test('EXIF orientation, alpha and opacity of the mark are seen', async () => {
    const upended = await decoded(await marked(`${logo('', 'upended.jpg')},g_nw,x_0,y_0`));
    expect([(upended.at(50, 10)[2] ?? 0) > 240, (upended.at(50, 90)[0] ?? 0) > 240]).toEqual([true, true]);
    const round = await decoded(await marked(`${logo('image/rounded-corners,r_40')},g_nw,x_0,y_0,t_50`));
    expect([round.at(0, 0).slice(0, 3), round.at(50, 25).slice(0, 3)]).toEqual([
      [255, 255, 255],
      [255, 126, 126],
    ]);
  });

  test('beside a text, in order, aligned and apart', async () => {
    const both = `${logo('image/resize,w_60,h_60')},text_${b64('█')},size_30,g_nw,x_0,y_0,interval_20`;
    const text = await boxOf(`text_${b64('█')},size_30,g_nw,x_0,y_0`);
    const [first, last, top] = await Promise.all(
      ['order_0', 'order_1', 'align_0'].map(async (more) => decoded(await marked(`${both},${more}`))),
    );
    const black = (picture: typeof first, x: number, y: number) =>
      (picture?.at(x, y).slice(0, 3) ?? [255]).every((value) => value < 30);
    expect([black(first, 60 + 20 + 2, 58), black(first, 60 + 10, 58), black(first, 82, 5)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(black(last, 2, 58) && !black(last, text.width + 10, 58)).toBe(true);
    expect(last?.at(text.width + 20 + 30, 5).slice(0, 3)).toEqual([255, 0, 0]);
    expect([black(top, 82, 3), black(top, 82, 58)]).toEqual([true, false]);
  });
});

test('nine marks in one request, and marks between other actions', async () => {
  const nine = ['nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se'].map(
    (g) => `watermark,text_${b64('图')},g_${g},size_20`,
  );
  const { status, bytes } = await processed(
    bucket,
    'photo.jpg',
    `image/resize,w_300/${nine.join('/')}/crop,w_150/bright,5`,
  );
  expect([status, (await sharp(bytes).metadata()).width]).toEqual([200, 150]);
});

test.each([
  ['watermark,text_SGVsbG8g5Zu-54mH5pyN5YqhIQ', 400, 267],
  [`resize,w_300/watermark,image_${b64('logo.png?x-oss-process=image/resize,P_30')},t_90,g_se,x_10,y_10`, 300, 200],
  [
    `resize,w_300,h_300/watermark,image_${b64('logo.png?x-oss-process=image/resize,P_30')},t_90,g_se,x_10,y_10`,
    300,
    200,
  ],
])('%s keeps the size', async (actions, width, height) => {
  const { bytes } = await processed(bucket, 'photo.jpg', `image/${actions}`);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width, height });
});

test('a text no machine should draw is refused', async () => {
  const { status, text } = await processed(
    bucket,
    'ground.png',
    `image/watermark,text_${b64('W'.repeat(64))},size_1000,rotate_45`,
  );
  expect([status, text.includes('MemLimitExceeded')]).toEqual([400, true]);
});
