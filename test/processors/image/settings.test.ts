/** Settings for what OSS does to some accounts only, or is not known to do (image.md §2.3, §3.2). */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ossite, startOssite } from '../../../src/server/index.ts';
import { frontDoor } from '../../helpers/ossite.ts';
import { animation, decoded, photograph } from './pictures.ts';

const delay = [50, 60, 70, 80];
let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;

beforeAll(async () => {
  ossite = await startOssite({
    port: 0,
    storage: 'memory',
    log: 'error',
    buckets: ['plain'],
    imageLimitRule: 'per-side',
    gifToWebpAnimated: true,
    animatedWebp: true,
  });
  door = frontDoor(ossite.endpoint);
  const gif = await animation(120, 80, delay);
  await door.put('plain', 'a.jpg', await photograph(400, 267));
  await door.put('plain', 'a.gif', gif);
  await door.put('plain', 'a.webp', await sharp(gif, { animated: true }).webp({ lossless: true }).toBuffer());
  const turned = await sharp(gif, { animated: true }).withMetadata({ orientation: 6 }).webp().toBuffer();
  await door.put('plain', 'turned.webp', turned);
});

afterAll(() => ossite.close());

const made = async (key: string, actions: string): Promise<Buffer> => {
  const { status, bytes, text } = await door.processed('plain', key, `image/${actions}`);
  if (status !== 200) throw new Error(text);
  return bytes;
};

test.each([
  ['w_300,h_300', 400, 267],
  ['m_pad,w_300,h_300', 400, 267],
  ['m_fill,w_300,h_300', 400, 267],
  ['m_fixed,w_401,h_10', 400, 267],
  ['m_mfit,w_401,h_10', 400, 267],
  ['w_500', 400, 267],
  ['h_268', 400, 267],
  ['w_400,h_267', 400, 267],
  ['w_300,h_260', 300, 200],
  ['m_fill,w_200,h_200', 200, 200],
  ['w_300,h_300,limit_0', 300, 200],
  ['w_800,limit_0', 800, 534],
])('image-limit-rule per-side: resize,%s of 400x267 is %ix%i', async (params, width, height) => {
  expect(await sharp(await made('a.jpg', `resize,${params}`)).metadata()).toMatchObject({ width, height });
});

test.each([
  ['a.gif', 'format,webp', 'webp', 120, 80],
  ['a.gif', 'resize,w_60/format,webp', 'webp', 60, 40],
  ['a.gif', 'format,webp/crop,w_50', 'webp', 50, 80],
  ['a.gif', 'resize,w_60', 'gif', 60, 40],
  ['a.webp', 'resize,w_60', 'webp', 60, 40],
  ['a.webp', 'resize,w_240,limit_0', 'webp', 120, 80],
  ['a.webp', 'crop,w_50,h_40/watermark,text_5Zu-54mH,size_20', 'webp', 50, 40],
  ['a.webp', 'format,webp', 'webp', 120, 80],
  ['a.webp', 'format,gif', 'webp', 120, 80],
  ['turned.webp', 'resize,w_60', 'webp', 60, 40],
])('frames, times and loops stay: %s %s', async (key, actions, format, width, pageHeight) => {
  const facts = await sharp(await made(key, actions), { animated: true }).metadata();
  expect(facts).toMatchObject({ format, width, pageHeight, pages: delay.length, delay, loop: 3 });
});

test.each([
  ['a.gif', 'format,png', 'png'],
  ['a.gif', 'rotate,90/format,webp', 'webp'],
  ['a.webp', 'format,gif/blur,r_2,s_2', 'webp'],
  ['a.webp', 'resize,p_50', 'webp'],
  ['a.webp', 'auto-orient,1', 'webp'],
  ['a.webp', 'format,jpg', 'jpeg'],
])('one frame remains: %s %s', async (key, actions, format) => {
  const { pages = 1, ...facts } = await sharp(await made(key, actions), { animated: true }).metadata();
  expect([facts.format, pages]).toEqual([format, 1]);
});

test('every frame of an animated WebP is there', async () => {
  const bytes = await made('a.webp', 'crop,w_100,h_70');
  const blues = await Promise.all(delay.map(async (_, page) => (await decoded(bytes, page)).at(99, 60)[2] ?? 0));
  for (const [i, blue] of blues.entries()) expect(Math.abs(blue - (220 - i * 25)), `${i}`).toBeLessThan(12);
});

test('an animated WebP tells its frames', async () => {
  const facts = JSON.parse((await door.processed('plain', 'a.webp', 'image/info')).text);
  expect(facts).toMatchObject({ Format: { value: 'webp' }, FrameCount: { value: '4' } });
});
