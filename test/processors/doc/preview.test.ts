/** doc/preview: one HTML page that needs nothing else and runs nothing. */
import { createHash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, fixture, freshBucket, ossError, posted, processed, put, saveas } from '../../helpers/ossite.ts';
import { docx, poppler, rgb, textPdf, tinyPdf } from './sources.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  for (const name of ['report.docx', 'slides.pptx', 'workbook.xlsx']) await put(bucket, name, fixture(name));
});

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Reads a preview strictly: it is well-formed XML, so a browser sees what is seen here. */
async function preview(key: string, process: string) {
  const { status, headers, text: html } = await processed(bucket, key, process);
  expect(status, html.slice(0, 2000)).toBe(200);
  expect(headers['content-type']).toBe('text/html');
  const tags: Tag[] = [];
  const open: Tag[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const tag = { name, attributes, text: '' };
    tags.push(tag);
    open.push(tag);
  });
  parser.on('text', (text) => {
    for (const tag of open) tag.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(html).close();
  const all = (name: string) => tags.filter((tag) => tag.name === name);
  const one = (name: string) => all(name)[0] as Tag;
  const pictures = all('image').map(({ attributes }) => Buffer.from(attributes.href?.split(',')[1] ?? '', 'base64'));
  return { html, tags, all, one, pictures, body: one('body').text };
}

/** Nothing is loaded, nothing is run, nothing is sent. */
function expectClosed({ tags, one }: Awaited<ReturnType<typeof preview>>): void {
  const known = 'html head meta title style body header a main svg defs pattern image rect text';
  expect(tags.map(({ name }) => name).filter((name) => !known.split(' ').includes(name))).toEqual([]);
  for (const { attributes } of tags) {
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).not.toMatch(/^on|^src|^style$/);
      if (name === 'href') expect(value).toMatch(/^data:(image\/(webp|jpeg)|application\/pdf);base64,/);
    }
  }
  const style = one('style').text;
  expect(style).not.toMatch(/url\(|@import/);
  const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
  const digest = createHash('sha256').update(style).digest('base64');
  expect(policy?.attributes.content).toBe(
    `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
  );
}

describe('the page', () => {
  it.each([
    ['report.docx', 2, ['Quarterly report', '季度报告', '第二页']],
    ['slides.pptx', 3, ['Welcome', '欢迎', 'Questions?']],
    ['workbook.xlsx', 3, ['Hangzhou', '新加坡', 'Row 80']],
  ])('of %s holds its pages and their text', async (key, count, words) => {
    const page = await preview(key, 'doc/preview');
    expectClosed(page);
    expect(page.pictures).toHaveLength(count);
    for (const word of words) expect(page.body).toContain(word);
    for (const [i, picture] of page.pictures.entries()) {
      const shown = await processed(bucket, key, `doc/snapshot,page_${i + 1}`);
      expect((await rgb(picture)).equals(await rgb(shown.bytes))).toBe(true);
    }
    expect(page.one('title').text).toBe(key);
    expect(page.all('a')).toEqual([]);
  });

  it('has every line where its page shows it', async () => {
    const page = await preview('report.docx', 'doc/preview');
    const [picture] = page.pictures;
    const line = page.all('text').find(({ text }) => text.startsWith('Quarterly'));
    const at = (name: string) => Math.round(Number(line?.attributes[name]));
    const box = { left: at('x'), top: at('y') - at('font-size'), width: at('textLength'), height: at('font-size') };
    const darkest = async (area: typeof box) =>
      Math.min(...(await rgb(await sharp(picture).extract(area).png().toBuffer())));
    expect(await darkest(box)).toBeLessThan(60);
    expect(await darkest({ ...box, left: box.left + box.width + 5, width: 100 })).toBe(255);
  });

  it('copy_0 leaves the text out', async () => {
    const page = await preview('report.docx', 'doc/preview,copy_0');
    expectClosed(page);
    expect(page.pictures).toHaveLength(2);
    expect(page.all('text')).toEqual([]);
    expect(page.body).not.toContain('Quarterly');
    expect(page.one('style').text).toContain('user-select: none');
  });

  it('print_0 prints nothing', async () => {
    const style = async (process: string) => (await preview('report.docx', process)).one('style').text;
    expect(await style('doc/preview,print_0')).toMatch(/@media print \{ body \{ display: none; \} \}/);
    expect(await style('doc/preview,print_1')).not.toContain('body { display: none');
  });

  it('export_1 offers the PDF', async () => {
    const page = await preview('report.docx', 'doc/preview,export_1,copy_0');
    expectClosed(page);
    const { download, href = '' } = page.one('a').attributes;
    expect(download).toBe('report.pdf');
    expect(poppler('pdftotext', Buffer.from(href.split(',')[1] ?? '', 'base64'))).toContain('Quarterly');
    expect((await preview('report.docx', 'doc/preview,export_0')).all('a')).toEqual([]);
  });

  it('watermark stands on every page', async () => {
    const mark = `watermark,text_${b64('内部 <资料> "&')},size_30,t_60,color_FF0000,rotate_30,type_${b64('fangzhengkaiti')}`;
    const page = await preview('slides.pptx', `doc/preview,copy_0/${mark}`);
    expectClosed(page);
    expect(page.one('pattern').attributes.patternTransform).toBe('rotate(30)');
    expect(page.all('text').map(({ text }) => text)).toEqual(['内部 <资料> "&']);
    expect(page.one('text').attributes).toMatchObject({ 'font-size': '30', fill: '#FF0000', 'fill-opacity': '0.6' });
    expect(page.one('text').attributes['font-family']).toMatch(/^AR PL UKai/);
    expect(page.all('rect').map(({ attributes }) => attributes.fill)).toEqual(Array(3).fill('url(#watermark)'));
    const plain = await preview('slides.pptx', `doc/preview/watermark,text_${b64('x')}`);
    expect(plain.one('pattern').attributes.patternTransform).toBe('rotate(315)');
  });

  it('imm/previewdoc is its old name', async () => {
    const [old, now] = [
      await preview('report.docx', 'imm/previewdoc,copy_1'),
      await preview('report.docx', 'doc/preview'),
    ];
    expect(old.html).toBe(now.html);
    expect((await preview('report.docx', 'imm/previewdoc,copy_0')).body).not.toContain('Quarterly');
  });
});

describe('what a document says', () => {
  it('never becomes markup', async () => {
    const nasty = '<script>alert(1)</script>"><img src=x onerror=alert(2)></text></svg>&amp; ]]> </style>';
    const run = nasty.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    const key = `it's <b>"bold"&.docx`;
    await put(bucket, key, docx(`<w:p><w:r><w:t>${run}</w:t></w:r></w:p>`));
    const page = await preview(key, 'doc/preview,export_1');
    expectClosed(page);
    expect(page.body.replace(/\s+/g, '')).toContain('<script>alert(1)</script>"><imgsrc=xonerror=alert(2)>');
    expect(page.one('title').text).toBe(key);
    expect(page.html).not.toContain('<script');
    expect(page.html).not.toContain('<img');
  });

  it('may stand on a page that is longer than WebP allows', async () => {
    await put(bucket, 'strip.pdf', tinyPdf({ size: '14000 72' }));
    const page = await preview('strip.pdf', 'doc/preview');
    expectClosed(page);
    expect(await sharp(page.pictures[0]).metadata()).toMatchObject({ format: 'jpeg', width: 18667, height: 96 });
  });

  it('of a PDF, with characters XML does not know', async () => {
    await put(bucket, 'odd.pdf', textPdf('a\\001<b>\\002&'));
    const page = await preview('odd.pdf', 'doc/preview');
    expectClosed(page);
    expect(page.body).toContain('<b>');
  });
});

describe('refused', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 3);
  const pages = (count: number) =>
    Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[${numbers(count).join(' 0 R ')} 0 R]/Count ${count}>>endobj
${numbers(count)
  .map((n) => `${n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj`)
  .join('\n')}
trailer<</Root 1 0 R>>
%%EOF
`);

  it.each([
    ['report.docx', 'doc/preview,copy_2', /^InvalidArgument, \[copy\]/],
    ['report.docx', 'doc/preview,print_yes', /^InvalidArgument, \[print\]/],
    ['report.docx', 'doc/preview,export_', /^InvalidArgument, \[export\]/],
    ['report.docx', 'doc/preview/watermark,size_30', /^InvalidArgument, \[text\]:is required/],
    ['report.docx', `doc/preview/watermark,text_${b64('a\nb')}`, /^InvalidArgument, \[text\]/],
    ['report.docx', `doc/preview/watermark,text_${b64('a')},color_red`, /^InvalidArgument, \[color\]/],
    ['report.docx', `doc/preview/watermark,text_${b64('a')},t_101`, /^InvalidArgument, \[t\]/],
    ['report.docx', `doc/preview/watermark,text_${b64('a')},type_${b64('arial')}`, /^InvalidArgument, \[type\]/],
    ['a.html', 'doc/preview', /^InvalidArgument, .*html/],
    ['nameless', 'doc/preview', /^InvalidArgument, /],
    ['long.pdf', 'doc/preview', /^InvalidArgument, The document has 301 pages/],
    ['locked.pdf', 'doc/preview', /^OpenFileError, .*password/],
  ])('%s: %s', async (key, process, message) => {
    const made: Record<string, Buffer> = {
      'a.html': Buffer.from('<p>text</p>'),
      nameless: fixture('report.docx'),
      'long.pdf': pages(301),
      'locked.pdf': tinyPdf({ locked: true }),
    };
    if (made[key] !== undefined) await put(bucket, key, made[key]);
    const error = ossError(await processed(bucket, key, process));
    expect(error).toMatchObject({ status: 400, code: 'Imm Client' });
    expect(error.message).toMatch(message);
  });

  it('in a POST', async () => {
    const error = ossError(await posted(bucket, 'report.docx', `doc/preview${saveas('x.html')}`));
    expect(error).toMatchObject({ status: 400, message: 'operation not support post: doc/preview' });
  });
});
