/** All of it by keyboard, once: no pointer touches the page. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { launch, until, visit } from '../helpers/browser.ts';
import { b64 } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ demo: true });
const browser = await launch();

/** What has the focus, as a screen reader would name it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's globals
    const { document } = globalThis as any;
    const element = document.activeElement;
    const label = element.labels?.[0]?.innerText ?? element.getAttribute('aria-label') ?? element.innerText ?? '';
    return `${element.tagName.toLowerCase()} ${label.trim().split('\n')[0]}`;
  });

/** Presses Tab until the thing is reached. @param back with Shift */
async function tabTo(page: Page, what: string | RegExp, back = false): Promise<void> {
  const met: string[] = [];
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const at = await focused(page);
    if (typeof what === 'string' ? at === what : what.test(at)) return;
    met.push(at);
  }
  throw new Error(`Tab never came to ${what}, but to ${[...new Set(met)].join(' · ')}`);
}

/** The focus must be seen: an outline, or a shadow in its place. */
const isSeen = (page: Page) =>
  page.evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the page's globals
    const { document, getComputedStyle } = globalThis as any;
    const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  });

it('from the first screen to a processed picture, its request, a fault and back', async () => {
  const { page, errors } = await visit(browser, server.ossite.endpoint);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // What lies between the top and the content can be skipped.
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('button Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');

  await tabTo(page, /^a Playground/, true);
  expect(await isSeen(page)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/playground.*key=photo\.jpg/);
  await page.getByRole('textbox', { name: 'Process string' }).waitFor();

  // Add an action from the list by its name, and set its width.
  await tabTo(page, /^select Add an action/);
  await page.keyboard.type('image/resi');
  await tabTo(page, 'button Add');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Process string' }).inputValue())
    .toBe('image/resize,w_300');
  await tabTo(page, 'input w', true);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('123');
  const string = page.getByRole('textbox', { name: 'Process string' });
  await expect.poll(() => string.inputValue()).toBe('image/resize,w_123');

  // The slider of the comparison, the name of the result, and saving.
  await tabTo(page, /^input How much of the original/);
  await page.keyboard.press('ArrowLeft');
  expect(await page.getByRole('slider', { name: 'How much of the original is seen' }).inputValue()).toBe('49');
  await tabTo(page, /^input Name of the result/);
  await page.keyboard.type('by-keyboard.jpg');
  await expect.poll(() => string.inputValue()).toBe(`image/resize,w_123|sys/saveas,o_${b64('by-keyboard.jpg')}`);
  await tabTo(page, 'button Save');
  await page.keyboard.press('Enter');
  await page.getByText('Saved as by-keyboard.jpg').waitFor();
  expect((await server.head('demo', 'by-keyboard.jpg')).status).toBe(200);

  // The request of an application, found in the journal and opened.
  await server.get('demo', 'nothing-here.jpg');
  await tabTo(page, /^a Requests/, true);
  await page.keyboard.press('Enter');
  await page.getByText('demo/nothing-here.jpg').first().waitFor();
  await tabTo(page, /^a .*nothing-here\.jpg/);
  expect(await isSeen(page)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/id=/);
  await page.getByText('NoSuchKey').first().waitFor();

  // A fault switched on and off with the space bar.
  await tabTo(page, /^a Controls/, true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/controls/);
  await tabTo(page, /^input Flaky/);
  await page.keyboard.press('Space');
  const rules = () => server.control<{ readonly rules: readonly { probability?: number }[] }>('get', 'faults');
  await until(rules, ({ rules: list }) => list.length === 1 && list[0]?.probability === 0.3);
  await page.keyboard.press('Space');
  await until(rules, ({ rules: list }) => list.length === 0);
  expect(errors).toEqual([]);
});
