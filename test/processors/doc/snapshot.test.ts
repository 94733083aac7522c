/** doc/snapshot: one page as a picture, in the answer of a GET. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  converted,
  fixture,
  freshBucket,
  get,
  ossError,
  posted,
  processed,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { docx, docxPicture, rgb, tinyPdf } from './sources.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  const fixtures = ['report.docx', 'slides.pptx', 'workbook.xlsx'];
  for (const name of fixtures) await put(bucket, name, fixture(name));
  await put(bucket, 'nameless', fixture('slides.pptx'));
  await put(bucket, 'UPPER.DOCX', fixture('report.docx'));
});

/** The pages of a document as doc/convert draws them, by `{index}`. */
async function pages(key: string, target: string): Promise<ReadonlyMap<string, Buffer>> {
  const task = await converted(bucket, key, `doc/convert,target_${target}${saveas('drawn/{index}')}`);
  expect(task.Status).toBe('Succeeded');
  const read = task.Outputs.map(
    async ({ Key }) => [Key.slice('drawn/'.length), (await get(bucket, Key)).bytes] as const,
  );
  return new Map(await Promise.all(read));
}

describe('a page', () => {
  it.each([
    ['report.docx', 'target_jpg,source_docx,page_2', 'jpg', '2'],
    ['report.docx', '', 'png', '1'],
    ['UPPER.DOCX', 'page_1', 'png', '1'],
    ['slides.pptx', 'target_png,page_3', 'png', '3'],
    // Printed pages of all sheets: the second sheet prints two.
    ['workbook.xlsx', 'page_3', 'png', '2_2'],
  ] as const)('%s: doc/snapshot,%s', async (key, params, format, index) => {
    const { status, bytes, headers, text } = await processed(bucket, key, `doc/snapshot${params && `,${params}`}`);
    expect(status, text).toBe(200);
    expect(headers['content-type']).toBe(format === 'jpg' ? 'image/jpeg' : 'image/png');
    for (const [drawn, page] of await pages(key, format)) {
      expect((await rgb(bytes)).equals(await rgb(page)), drawn).toBe(drawn === index);
    }
  });

  it('of what source_ says', async () => {
    const { bytes } = await processed(bucket, 'nameless', 'doc/snapshot,source_PPTX,page_3');
    expect(bytes.equals((await processed(bucket, 'slides.pptx', 'doc/snapshot,page_3')).bytes)).toBe(true);
  });

  it('of a PDF', async () => {
    await put(bucket, 'a.pdf', tinyPdf({ size: '144 72' }));
    const { bytes } = await processed(bucket, 'a.pdf', 'doc/snapshot');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 192, height: 96 });
  });

  it('after doc/convert, which says nothing more', async () => {
    const plain = await processed(bucket, 'report.docx', 'doc/snapshot,target_jpg,source_docx,page_2');
    const chain = 'doc/convert,target_jpg,source_docx/snapshot,target_jpg,source_docx,page_2';
    const chained = await processed(bucket, 'report.docx', chain);
    expect(chained.status).toBe(200);
    expect(chained.bytes.equals(plain.bytes)).toBe(true);
  });

  it('of a document that has changed is another page', async () => {
    await put(bucket, 'edited.docx', docx(''));
    const before = await processed(bucket, 'edited.docx', 'doc/snapshot');
    await put(bucket, 'edited.docx', docx('<w:p><w:r><w:t>And more.</w:t></w:r></w:p>'));
    const after = await processed(bucket, 'edited.docx', 'doc/snapshot');
    expect([before.status, after.status, after.bytes.equals(before.bytes)]).toEqual([200, 200, false]);
  });
});

describe('refused', () => {
  it.each([
    ['report.docx', 'doc/snapshot,page_0', /^InvalidArgument, \[page\]/],
    ['report.docx', 'doc/snapshot,page_2001', /^InvalidArgument, \[page\]/],
    ['report.docx', 'doc/snapshot,page_x', /^InvalidArgument, \[page\]/],
    ['report.docx', 'doc/snapshot,target_webp', /^InvalidArgument, \[target\]/],
    ['report.docx', 'doc/snapshot,source_rtf', /^InvalidArgument, \[source\]/],
    ['report.docx', 'doc/convert,target_gif/snapshot', /^InvalidArgument, \[target\]/],
    ['report.docx', 'doc/snapshot,page_3', /^InvalidArgument, There is no page 3; the document has 2 pages\./],
    ['report.docx', 'doc/snapshot,page_2000', /^InvalidArgument, There is no page 2000/],
    ['nameless', 'doc/snapshot', /^InvalidArgument, .*source_/],
    ['a.html', 'doc/snapshot', /^InvalidArgument, .*html/],
    ['large.pdf', 'doc/snapshot', /^InvalidArgument, .*20 MB/],
    ['empty.docx', 'doc/snapshot', /^OpenFileError, .*empty/],
    ['wrong.xlsx', 'doc/snapshot', /^OpenFileError, .*not a workbook/],
    ['locked.pdf', 'doc/snapshot', /^OpenFileError, .*password/],
  ])('%s: %s', async (key, process, message) => {
    const made: Record<string, Buffer> = {
      'a.html': Buffer.from('<p>text</p>'),
      'large.pdf': Buffer.alloc(20 * 1024 ** 2 + 1),
      'empty.docx': Buffer.alloc(0),
      'wrong.xlsx': fixture('report.docx'),
      'locked.pdf': tinyPdf({ locked: true }),
    };
    if (made[key] !== undefined) await put(bucket, key, made[key]);
    const error = ossError(await processed(bucket, key, process));
    expect(error).toMatchObject({ status: 400, code: 'Imm Client' });
    expect(error.message).toMatch(message);
  });

  it('in a POST, in a task, and doc/convert alone', async () => {
    const process = 'doc/snapshot,page_1';
    expect(ossError(await posted(bucket, 'report.docx', process + saveas('x.png')))).toMatchObject({
      status: 400,
      message: 'operation not support post: doc/snapshot',
    });
    expect(ossError(await submitted(bucket, 'report.docx', process + saveas('x.png'))).code).toBe('Imm Client');
    expect(ossError(await processed(bucket, 'report.docx', 'doc/convert,target_png')).status).toBe(400);
    const twice = 'doc/convert,target_png/snapshot/snapshot';
    expect(ossError(await processed(bucket, 'report.docx', twice)).status).toBe(400);
  });

  it('and nothing outside the document is read', async () => {
    const linked = docx(docxPicture('link', 'rId1'), [['image', 'file:///etc/hostname']]);
    await put(bucket, 'linked.docx', linked);
    expect((await processed(bucket, 'linked.docx', 'doc/snapshot')).status).toBe(200);
  });
});
