/**
 * Takes a picture of every screen of the console, light and dark, for README and docs:
 * `npx tsx scripts/console-images.ts [DIR]`. Needs Debian's Chromium and a build.
 */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { type Ossite, startOssite } from '../src/server/index.ts';

/** What is used of ali-oss, which has no types of its own. */
interface Client {
  put(key: string, body: Buffer): Promise<unknown>;
  get(key: string, options?: { readonly process: string }): Promise<unknown>;
  head(key: string): Promise<unknown>;
  listV2(query: object): Promise<unknown>;
}
const OSS = createRequire(import.meta.url)('ali-oss') as new (options: object) => Client;

const base64 = (text: string) => Buffer.from(text).toString('base64url');

/** The screens: what to open, and what is there once there is something to see. */
const screens: Readonly<Record<string, { readonly path: string; ready(page: Page): Promise<unknown> }>> = {
  home: { path: '', ready: (page) => page.getByText('ffmpeg').first().waitFor() },
  objects: {
    path: '#/objects?bucket=demo&key=clip.mp4',
    ready: (page) => page.locator('video').waitFor(),
  },
  playground: {
    path: `#/playground?bucket=demo&key=photo.jpg&process=${encodeURIComponent(
      `image/resize,w_600/rounded-corners,r_40/watermark,text_${base64('Ossite')},size_64,color_FFFFFF,g_center/format,png`,
    )}`,
    ready: (page) => page.getByRole('region', { name: 'Result' }).getByRole('img', { name: 'Result' }).waitFor(),
  },
  tasks: { path: '#/tasks', ready: (page) => page.locator('table').getByText('Succeeded').first().waitFor() },
  requests: { path: '#/requests', ready: (page) => page.locator('table').getByText('PutObject').first().waitFor() },
  controls: { path: '#/controls?bucket=demo', ready: (page) => page.getByText('Clock').first().waitFor() },
};

/** What a test run might have left: requests that went well and badly, tasks, a fault, a style. */
async function live({ endpoint, tasks }: Ossite): Promise<void> {
  const settings = { region: 'oss-cn-hangzhou', endpoint: endpoint.replace('127.0.0.1', 'localhost'), sldEnable: true };
  const key = { accessKeyId: 'ossite', accessKeySecret: 'ossite-secret' };
  const client = new OSS({ ...settings, ...key, bucket: 'demo' });
  const photo = readFileSync(new URL('../fixtures/media/photo.jpg', import.meta.url));
  const submit = async (from: string, process: string) => {
    const body = `x-oss-async-process=${process}`;
    const answer = await fetch(`${endpoint}/demo/${from}?x-oss-async-process`, { method: 'POST', body });
    return ((await answer.json()) as { readonly TaskId: string }).TaskId;
  };
  const saved = (name: string) => `|sys/saveas,o_${base64(name)}`;
  await client.put('holiday/2026/lake.jpg', photo);
  await client.get('holiday/2026/lake.jpg', { process: 'image/resize,w_200' });
  await client.head('photo.jpg');
  await client.get('missing.jpg').catch(() => {});
  await client.listV2({ 'max-keys': 10 });
  const id = await submit('clip.mp4', `video/convert,f_mp4,vcodec_h264,s_640x360${saved('out/{barename}.{autoext}')}`);
  await tasks.wait(id);
  await tasks.wait(await submit('report.docx', `doc/convert,target_png${saved('out/{barename}-{index}.{autoext}')}`));
  await tasks.wait(await submit('photo.jpg', `video/convert,f_mp4,vcodec_h264${saved('out/none.mp4')}`));
  const put = (path: string, body: string) => fetch(`${endpoint}${path}`, { method: 'PUT', body });
  await put('/_ossite/faults', '{"rules": [{"bucket": "demo", "status": 503, "times": 1}]}');
  await client.get('photo.jpg', { process: 'image/resize,w_100' }).catch(() => {});
  await put('/demo?style&styleName=small', '<Style><Content>image/resize,w_200/quality,q_80</Content></Style>');
  const wrong = new OSS({ ...settings, ...key, accessKeySecret: 'no-secret', bucket: 'demo' });
  await wrong.get('photo.jpg', { process: 'image/resize,w_120' }).catch(() => {});
}

async function shoot(browser: Browser, endpoint: string, dir: string, theme: 'light' | 'dark'): Promise<void> {
  for (const [name, { path, ready }] of Object.entries(screens)) {
    const context = await browser.newContext({
      viewport: { width: 1360, height: 850 },
      colorScheme: theme,
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`${endpoint}/_ossite/${path}`);
    await ready(page);
    await page.waitForLoadState('networkidle').catch(() => {});
    const png = await page.screenshot();
    await sharp(png).png({ palette: true, quality: 92, effort: 8 }).toFile(`${dir}/console-${name}-${theme}.png`);
    await context.close();
  }
}

const dir = process.argv[2] ?? fileURLToPath(new URL('../docs/images', import.meta.url));
await mkdir(dir, { recursive: true });
const ossite = await startOssite({ port: 0, storage: 'memory', demo: true, log: 'silent' });
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
try {
  await live(ossite);
  for (const theme of ['light', 'dark'] as const) await shoot(browser, ossite.endpoint, dir, theme);
} finally {
  await browser.close();
  await ossite.close();
}
