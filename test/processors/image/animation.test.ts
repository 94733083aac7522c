/** Animations: what keeps all frames and what takes the first (image.md §2.3). */
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshBucket, ossError, processed, put } from '../../helpers/ossite.ts';
import { animation, decoded, distance } from './pictures.ts';

const delay = [50, 60, 70, 80, 90, 100];
let bucket: string;
let gif: Buffer;

beforeAll(async () => {
  bucket = await freshBucket();
  gif = await animation(120, 80, delay);
  await put(bucket, 'a.gif', gif);
  await put(bucket, 'a.webp', await sharp(gif, { animated: true }).webp().toBuffer());
});

describe('frames, their times and the loops stay', () => {
  test.each([
    ['resize,w_60', 60, 40],
    ['resize,m_fixed,w_60,h_60', 60, 60],
    ['resize,m_fill,w_50,h_50', 50, 50],
    ['resize,m_pad,w_100,h_60,color_336699', 100, 60],
    ['resize,w_240', 120, 80],
    ['resize,w_240,limit_0', 120, 80],
    ['crop,w_50,h_40,x_10,y_10', 50, 40],
    ['watermark,text_5Zu-54mH,size_20', 120, 80],
    ['watermark,text_5Zu-54mH,size_20,fill_1', 120, 80],
    ['resize,w_60/watermark,text_5Zu-54mH,size_20,g_nw/crop,w_40/resize,w_20', 20, 20],
    ['format,gif', 120, 80],
    ['resize,w_60/format,gif', 60, 40],
  ])('%s', async (actions, width, pageHeight) => {
    const { bytes, headers } = await processed(bucket, 'a.gif', `image/${actions}`);
    expect(headers['content-type']).toBe('image/gif');
    const {
      format,
      pages,
      width: w,
      pageHeight: h,
      delay: times,
      loop,
    } = await sharp(bytes, { animated: true }).metadata();
    expect({ format, pages, w, h, times, loop }).toEqual({
      format: 'gif',
      pages: 6,
      w: width,
      h: pageHeight,
      times: delay,
      loop: 3,
    });
  });
});

test.each([
  ['resize,p_50', 'gif'],
  ['rotate,90', 'gif'],
  ['quality,q_50', 'gif'],
  ['blur,r_3,s_2', 'gif'],
  ['interlace,1', 'gif'],
  ['auto-orient,1', 'gif'],
  ['rounded-corners,r_9', 'gif'],
  ['resize,w_60/sharpen,100', 'gif'],
  ['format,webp', 'webp'],
  ['format,png', 'png'],
  ['resize,w_60/format,jpg', 'jpeg'],
])('%s takes the first frame', async (actions, format) => {
  const { bytes } = await processed(bucket, 'a.gif', `image/${actions}`);
  const facts = await sharp(bytes, { animated: true }).metadata();
  expect([facts.format, facts.pages ?? 1]).toEqual([format, 1]);
});

test('every frame is cut and marked alike', async () => {
  const whole = await Promise.all(delay.map((_, page) => decoded(gif, page)));
  const { bytes } = await processed(bucket, 'a.gif', 'image/crop,w_50,h_40,x_10,y_10');
  const marked = (await processed(bucket, 'a.gif', 'image/watermark,text_5Zu-54mH,size_40,g_center,color_00FF00'))
    .bytes;
  const shape = async (page: number) => {
    const frame = await decoded(marked, page);
    let green = 0;
    for (let y = 0; y < 80; y++)
      for (let x = 0; x < 120; x++) if ((frame.at(x, y)[1] ?? 0) > 250 && (frame.at(x, y)[0] ?? 0) < 90) green += 1;
    return green;
  };
  for (const page of delay.keys()) {
    const [cut, before] = [await decoded(bytes, page), whole[page]];
    for (const [x, y] of [
      [0, 0],
      [49, 39],
      [25, 20],
    ] as const)
      for (const c of [0, 1, 2])
        expect(Math.abs((cut.at(x, y)[c] ?? 0) - (before?.at(x + 10, y + 10)[c] ?? 0))).toBeLessThan(16);
    expect(await shape(page)).toBeGreaterThan(300);
  }
});

test('the first frame is the first', async () => {
  const { bytes } = await processed(bucket, 'a.gif', 'image/format,png');
  expect(await distance(bytes, await sharp(gif, { page: 0 }).png().toBuffer())).toBe(0);
});

test('a frame may stand for minutes', async () => {
  const slow = Buffer.from(gif);
  // The delay of the first graphic control extension, in hundredths of a second.
  slow.writeUInt16LE(65_535, slow.indexOf(Buffer.from('21f904', 'hex')) + 4);
  await put(bucket, 'slow.gif', slow);
  const { bytes } = await processed(bucket, 'slow.gif', 'image/resize,w_60');
  expect((await sharp(bytes, { animated: true }).metadata()).delay?.[0]).toBeGreaterThan(60_000);
});

test('animated WebP is refused', async () => {
  expect(ossError(await processed(bucket, 'a.webp', 'image/resize,w_50'))).toMatchObject({
    status: 400,
    code: 'BadWebPImage',
    ec: '0040-00000010',
    message: 'The webp image file may be damaged.',
  });
});
