/** How long people wait for the console: first paint, a request in the journal, the strip of a three-stage pipeline. */
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { startOssite } from '../src/server/index.ts';
import { median } from './report.ts';

const ROUNDS = 7;
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Opens a page that has nothing of an earlier one. */
async function fresh(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return context.newPage();
}

/** Milliseconds from the navigation to the first contentful paint, as the browser measures it. */
async function firstPaint(browser: Browser, endpoint: string): Promise<number> {
  const page = await fresh(browser);
  await page.goto(`${endpoint}/_ossite/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // As text: the types here are those of Node, which knows no paint.
  const ms = await page.evaluate<number>(`new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName('first-contentful-paint');
      if (paint) resolve(paint.startTime);
    }).observe({ type: 'paint', buffered: true });
  })`);
  await page.context().close();
  return ms;
}

/** Milliseconds from the end of an answer to its row on the screen. */
async function journalRow(page: Page, endpoint: string, round: number): Promise<number> {
  const key = `request-${round}.txt`;
  const row = page.getByText(`demo/${key}`).first().waitFor();
  await fetch(`${endpoint}/demo/${key}`).then((answer) => answer.arrayBuffer());
  const began = performance.now();
  await row;
  return performance.now() - began;
}

/** Milliseconds from the navigation until the last stage's picture of a 12-megapixel photograph is drawn. */
async function strip(browser: Browser, endpoint: string, round: number): Promise<number> {
  const page = await fresh(browser);
  // Another width each time: a kept result would be no measure.
  const process = `image/resize,w_${800 + round}/rotate,90/watermark,text_T3NzaXRl`;
  const query = new URLSearchParams({ bucket: 'demo', key: 'large.jpg', process });
  const began = performance.now();
  await page.goto(`${endpoint}/_ossite/#/playground?${query}`);
  const pictures = page.getByRole('region', { name: 'Stage by stage' }).locator('li button img');
  await pictures.nth(2).waitFor();
  for (let i = 0; i < 3; i++)
    await pictures.nth(i).evaluate((img) => (img as unknown as { decode(): Promise<void> }).decode());
  const ms = performance.now() - began;
  await page.context().close();
  return ms;
}

/** A photograph of twelve megapixels, with the noise that a sensor gives. */
function photograph(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: 4000, height: 3000, channels: 3, background: '#808080', noise } as const;
  return sharp({ create }).blur(3).jpeg({ quality: 85 }).toBuffer();
}

function tell(what: string, times: readonly number[], target: number): void {
  const ms = median(times);
  console.log(`console, ${what}: ${ms.toFixed(0)} ms (target ${target}) ${ms < target ? 'ok' : 'ABOVE TARGET'}`);
}

export async function webConsole(): Promise<void> {
  const ossite = await startOssite({ port: 0, storage: 'memory', demo: true, log: 'silent' });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
  const { endpoint } = ossite;
  try {
    const headers = { 'content-type': 'image/jpeg' };
    await fetch(`${endpoint}/demo/large.jpg`, { method: 'PUT', body: new Uint8Array(await photograph()), headers });
    const times = { paint: [] as number[], row: [] as number[], strip: [] as number[] };
    const journal = await fresh(browser);
    await journal.goto(`${endpoint}/_ossite/#/requests`);
    await journal.getByText('Live').waitFor();
    for (let round = 0; round < ROUNDS; round++) {
      times.paint.push(await firstPaint(browser, endpoint));
      times.row.push(await journalRow(journal, endpoint, round));
      times.strip.push(await strip(browser, endpoint, round));
    }
    tell('first paint of the home screen', times.paint, 300);
    tell('a request in the journal', times.row, 200);
    tell('strip of three stages of 12 megapixels', times.strip, 1000);
  } finally {
    await browser.close();
    await ossite.close();
  }
}
