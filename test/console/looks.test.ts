/** Every screen in both themes: axe finds nothing, nothing overflows on a phone, nothing is asked of another host. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Visit, violations, visit } from '../helpers/browser.ts';
import { saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ demo: true, buckets: ['empty', 'other'] });
const bare = await ownServer({});
const browser = await launch();
const { endpoint } = server.ossite;

// Something of everything: requests that went well and badly, tasks, a rule, a style, versions, a wrong signature.
const { TaskId: done } = await server.converted('demo', 'clip.mp4', `video/convert,f_mp4,t_500${saveas('out/a.mp4')}`);
const { TaskId: failed } = await server.converted('demo', 'photo.jpg', `video/convert,f_mp4${saveas('out/b.mp4')}`);
await server.get('demo', 'missing.jpg');
await server.put('demo', 'folder/sub/note.txt', Buffer.from('hello'), { 'x-oss-tagging': 'a=b' });
await server.request('put', '/demo?style&styleName=small', {
  body: '<Style><Content>image/resize,w_20</Content></Style>',
});
const wrong = await server.get('demo', 'photo.jpg', {
  ...{ OSSAccessKeyId: 'ossite', Expires: '2000000000', Signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
});
await server.control('put', 'faults', { rules: [{ op: 'GetObject', key: 'nothing', status: 503 }] });

/** Screens and their states, with what is there when they are. */
const states: readonly (readonly [name: string, path: string, there: string])[] = [
  ['home', '', 'ffmpeg'],
  ['buckets', '#/objects', 'other'],
  ['keys', '#/objects?bucket=demo', 'report.docx'],
  ['a bucket without keys', '#/objects?bucket=empty', 'empty'],
  ['a picture', '#/objects?bucket=demo&key=photo.jpg', '1200 × 800'],
  ['a video', '#/objects?bucket=demo&key=clip.mp4', 'clip.mp4'],
  ['a text', '#/objects?bucket=demo&key=folder/sub/note.txt', 'hello'],
  ['a document', '#/objects?bucket=demo&key=report.docx', 'report.docx'],
  ['an object that is not there', '#/objects?bucket=demo&key=nothing', 'nothing'],
  ['playground', '#/playground?bucket=demo&key=photo.jpg&process=image/resize,w_100/rotate,90', 'rotate'],
  ['a mistake', '#/playground?bucket=demo&key=photo.jpg&process=image/resize,w_abc', 'InvalidArgument'],
  ['clips', '#/playground?bucket=demo&key=clip.mp4&process=video/concat,f_mp4,vcodec_h264/pre,o_YQ', 'Clip before'],
  ['tasks', '#/tasks', 'Succeeded'],
  ['a task', `#/tasks?id=${done}`, done],
  ['a failed task', `#/tasks?id=${failed}`, failed],
  ['requests', '#/requests', 'NoSuchKey'],
  ['a wrong signature', `#/requests?id=${wrong.headers['x-oss-request-id']}`, 'mismatch'],
  ['faults', '#/controls', 'Rules in force'],
];

/** Every screen, and what has colours of its own. */
const inBoth = [
  'home',
  'keys',
  'a picture',
  'a mistake',
  'playground',
  'tasks',
  'a failed task',
  'requests',
  'a wrong signature',
  'faults',
];

/** Where nothing is yet. */
const empty: typeof states = [
  ['home', '', 'curl'],
  ['objects', '#/objects', ''],
  ['playground', '#/playground', 'There is no object to play with yet.'],
  ['tasks', '#/tasks', ''],
  ['requests', '#/requests', 'No requests yet'],
  ['controls', '#/controls', 'Rules in force'],
];

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  let seen: Visit;
  let none: Visit;
  beforeAll(async () => {
    seen = await visit(browser, endpoint, '', { colorScheme });
    none = await visit(browser, bare.ossite.endpoint, '', { colorScheme });
  });
  afterAll(async () => {
    await seen.context.close();
    await none.context.close();
  });

  const look = async ({ page }: Visit, at: string, path: string, there: string) => {
    await page.goto(`${at}/_ossite/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    if (there !== '') await page.locator('main').getByText(there).locator('visible=true').first().waitFor();
    // Whatever is still on its way has come: what is looked at is what a reader sees.
    await expect.poll(() => page.locator('main [aria-busy=true]').count(), { timeout: 30_000 }).toBe(0);
    // The other theme is the same page in other colours.
    expect(await violations(page, colorScheme === 'light' ? undefined : ['color-contrast'])).toEqual([]);
  };

  // The states of a screen are made of the same parts: in the other colours one or two of each are enough.
  const looked = colorScheme === 'light' ? states : states.filter(([name]) => inBoth.includes(name));
  it.each(looked)('%s', (_, path, there) => look(seen, endpoint, path, there));
  it.each(colorScheme === 'light' ? empty : empty.slice(0, 1))('without anything: %s', (_, path, there) =>
    look(none, bare.ossite.endpoint, path, there),
  );

  it('no script failed, the policy refused nothing, and no other host was asked', () => {
    expect([...seen.errors, ...none.errors]).toEqual([]);
    const hosts = [...seen.asked, ...none.asked]
      .filter((url) => !url.startsWith('blob:'))
      .map((url) => new URL(url).host);
    expect([...new Set(hosts)].sort()).toEqual([new URL(endpoint).host, new URL(bare.ossite.endpoint).host].sort());
  });
});

describe('on a phone', () => {
  it('nothing is wider than the screen', async () => {
    const { page, context } = await visit(browser, endpoint, '', { viewport: { width: 360, height: 740 } });
    for (const [name, path, there] of states) {
      await page.goto(`${endpoint}/_ossite/${path}`);
      if (there !== '') await page.locator('main').getByText(there).locator('visible=true').first().waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(wide, name).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
});

describe('in Chinese', () => {
  it('follows the browser, and can be chosen', async () => {
    const { page, context } = await visit(browser, endpoint, '', { locale: 'zh-CN' });
    await page.getByRole('link', { name: '处理工坊' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    await page.getByRole('combobox', { name: '语言' }).selectOption('en');
    await page.getByRole('link', { name: 'Playground' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Playground' }).waitFor();
    await context.close();
  });
});

describe('what is sent', () => {
  it('is below 150 KB gzip in all', () => {
    const dir = new URL('../../dist/console/', import.meta.url);
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const bytes = files.map((file) => gzipSync(readFileSync(`${file.parentPath}/${file.name}`)).length);
    expect(files.length).toBeGreaterThan(2);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(150_000);
  });
});
