/** What people do in the other screens, done in a browser and seen on the server. */
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launch, until, visit } from '../helpers/browser.ts';
import { b64, fixture, type Task } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';

const server = await ownServer({ demo: true, buckets: ['work', 'styled'] });
const browser = await launch();
const { endpoint } = server.ossite;
const another = async (path: string) => (await visit(browser, endpoint, path)).page;
/** One window for all: people do not open a new one for each thing either. */
const { page: window } = await visit(browser, endpoint);
const open = async (path: string): Promise<Page> => {
  await window.goto(`${endpoint}/_ossite/${path}`);
  return window;
};

interface Entry {
  readonly op?: string;
  readonly key?: string;
  readonly status: number;
  readonly console?: boolean;
}

const journal = async (query = '') =>
  (await server.control<{ readonly requests: readonly Entry[] }>('get', `requests?limit=1000${query}`)).requests;

/** Width of a picture as it is drawn; 0 until it is. */
const widthOf = (page: Page, name: string) =>
  page
    .locator('main')
    .getByRole('img', { name })
    .first()
    .evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth);

describe('objects', () => {
  it('uploads what is chosen, shows it, and deletes it', async () => {
    const page = await open('#/objects?bucket=work&prefix=in/');
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload' }).click();
    const key = 'in/Foto mit ü & + %.jpg';
    await (await choosing).setFiles({
      name: key.slice(3),
      mimeType: 'image/jpeg',
      buffer: fixture('photo.jpg'),
    });
    const uploads = page.getByRole('region', { name: 'Uploads' });
    await uploads.getByText('1 / 1').waitFor();
    const { bytes, headers } = await server.get('work', key);
    expect(bytes.equals(fixture('photo.jpg'))).toBe(true);
    expect(headers['content-type']).toBe('image/jpeg');
    await uploads.getByRole('link').click();
    await until(
      () => widthOf(page, key),
      (width) => width === 1200,
    );
    await page.getByText('1200 × 800').first().waitFor();
    await page.getByRole('button', { name: 'Delete' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await until(
      () => server.head('work', key),
      ({ status }) => status === 404,
    );
    await uploads.getByRole('button', { name: 'Clear the list' }).click();
    expect(await uploads.count()).toBe(0);
  });

  it('takes files that are dropped', async () => {
    const page = await open('#/objects?bucket=work');
    await page.getByRole('button', { name: 'Upload' }).waitFor();
    const dropped = await page.evaluateHandle(() => {
      // biome-ignore lint/suspicious/noExplicitAny: the page's globals
      const { DataTransfer, File } = globalThis as any;
      const transfer = new DataTransfer();
      for (const name of ['one.txt', 'two.txt']) transfer.items.add(new File([name], name, { type: 'text/plain' }));
      return transfer;
    });
    for (const event of ['dragenter', 'dragover', 'drop'])
      await page.locator('main').dispatchEvent(event, { dataTransfer: dropped });
    await page.getByRole('region', { name: 'Uploads' }).getByText('2 / 2').waitFor();
    expect((await server.get('work', 'two.txt')).text).toBe('two.txt');
  });

  it('goes through many keys page by page, and finds one by what it contains', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `many/file-${String(i).padStart(3, '0')}.txt`);
    for (let i = 0; i < names.length; i += 25)
      await Promise.all(names.slice(i, i + 25).map((name) => server.put('work', name, Buffer.from(name))));
    const page = await open('#/objects?bucket=work&prefix=many/');
    await page.getByRole('link', { name: 'file-000.txt' }).waitFor();
    expect(await page.getByRole('link', { name: /^file-\d+\.txt$/ }).count()).toBe(100);
    await page
      .getByRole('button', { name: 'Next' })
      .or(page.getByRole('link', { name: 'Next' }))
      .first()
      .click();
    await page.getByRole('link', { name: 'file-100.txt' }).waitFor();
    await page.getByLabel('Match').selectOption('contains');
    await page.getByLabel('Find').fill('e-137');
    await page.getByRole('link', { name: /file-137\.txt/ }).waitFor();
  });

  it.each(['odd/a//b', 'odd/..', 'odd/ \u{1F600} ', 'trailing/', 'odd/plus+percent%41?#&'])(
    'opens the key %j as what it is',
    async (key) => {
      await server.put('work', key, Buffer.from(`content of ${key}`), { 'content-type': 'text/plain' });
      const page = await open(`#/objects?${new URLSearchParams({ bucket: 'work', key })}`);
      await page.getByText(`content of ${key.trimEnd()}`).first().waitFor();
    },
  );

  it('hands on a presigned URL and a command that work', async () => {
    const page = await open('#/objects?bucket=demo&key=photo.jpg');
    await page.getByRole('tab', { name: 'Use' }).click();
    const text = () => page.locator('main').innerText();
    const shown = await until(text, (all) => /x-oss-signature=[0-9a-f]{64}/.test(all));
    const url = /http:\/\/\S+x-oss-signature=[0-9a-f]{64}/.exec(shown)?.[0] ?? '';
    const answer = await fetch(url);
    expect(answer.headers.get('x-ossite-auth')).toBe('ok');
    expect(Buffer.from(await answer.arrayBuffer()).equals(fixture('photo.jpg'))).toBe(true);
    expect(url).not.toContain('x-ossite-console');
  });

  it('shows versions, also of what was deleted', async () => {
    await server.request('put', '/work?versioning', {
      body: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    });
    await server.put('work', 'twice.txt', Buffer.from('the first'), { 'content-type': 'text/plain' });
    await server.put('work', 'twice.txt', Buffer.from('the second'), { 'content-type': 'text/plain' });
    await server.request('delete', '/work/twice.txt');
    const page = await open('#/objects?bucket=work&key=twice.txt');
    await page.getByRole('tab', { name: 'Versions' }).click();
    // Two that were put, and the marker that was made when it was deleted.
    await until(
      () => page.getByRole('button', { name: /^Delete version/ }).count(),
      (count) => count === 3,
    );
    await page
      .getByRole('link', { name: /^Open version/ })
      .last()
      .click();
    await page.getByRole('tab', { name: 'Preview' }).click();
    await page.getByText('the first').waitFor();
  });

  it('plays a video by ranges', async () => {
    const page = await open('#/objects?bucket=demo&key=clip.mp4');
    await until(
      () => page.locator('video').evaluate((video) => (video as unknown as { duration: number }).duration),
      (seconds) => seconds > 1,
    );
  });

  it('turns the pages of a document', async () => {
    const page = await open('#/objects?bucket=demo&key=report.docx');
    const picture = page.locator('main figure img, main .document img').first();
    await picture.waitFor();
    const source = () => picture.getAttribute('src');
    const first = await source();
    await page.getByRole('button', { name: /Next/ }).first().click();
    await until(source, (now) => now !== first);
  });
});

describe('requests', () => {
  it('come as they are made, without the console’s own, and can be narrowed down', async () => {
    const page = await open('#/requests');
    await page.getByText('Live').waitFor();
    await server.get('demo', 'not-here.txt');
    await page.getByText('demo/not-here.txt').waitFor();
    expect(await page.getByText('ListBuckets').locator('visible=true').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('404');
    await page.waitForURL(/status=404/);
    await page.getByText('demo/not-here.txt').waitFor();
    // What the console asked for is marked, and left out by those who want it left out.
    expect((await journal()).some((one) => one.console)).toBe(true);
    expect((await journal('&console=false')).some((one) => one.console)).toBe(false);
  });

  it('one is opened: its headers, its plan, and a command that sends it again', async () => {
    const process = 'image/resize,w_33/rotate,90';
    const { headers } = await server.processed('demo', 'photo.jpg', process, { 'x-oss-meta-test': 'seen' });
    const page = await open(`#/requests?id=${headers['x-oss-request-id']}`);
    await page.getByText('x-oss-meta-test').first().waitFor();
    await page.getByText('image/rotate').first().waitFor();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const command = await page.evaluate('navigator.clipboard.readText()');
    expect(command).toMatch(/^curl .*photo\.jpg\?x-oss-process=/s);
    await page.getByRole('link', { name: 'Open in the playground' }).click();
    await page.waitForURL(/#\/playground/);
    expect(await page.getByRole('textbox', { name: 'Process string' }).inputValue()).toBe(process);
  });

  /** GET with a signature in the URL over a text of the test's own. @returns the id of the request */
  async function signedOver(text: string, secret: string, path: string): Promise<string> {
    const signature = encodeURIComponent(createHmac('sha1', secret).update(text).digest('base64'));
    const query = `OSSAccessKeyId=ossite&Expires=2000000000&Signature=${signature}`;
    const { headers } = await server.request('get', `${path}${path.includes('?') ? '&' : '?'}${query}`);
    expect(headers['x-ossite-auth']).toBe('mismatch');
    return headers['x-oss-request-id'] ?? '';
  }

  it('a wrong secret is named as such, and what the reader pastes is compared character by character', async () => {
    await server.put('work', 'a b.txt', Buffer.from('x'));
    const id = await signedOver('GET\n\n\n2000000000\n/work/a b.txt', 'another-secret', '/work/a%20b.txt');
    const page = await open(`#/requests?id=${id}`);
    const note = page.getByRole('note', { name: /likely/i });
    await note
      .getByText(/secret/i)
      .first()
      .waitFor();
    // Nothing of the server's tells what was signed: the reader puts it in.
    await page.getByRole('textbox', { name: /client/i }).fill('GET\n\n\n2000000000\n/work/a+b.txt');
    await until(
      () => page.locator('mark').allInnerTexts(),
      (marks) => marks.join().includes('+'),
    );
  });

  it('a key that was encoded twice is named as such', async () => {
    const id = await signedOver('GET\n\n\n2000000000\n/work/a%2520b.txt', 'ossite-secret', '/work/a%20b.txt');
    const page = await open(`#/requests?id=${id}`);
    await page
      .getByRole('note', { name: /likely/i })
      .getByText(/encoded.*twice/i)
      .first()
      .waitFor();
    await until(
      () => page.locator('mark').allInnerTexts(),
      (marks) => marks.join('').includes('%2520'),
    );
  });

  it('the text that the client signed is shown where the server finds it out', async () => {
    // Signed without the sub-resource.
    const id = await signedOver('GET\n\n\n2000000000\n/demo/', 'ossite-secret', '/demo?acl');
    const page = await open(`#/requests?id=${id}`);
    await until(
      () => page.locator('mark').allInnerTexts(),
      (marks) => marks.join('').includes('acl'),
    );
  });
});

describe('tasks', () => {
  it('moves to its end before one’s eyes, and can be run again', async () => {
    const saved = `|sys/saveas,o_${b64('big.mp4')}`;
    const { text } = await server.submitted('demo', 'clip.mp4', `video/convert,f_mp4,vcodec_h264,s_640x360${saved}`);
    const { TaskId } = JSON.parse(text) as Task;
    const page = await open(`#/tasks?id=${TaskId}`);
    await page.getByText('Succeeded').first().waitFor();
    await page.getByText('big.mp4').first().waitFor();
    // What ffmpeg said last, without a path of this machine.
    await page.getByText('The engine’s last lines').click();
    await page
      .getByText(/frame=|libx264|ffmpeg/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Run again' }).click();
    const list = () => server.control<{ readonly tasks: readonly Task[] }>('get', 'tasks?bucket=demo');
    const { tasks } = await until(list, ({ tasks: all }) => all.length === 2);
    expect(tasks[0]?.TaskId).not.toBe(TaskId);
    await server.finished(tasks[0]?.TaskId ?? '');
  });

  it('is canceled', async () => {
    const { text } = await server.submitted(
      'demo',
      'clip.mp4',
      `video/convert,f_mp4,vcodec_vp9,s_1920x1080,crf_10|sys/saveas,o_${b64('slow.mp4')}`,
    );
    const { TaskId } = JSON.parse(text) as Task;
    const page = await open(`#/tasks?id=${TaskId}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Canceled').first().waitFor();
    expect((await server.finished(TaskId)).Status).toBe('Canceled');
  });
});

describe('controls', () => {
  it('a fault is switched on, strikes, is counted, and is switched off', async () => {
    const page = await open('#/controls');
    const fails = page
      .getByRole('switch', { name: 'The next one fails' })
      .or(page.getByRole('checkbox', { name: 'The next one fails' }));
    await fails.first().click();
    await until(
      () => server.control<{ readonly rules: readonly unknown[] }>('get', 'faults'),
      ({ rules }) => rules.length === 1,
    );
    expect((await server.get('demo', 'photo.jpg')).status).toBe(500);
    expect((await server.get('demo', 'photo.jpg')).status).toBe(200);
    await page
      .getByText(/struck 1$/)
      .first()
      .waitFor();
    await fails.first().click();
    await until(
      () => server.control<{ readonly rules: readonly unknown[] }>('get', 'faults'),
      ({ rules }) => rules.length === 0,
    );
  });

  it('a fault that is meant for the application does not strike the console', async () => {
    await server.control('put', 'faults', { rules: [{ status: 503 }] });
    const page = await open('#/objects?bucket=demo&key=photo.jpg');
    await page.getByText('1200 × 800').first().waitFor();
    expect((await server.get('demo', 'photo.jpg')).status).toBe(503);
    await server.control('delete', 'faults');
  });

  it('the clock is moved and set back', async () => {
    const page = await open('#/controls?tab=clock');
    await page.getByRole('button', { name: '30 days' }).click();
    const ahead = () => server.control<{ readonly ahead: number }>('get', 'clock');
    await until(ahead, (clock) => clock.ahead > 29 * 86_400);
    await page.getByRole('button', { name: 'Back to the machine’s time' }).click();
    await until(ahead, (clock) => clock.ahead === 0);
  });

  it('a style is made, judged while it is written, and used', async () => {
    const page = await open('#/controls?tab=styles&bucket=styled');
    await page
      .getByRole('button', { name: /Add|New/ })
      .first()
      .click();
    await page.getByLabel(/Name/).last().fill('thumb');
    const content = page.getByLabel(/Content|Process string/).last();
    await content.fill('image/resize,w_x');
    await page.getByText(/w must be an integer/).waitFor();
    await content.fill('image/resize,w_12');
    await page.getByRole('button', { name: 'Save' }).click();
    await server.put('styled', 'photo.jpg', fixture('photo.jpg'), { 'content-type': 'image/jpeg' });
    await until(
      () => server.processed('styled', 'photo.jpg', 'style/thumb'),
      ({ status }) => status === 200,
    );
  });

  it('a reset asks first, and everything follows it', async () => {
    await server.put('work', 'gone.txt', Buffer.from('x'));
    const page = await open('#/controls?tab=reset');
    const watching = await another('#/requests');
    await watching.getByRole('row', { name: /PutObject.*work\/gone\.txt/ }).waitFor();
    await page.getByRole('button', { name: 'Reset…' }).click();
    expect((await server.head('work', 'gone.txt')).status).toBe(200);
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await until(
      () => server.head('work', 'gone.txt'),
      ({ status }) => status === 404,
    );
    // The other window forgets what is gone.
    await until(
      () => watching.getByRole('row', { name: /PutObject.*work\/gone\.txt/ }).count(),
      (count) => count === 0,
    );
  });
});

describe('the first screen', () => {
  it('has the address, code that works, and what happened last', async () => {
    await server.get('demo', 'seen-at-home.txt');
    const page = await open('');
    await page.getByText(endpoint, { exact: true }).first().waitFor();
    await page.getByText('demo/seen-at-home.txt').waitFor();
    await page.getByRole('tab', { name: 'Node.js' }).click();
    await page.getByText("import OSS from 'ali-oss'").waitFor();
  });

  it('is where a browser is led to, and no SDK', async () => {
    const { context } = await visit(browser, endpoint);
    const page = await context.newPage();
    await page.goto(`${endpoint}/`);
    expect(page.url()).toBe(`${endpoint}/_ossite/`);
    expect((await server.request('get', '/')).text).toContain('<ListAllMyBucketsResult>');
    await context.close();
  });
});
