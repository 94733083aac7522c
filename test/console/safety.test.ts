/** What is uploaded may be shown, but drives nothing: tried by a real browser. */
import { describe, expect, it } from 'vitest';
import { launch, until, visit } from '../helpers/browser.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ buckets: ['pages', 'kept'] });
const browser = await launch();
const { endpoint } = server.ossite;

/** What a page with bad intentions tries; what came of each is written into its title. */
const ATTACK = `
  const came = [];
  const attempt = async (name, work) => {
    try { came.push(name + ' ' + (await work())); } catch { came.push(name + ' refused'); }
  };
  const status = (answer) => answer.status;
  const base = '${endpoint}';
  Promise.all([
    attempt('reset', () => fetch(base + '/_ossite/reset', { method: 'POST' }).then(status)),
    attempt('header', () => fetch(base + '/_ossite/reset', { method: 'POST', headers: { 'x-ossite-control': '1' } }).then(status)),
    attempt('blind', () => fetch(base + '/_ossite/reset', { method: 'POST', mode: 'no-cors' }).then(() => 'sent')),
    attempt('faults', () => fetch(base + '/_ossite/faults', { method: 'PUT', headers: { 'x-ossite-control': '1' }, body: '{"rules":[{"status":500}]}' }).then(status)),
    attempt('read', () => fetch(base + '/_ossite/info').then((answer) => answer.text()).then(() => 'read')),
    attempt('sign', () => fetch(base + '/_ossite/sign', { method: 'POST', headers: { 'x-ossite-control': '1' }, body: '{"requests":[]}' }).then(status)),
    attempt('worker', () => navigator.serviceWorker.register('/pages/worker.js').then(() => 'registered')),
    attempt('storage', async () => (localStorage.setItem('x', '1'), 'written')),
  ]).then(() => { document.title = 'done ' + came.join(', '); });
`;

const html = `<!doctype html><title>evil</title><form id="f" method="post" action="${endpoint}/_ossite/reset" target="sink"></form>
<iframe name="sink"></iframe><script>${ATTACK} document.getElementById('f').submit();</script>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg"><title>evil</title><script>${ATTACK.replaceAll('<', '&lt;').replaceAll('&&', '&amp;&amp;')}</script></svg>`;

await server.put('pages', 'evil.html', Buffer.from(html), { 'content-type': 'text/html' });
await server.put('pages', 'evil.svg', Buffer.from(svg), { 'content-type': 'image/svg+xml' });
await server.put('pages', 'sniffed', Buffer.from(html), { 'content-type': 'nonsense' });
await server.put('pages', 'worker.js', Buffer.from('self.x = 1'), { 'content-type': 'text/javascript' });
await server.put('kept', 'witness.txt', Buffer.from('here'));

/** That nothing was reset, and no rule was made. */
async function untouched(): Promise<void> {
  expect((await server.get('kept', 'witness.txt')).text).toBe('here');
  expect(await server.control<{ rules: readonly unknown[] }>('get', 'faults')).toMatchObject({ rules: [] });
}

describe('pages that were uploaded', () => {
  it.each([
    ['a page, by path', `${endpoint}/pages/evil.html`],
    ['a page under its bucket’s own host', `${endpoint.replace('127.0.0.1', 'pages.localhost')}/evil.html`],
  ])('%s reads nothing of the control API and changes nothing', async (_, url) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    const title = await until(
      () => page.title(),
      (text) => text.startsWith('done'),
    );
    const came = Object.fromEntries(
      title
        .replace('done ', '')
        .split(', ')
        .map((one) => one.split(' ')),
    );
    // What was sent blindly reached the server, and was refused there.
    expect(came).toMatchObject({
      reset: 'refused',
      header: 'refused',
      faults: 'refused',
      read: 'refused',
      sign: 'refused',
    });
    // Where the control API has its own pages, those that were uploaded are none of its origin.
    if (url.startsWith(endpoint)) expect(came).toMatchObject({ worker: 'refused', storage: 'refused' });
    await untouched();
    await context.close();
  });

  it.each(['evil.svg', 'sniffed'])('%s neither', async (key) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${endpoint}/pages/${key}`).catch(() => {});
    // An SVG has no title bar of its own: what it could have done is looked for.
    await until(
      () => server.control<{ requests: readonly { key?: string }[] }>('get', 'requests?limit=20'),
      ({ requests }) => requests.some((one) => one.key === key),
    );
    await page.waitForLoadState('networkidle');
    await untouched();
    await context.close();
  });

  it('a page of a foreign origin can not show the console in a frame, nor listen to events', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${endpoint.replace('127.0.0.1', 'pages.localhost')}/worker.js`);
    const seen = await page.evaluate(async (base) => {
      // biome-ignore lint/suspicious/noExplicitAny: the page's globals
      const { document, EventSource } = globalThis as any;
      const frame = document.createElement('iframe');
      frame.src = `${base}/_ossite/`;
      document.body.append(frame);
      await new Promise((done) => frame.addEventListener('load', done));
      const source = new EventSource(`${base}/_ossite/events`);
      const events = await new Promise((done) => {
        source.onopen = () => done('open');
        source.onerror = () => done('refused');
      });
      return { events, framed: frame.contentDocument?.body?.innerText ?? 'closed' };
    }, endpoint);
    expect(seen).toEqual({ events: 'refused', framed: 'closed' });
    await context.close();
  });
});

describe('the console', () => {
  it('runs no script of a bucket, and no inline one', async () => {
    const { page, errors } = await visit(browser, endpoint);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const ran = await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: the page's globals
      const g = globalThis as any;
      const add = (fill: (script: { src: string; textContent: string }) => void) =>
        new Promise((done) => {
          const script = g.document.createElement('script');
          fill(script);
          script.onload = () => done('ran');
          script.onerror = () => done('refused');
          g.document.body.append(script);
          if (!script.src) done(g.inlineRan ? 'ran' : 'refused');
        });
      return {
        bucket: await add((script) => {
          script.src = '/pages/worker.js';
        }),
        inline: await add((script) => {
          script.textContent = 'globalThis.inlineRan = true';
        }),
      };
    });
    expect(ran).toEqual({ bucket: 'refused', inline: 'refused' });
    expect(errors.join()).toContain('Content Security Policy');
  });

  it('previews a page as text or in a sandbox: its script does not run', async () => {
    const { page, errors } = await visit(browser, endpoint, '#/objects?bucket=pages&key=evil.html');
    await page.getByText('evil.html').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(errors.filter((text) => !text.includes('sandboxed'))).toEqual([]);
    await untouched();
  });
});
