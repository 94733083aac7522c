import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { launch, until, visit } from '../helpers/browser.ts';
import { b64, fixture } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ demo: true, buckets: ['out'] });
const browser = await launch();
/** One window for all: what is left of one thing must not disturb the next. */
const { page: window, errors } = await visit(browser, server.ossite.endpoint);
const open = async (params: Readonly<Record<string, string>>) => {
  await window.goto(`${server.ossite.endpoint}/_ossite/#/playground?${new URLSearchParams(params)}`);
  await window.getByRole('textbox', { name: 'Process string' }).waitFor();
  return { page: window, errors };
};

type Page = Awaited<ReturnType<typeof visit>>['page'];

const stringOf = (page: Page) => page.getByRole('textbox', { name: 'Process string' });
const add = async (page: Page, action: string) => {
  await page.getByLabel('Add an action').selectOption(action);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
};

/** The form of an action, by its number. */
const form = (page: Page, number: number) =>
  page.getByRole('region', { name: 'Actions' }).locator('li.action').nth(number);

const resultOf = (page: Page) => page.getByRole('region', { name: 'Result' });

/** A parameter of a form, by its name. */
const field = (form_: Locator, name: string) =>
  form_
    .locator(`xpath=.//label[normalize-space(translate(., '*', ''))='${name}']/../..`)
    .locator('input:not([type=range]), select');

/** The picture that is shown: its bytes as they are downloaded, its size as it is drawn. */
async function shown(page: Page): Promise<{ readonly bytes: Buffer; readonly width: number; readonly height: number }> {
  const picture = resultOf(page).getByRole('img', { name: 'Result' });
  await picture.waitFor();
  const downloading = page.waitForEvent('download');
  await resultOf(page).getByRole('link', { name: 'Download' }).click();
  const path = await (await downloading).path();
  const size = await picture.evaluate((img) => {
    const { naturalWidth, naturalHeight } = img as unknown as { naturalWidth: number; naturalHeight: number };
    return { width: naturalWidth, height: naturalHeight };
  });
  return { bytes: await readFile(path), ...size };
}

/** Waits until the picture of a process string is shown, the very bytes that a GET gives. */
const showsWhatGetGives = async (page: Page, key: string, process: string) => {
  const direct = await server.processed('demo', key, process);
  expect(direct.status).toBe(200);
  await until(
    async () => (await shown(page)).bytes.equals(direct.bytes),
    (same) => same,
  );
  return direct.bytes;
};

describe('the playground', () => {
  it('builds a pipeline by clicking, and shows what a GET gives, byte for byte', async () => {
    const { page, errors } = await open({ bucket: 'demo', key: 'photo.jpg' });
    await add(page, 'image/resize');
    await field(form(page, 0), 'w').fill('200');
    await add(page, 'image/rotate');
    await add(page, 'image/watermark');
    await field(form(page, 2), 'text').fill('Ossite $ 你好');
    const process = `image/resize,w_200/rotate,90/watermark,text_${b64('Ossite $ 你好')},color_FFFFFF,size_40`;
    expect(await stringOf(page).inputValue()).toBe(process);
    await page.getByText('The service would take it.').waitFor();
    await showsWhatGetGives(page, 'photo.jpg', process);
    expect(await shown(page)).toMatchObject({ width: 133, height: 200 });
    // The strip: the original and three stages, each with its size in pixels and bytes and its time.
    const strip = page.getByRole('region', { name: 'Stage by stage' });
    const captions = await strip.locator('figcaption').allInnerTexts();
    expect(captions.map((text) => text.split('\n').slice(0, 2))).toEqual([
      ['Original', '1200 × 800'],
      ['resize', '200 × 133'],
      ['rotate', '133 × 200'],
      ['watermark', '133 × 200'],
    ]);
    for (const text of captions.slice(1)) expect(text).toMatch(/\d+(\.\d)? KiB\n\d+(\.\d)? m?s/);
    expect(errors).toEqual([]);
  });

  it('a stage of the strip can be looked at, and the address says which', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_300/rotate,90' });
    await page.getByRole('button', { name: 'Stage 1: resize,w_300' }).click();
    expect(page.url()).toContain('stage=1');
    await showsWhatGetGives(page, 'photo.jpg', 'image/resize,w_300');
  });

  it('follows what is typed by hand, and underlines a mistake with the sentence of OSS', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg' });
    const string = stringOf(page);
    await string.fill('image/resize,m_fill,w_120,h_90,color_FF0000/bright,-20');
    expect(await field(form(page, 0), 'm').inputValue()).toBe('fill');
    expect(await field(form(page, 0), 'h').inputValue()).toBe('90');
    expect(await form(page, 1).getByRole('slider').inputValue()).toBe('-20');
    await string.fill('image/resize,w_abc/rotate,90');
    await page.getByText('image/resize: w must be an integer from 1 to 16384, not abc.').waitFor();
    expect(await page.locator('.behind mark').innerText()).toContain('abc');
    expect(await string.getAttribute('aria-invalid')).toBe('true');
    // The form keeps what is wrong, and mends it.
    const w = field(form(page, 0), 'w');
    expect(await w.inputValue()).toBe('abc');
    await w.fill('99');
    expect(await string.inputValue()).toBe('image/resize,w_99/rotate,90');
    await page.getByText('The service would take it.').waitFor();
  });

  it('moves and removes actions', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_200/rotate,90/flip,1' });
    await page.getByRole('button', { name: 'Move image/flip up' }).click();
    expect(await stringOf(page).inputValue()).toBe('image/resize,w_200/flip,1/rotate,90');
    await page.getByRole('button', { name: 'Remove image/resize' }).click();
    expect(await stringOf(page).inputValue()).toBe('image/flip,1/rotate,90');
  });

  it('shows what is no picture: facts as JSON, a page of a document', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/info' });
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('"ImageWidth"').waitFor();
    await page.goto(
      `${server.ossite.endpoint}/_ossite/#/playground?bucket=demo&key=report.docx&process=doc/snapshot,page_2`,
    );
    await showsWhatGetGives(page, 'report.docx', 'doc/snapshot,page_2');
  });

  it('shows results that browsers can not draw', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_90/format,heic' });
    const { bytes, ...size } = await shown(page);
    expect(size).toEqual({ width: 90, height: 60 });
    expect(bytes.subarray(4, 12).toString('latin1')).toBe('ftypheic');
    await page.getByText('image/heic').first().waitFor();
  });

  it('saves under a name made of variables, which it shows beforehand', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_64' });
    await page.getByLabel('Name of the result').fill('made/{barename}-{ext}.jpg');
    await page.getByText('made/photo-jpg.jpg').waitFor();
    await page.getByLabel('Into bucket').selectOption('out');
    expect(await stringOf(page).inputValue()).toBe(
      `image/resize,w_64|sys/saveas,o_${b64('made/{barename}-{ext}.jpg')},b_${b64('out')}`,
    );
    await page.getByRole('region', { name: 'Save as' }).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as made/photo-jpg.jpg').waitFor();
    const { bytes } = await server.get('out', 'made/photo-jpg.jpg');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 64, format: 'jpeg' });
  });

  it('stores a style that works', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_77/rotate,180' });
    await page.getByLabel('Name of the style').fill('small');
    await page.getByRole('button', { name: 'Store', exact: true }).click();
    await page.getByText('Stored: style/small').waitFor();
    const { bytes } = await server.processed('demo', 'photo.jpg', 'style/small');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 77 });
  });

  it('runs a task, shows how far it is, and plays what comes out', async () => {
    const { page, errors } = await open({ bucket: 'demo', key: 'clip.mp4' });
    await add(page, 'video/convert');
    await stringOf(page).fill('video/convert,f_mp4,vcodec_h264,s_320x180,t_2000');
    // A task that saves nothing is nothing that OSS takes.
    expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true);
    await page.getByLabel('Name of the result').fill('small.{autoext}');
    await page.getByRole('button', { name: 'Run' }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('Succeeded').waitFor();
    expect(await result.getByRole('progressbar').getAttribute('value')).toBe('100');
    await until(
      () => result.locator('video').evaluate((video) => (video as unknown as { videoWidth: number }).videoWidth),
      (width) => width === 320,
    );
    const played = await result.locator('video').evaluate(async (element) => {
      const video = element as unknown as { muted: boolean; currentTime: number; play(): Promise<void> };
      video.muted = true;
      await video.play();
      while (video.currentTime < 0.2) await new Promise((resolve) => setTimeout(resolve, 20));
      return video.currentTime;
    });
    expect(played).toBeGreaterThan(0.1);
    expect(errors).toEqual([]);
  });

  it('has clips as a list that can be sorted', async () => {
    const { page } = await open({ bucket: 'demo', key: 'clip.mp4', process: 'video/concat,f_mp4,vcodec_h264' });
    await page.getByRole('button', { name: 'Add a clip before' }).click();
    await page.getByRole('button', { name: 'Add a clip after' }).click();
    const clips = page.locator('.clauses li');
    await field(clips.nth(0), 'o').fill('one.mp4');
    await field(clips.nth(1), 'o').fill('two.mp4');
    expect(await stringOf(page).inputValue()).toBe(
      `video/concat,f_mp4,vcodec_h264/pre,o_${b64('one.mp4')}/sur,o_${b64('two.mp4')}`,
    );
    await page.getByRole('button', { name: 'Move Clip after 2 up' }).click();
    expect(await stringOf(page).inputValue()).toBe(
      `video/concat,f_mp4,vcodec_h264/sur,o_${b64('two.mp4')}/pre,o_${b64('one.mp4')}`,
    );
  });

  it('gives the same call in code, and it is what the address shares', async () => {
    const { page } = await open({ bucket: 'demo', key: 'photo.jpg', process: 'image/resize,w_41' });
    const code = page.getByRole('region', { name: 'The same call in code' });
    await code
      .getByRole('tab', { name: /Python/ })
      .first()
      .click();
    await code.getByText('image/resize,w_41').waitFor();
    expect(page.url()).toContain('lang=oss2');
    const { page: again } = await visit(browser, server.ossite.endpoint, new URL(page.url()).hash);
    const shared = again.getByRole('region', { name: 'The same call in code' });
    expect(await shared.getByRole('tab', { selected: true }).innerText()).toContain('Python');
    expect(await stringOf(again).inputValue()).toBe('image/resize,w_41');
  });

  it('begins with something to play with, and says when there is nothing', async () => {
    const { page } = await visit(browser, server.ossite.endpoint, '#/playground');
    await page.waitForURL(/key=photo\.jpg/);
    const empty = await ownServer({});
    const { page: bare } = await visit(browser, empty.ossite.endpoint, '#/playground');
    await bare.getByText('There is no object to play with yet.').waitFor();
  });

  it('works where signatures are enforced', async () => {
    const strict = await ownServer({ demo: true, auth: 'strict' });
    const { page } = await visit(
      browser,
      strict.ossite.endpoint,
      '#/playground?bucket=demo&key=photo.jpg&process=image%2Fresize%2Cw_50',
    );
    expect(await shown(page)).toMatchObject({ width: 50 });
  });

  it('says what is wrong with the object', async () => {
    await server.put('out', 'broken.jpg', fixture('photo.jpg').subarray(0, 20), { 'content-type': 'image/jpeg' });
    const { page } = await open({ bucket: 'out', key: 'broken.jpg', process: 'image/resize,w_50' });
    await page.getByRole('region', { name: 'Result' }).getByRole('alert').getByText('BadRequest').waitFor();
    await open({ bucket: 'out', key: 'none.jpg', process: 'image/resize,w_50' });
    await page.getByText('NoSuchKey').first().waitFor();
  });
});
