import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  b64,
  converted,
  ensureBucket,
  fixture,
  freshBucket,
  get,
  ossError,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { poppler, xlsx } from './sources.ts';

let bucket: string;

beforeAll(async () => {
  bucket = await freshBucket();
  for (const name of ['report.docx', 'slides.pptx', 'workbook.xlsx']) await put(bucket, name, fixture(name));
});

/** Converts and reads what was saved: names in the order they were written, and their bytes. */
async function convert(key: string, process: string, to: string) {
  const task = await converted(bucket, key, process + saveas(to));
  expect(task).toMatchObject({ Status: 'Succeeded', TaskType: 'OfficeConversion' });
  const saved = await Promise.all(
    task.Outputs.map(async (output) => ({ output, answer: await get(bucket, output.Key) })),
  );
  return saved.map(({ output, answer }) => {
    expect(answer.bytes.length).toBe(output.Size);
    return { key: output.Key, type: answer.headers['content-type'], bytes: answer.bytes };
  });
}

const sizeOf = async (bytes: Buffer) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return { width, height, format };
};

/** The darkest and brightest value of a picture: a page with text has both. */
async function contrast(bytes: Buffer): Promise<number> {
  const { channels } = await sharp(bytes).stats();
  return Math.max(...channels.map(({ max, min }) => max - min));
}

describe('the request of the sys/saveas page', () => {
  it('writes doc_images/1.png and 2.png to test-bucket', async () => {
    await ensureBucket('test-bucket');
    const task = await converted(
      bucket,
      'report.docx',
      'doc/convert,target_png,source_docx|sys/saveas,b_dGVzdC1idWNrZXQ,o_ZG9jX2ltYWdlcy97aW5kZXh9LnBuZw',
    );
    expect(task.Status).toBe('Succeeded');
    expect(task.Outputs.map(({ Bucket, Key }) => `${Bucket}/${Key}`)).toEqual([
      'test-bucket/doc_images/1.png',
      'test-bucket/doc_images/2.png',
    ]);
    const page = await get('test-bucket', 'doc_images/1.png');
    expect(page.headers['content-type']).toBe('image/png');
    expect(await sizeOf(page.bytes)).toEqual({ width: 794, height: 1123, format: 'png' });
    expect(await contrast(page.bytes)).toBe(255);
  });
});

describe('pictures', () => {
  const cases = [
    ['report.docx', 'png', 'image/png', ['r/1.png', 'r/2.png']],
    ['report.docx', 'jpg', 'image/jpeg', ['r/1.jpg', 'r/2.jpg']],
    ['slides.pptx', 'png', 'image/png', ['r/1.png', 'r/2.png', 'r/3.png']],
    ['workbook.xlsx', 'png', 'image/png', ['r/1_1.png', 'r/2_1.png', 'r/2_2.png']],
    ['workbook.xlsx', 'jpg', 'image/jpeg', ['r/1_1.jpg', 'r/2_1.jpg', 'r/2_2.jpg']],
  ] as const;
  it.each(cases)('%s to %s', async (key, target, type, names) => {
    const pages = await convert(key, `doc/convert,target_${target}`, 'r/{index}.{autoext}');
    expect(pages.map((page) => page.key)).toEqual(names);
    for (const page of pages) {
      expect(page.type).toBe(type);
      expect((await sizeOf(page.bytes)).format).toBe(target === 'jpg' ? 'jpeg' : 'png');
      expect(await contrast(page.bytes)).toBeGreaterThan(200);
    }
  });

  it('are pages on white paper, A4 at 96 dpi', async () => {
    const [page] = await convert('report.docx', 'doc/convert,target_jpg,pages_2', 'white/{index}.jpg');
    const { width, height } = await sizeOf(page?.bytes as Buffer);
    expect(Math.abs((width ?? 0) - 794)).toBeLessThanOrEqual(1);
    expect(Math.abs((height ?? 0) - 1123)).toBeLessThanOrEqual(1);
    const corner = await sharp(page?.bytes).extract({ left: 5, top: 5, width: 1, height: 1 }).raw().toBuffer();
    expect([...corner.subarray(0, 3)]).toEqual([255, 255, 255]);
  });
});

describe('pages', () => {
  const cases = [
    ['report.docx', 'pages_2', ['2']],
    ['slides.pptx', 'pages_1,3', ['1', '3']],
    ['slides.pptx', 'pages_2-3,1,2', ['1', '2', '3']],
    ['slides.pptx', `pages_${b64('1,3-9')}`, ['1', '3']],
    ['slides.pptx', 'pages_MS0xMA', ['1', '2', '3']],
    ['slides.pptx', 'pages_MS0xMA==', ['1', '2', '3']],
    ['slides.pptx', 'pages_3,3,1-2000', ['1', '2', '3']],
    ['workbook.xlsx', 'pages_2', ['2_1', '2_2']],
  ] as const;
  it.each(cases)('%s %s', async (key, pages, indexes) => {
    const made = await convert(key, `doc/convert,${pages},target_png`, 'p/{index}');
    expect(made.map((page) => page.key)).toEqual(indexes.map((index) => `p/${index}`));
  });

  it('choose pages of a PDF too', async () => {
    const [made] = await convert('slides.pptx', 'doc/convert,target_pdf,pages_2-3', 'two.pdf');
    expect(poppler('pdfinfo', made?.bytes as Buffer)).toMatch(/^Pages:\s+2$/m);
    const text = poppler('pdftotext', made?.bytes as Buffer);
    expect(text).toContain('Numbers');
    expect(text).not.toContain('Welcome');
  });

  it('beyond the end fail the task', async () => {
    const task = await converted(bucket, 'report.docx', `doc/convert,target_png,pages_7-9${saveas('x/{index}')}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Outputs: [] });
    expect(task.Message).toContain('2 pages');
  });
});

describe('pdf and txt', () => {
  const cases = [
    ['report.docx', 2, ['Quarterly report', '季度报告', '第二页']],
    ['slides.pptx', 3, ['Welcome', '欢迎', 'Questions?']],
    ['workbook.xlsx', 3, ['Hangzhou', '新加坡', 'Row 80']],
  ] as const;
  it.each(cases)('%s', async (key, pages, words) => {
    const [pdf, ...noMore] = await convert(key, 'doc/convert,target_pdf', 'all-{index}.{autoext}');
    expect(noMore).toEqual([]);
    expect(pdf).toMatchObject({ key: 'all-1.pdf', type: 'application/pdf' });
    expect(poppler('pdfinfo', pdf?.bytes as Buffer)).toMatch(new RegExp(`^Pages:\\s+${pages}$`, 'm'));
    const [txt] = await convert(key, 'doc/convert,target_txt,pages_1', '{barename}.{autoext}');
    expect(txt).toMatchObject({ key: key.replace(/\.\w+$/, '.txt'), type: 'text/plain' });
    for (const text of [poppler('pdftotext', pdf?.bytes as Buffer), txt?.bytes.toString('utf8')]) {
      for (const word of words) expect(text).toContain(word);
    }
    await put(bucket, `again-${key}.pdf`, pdf?.bytes as Buffer);
    const pictures = await convert(`again-${key}.pdf`, 'doc/convert,target_png', 'from-pdf/{index}.png');
    expect(pictures).toHaveLength(pages);
    const [text] = await convert(`again-${key}.pdf`, 'doc/convert,target_txt', 'from-pdf.txt');
    expect(text?.bytes.toString('utf8')).toContain(words[0]);
  });

  it('a workbook becomes tab-separated lines', async () => {
    const [txt] = await convert('workbook.xlsx', 'doc/convert,target_txt', 'w.txt');
    expect(txt?.bytes.toString('utf8')).toMatch(/^Region\t地区\tOrders\nHangzhou\t杭州\t1280\n/);
  });
});

describe('workbooks', () => {
  it('count hidden and empty sheets, and name pages after their sheet', async () => {
    const sheets = [
      { name: 'First', cells: ['one'] },
      { name: 'Secret', state: 'hidden', cells: ['two'] },
      { name: 'Empty', cells: [] },
      { name: '图 & <4>', cells: ['four'] },
    ] as const;
    await put(bucket, 'sheets.xlsx', xlsx(sheets));
    const made = await convert('sheets.xlsx', 'doc/convert,target_png', 's/{sheetname}-{index}.png');
    expect(made.map((page) => page.key)).toEqual(['s/First-1_1.png', 's/图 & <4>-4_1.png']);
    const [txt] = await convert('sheets.xlsx', 'doc/convert,target_txt', 's.txt');
    expect(txt?.bytes.toString('utf8')).toBe('one\n\nfour\n');
  });

  it('call the sheet of a CSV text after its file', async () => {
    await put(bucket, 'dir/prices 价格.csv', Buffer.from('apple,3\n'));
    const [page] = await convert('dir/prices 价格.csv', 'doc/convert,target_png', '{sheetname}/{index}.png');
    expect(page?.key).toBe('prices 价格/1_1.png');
  });

  it.each([
    ['report.docx', 'target_png'],
    ['report.docx', 'target_txt'],
    // One file of all sheets.
    ['workbook.xlsx', 'target_pdf'],
    ['workbook.xlsx', 'target_txt'],
    ['workbook.xlsx', 'target_png,source_docx'],
  ])('{sheetname} of %s, %s is refused before anything runs', async (key, params) => {
    for (const to of [saveas('{sheetname}/{index}.png'), saveas('{index}.png', '{sheetname}')]) {
      const error = ossError(await submitted(bucket, key, `doc/convert,${params}${to}`));
      expect(error).toMatchObject({ status: 400, code: 'Imm Client' });
      expect(error.message).toMatch(/^InvalidArgument, \[TargetURI\]/);
      expect(error.elements.Detail).toContain('{sheetname}');
    }
  });
});

describe('plain texts', () => {
  const cases = [
    ['a.txt', Buffer.from('Plain 纯文本 text'), 'Plain 纯文本 text'],
    ['gbk.txt', Buffer.from([0xd6, 0xd0, 0xb9, 0xfa]), '中国'],
    ['a.html', Buffer.from('<html><body><h1>标题</h1><p>A page</p></body></html>'), '标题'],
    ['a.csv', Buffer.from('名称,count\n苹果,3\n'), '苹果'],
    ['a.rtf', Buffer.from('{\\rtf1\\ansi\\paperw11906\\paperh16838 An RTF text\\par}'), 'An RTF text'],
    ['program.c', Buffer.from('int main(void) { return 0; }\n'), 'int main'],
  ] as const;
  it.each(cases)('%s', async (key, bytes, words) => {
    await put(bucket, key, bytes);
    const [txt] = await convert(key, 'doc/convert,target_txt', 'plain.txt');
    expect(txt?.bytes.toString('utf8')).toContain(words);
    const [pdf] = await convert(key, 'doc/convert,target_pdf', 'plain.pdf');
    expect(poppler('pdftotext', pdf?.bytes as Buffer)).toContain(words);
    expect(poppler('pdfinfo', pdf?.bytes as Buffer)).toContain('(A4)');
  });

  it('source_ says what a name does not', async () => {
    await put(bucket, 'nameless', fixture('report.docx'));
    const made = await convert('nameless', 'doc/convert,target_png,source_DOCX', 'n/{index}.png');
    expect(made).toHaveLength(2);
  });
});
