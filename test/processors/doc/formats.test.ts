/** Every family of documents: how many pages it makes, what stands on them, what they look like. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Children, createChildren } from '../../../src/processors/children.ts';
import { importFilters } from '../../../src/processors/doc/formats.ts';
import { recognise } from '../../../src/processors/doc/sniff.ts';
import { createOffice, type Office } from '../../../src/processors/doc/soffice.ts';
import { converted, fixture, freshBucket, get, put, saveas } from '../../helpers/ossite.ts';
import { differenceHash, distance, meanOf } from '../../helpers/pictures.ts';
import { textPdf } from './sources.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

interface Page {
  readonly hash: string;
  readonly mean: readonly number[];
}

/** What a document looks like and says. */
async function look(key: string): Promise<{ pages: readonly Page[]; text: string }> {
  const drawn = await converted(bucket, key, `doc/convert,target_png${saveas(`${key}/{index}.png`)}`);
  const read = await converted(bucket, key, `doc/convert,target_txt${saveas(`${key}.out`)}`);
  expect([drawn.Status, read.Status], drawn.Message).toEqual(['Succeeded', 'Succeeded']);
  const pictures = await Promise.all(drawn.Outputs.map(async ({ Key }) => (await get(bucket, Key)).bytes));
  // Without the margins, which would leave a hash little to tell.
  const inked = (bytes: Buffer) => sharp(bytes).trim({ background: '#ffffff' }).png().toBuffer();
  const pages = pictures.map(async (bytes) => ({
    hash: await differenceHash(await inked(bytes)),
    mean: await meanOf(bytes),
  }));
  return { pages: await Promise.all(pages), text: (await get(bucket, `${key}.out`)).text };
}

/** Golden records of what was looked at: a hash a page. */
const families: readonly (readonly [key: string, make: () => Buffer, says: string, hashes: readonly string[]])[] = [
  ['report.docx', () => fixture('report.docx'), '季度报告', ['182c646584113333', '909094920c6e9295']],
  ['slides.pptx', () => fixture('slides.pptx'), '欢迎', ['1717460400440ca4', '66a6a6032600366a', '52d3310220002040']],
  [
    'workbook.xlsx',
    () => fixture('workbook.xlsx'),
    '新加坡',
    ['2424232323a32725', '2929292929292929', '2b2b2b2b292b2b2b'],
  ],
  [
    'notes.txt',
    () => Buffer.from('A plain text 纯文本\n'.repeat(70)),
    '纯文本',
    ['d2d2d2d2d2d2d292', 'd2d2d6d2d2d2d2d2'],
  ],
  [
    'page.html',
    () => Buffer.from('<html><body><h1>标题 Title</h1><ul><li>one<li>two</ul><p>A page</p></body></html>'),
    'Title',
    ['5c4f20a5e4e44090'],
  ],
  [
    'table.csv',
    () => Buffer.from('名称,count\n苹果,3\n"a ""quoted"" pear",4\n'.repeat(9)),
    'a "quoted" pear',
    ['2320202000000003'],
  ],
  ['drawn.pdf', () => textPdf('Drawn by hand'), 'Drawn by hand', ['753586d2d6561a5a']],
];

it.each(families)('%s', async (key, make, says, hashes) => {
  await put(bucket, key, make());
  const { pages, text } = await look(key);
  expect(text).toContain(says);
  expect(pages).toHaveLength(hashes.length);
  for (const [i, { hash }] of pages.entries()) {
    expect(distance(hash, hashes[i] ?? ''), `page ${i + 1} is ${hash}`).toBeLessThanOrEqual(6);
  }
});

describe('formats from before and from elsewhere look as the document they were made of', () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-formats-'));
  let children: Children;
  let office: Office;
  beforeAll(() => {
    children = createChildren();
    office = createOffice(dir, children);
  });
  afterAll(async () => {
    await office.close();
    children.close();
    rmSync(dir, { recursive: true });
  });

  it.each([
    ['report.docx', 'doc', 'MS Word 97', 'Hangzhou', 'wps'],
    ['report.docx', 'odt', 'writer8', 'Hangzhou', 'odt'],
    ['report.docx', 'rtf', 'Rich Text Format', 'Hangzhou', 'doc'],
    ['slides.pptx', 'ppt', 'MS PowerPoint 97', 'Welcome', 'dps'],
    ['slides.pptx', 'odp', 'impress8', 'Welcome', 'odp'],
    ['workbook.xlsx', 'xls', 'MS Excel 97', 'Singapore', 'et'],
    ['workbook.xlsx', 'ods', 'calc8', 'Singapore', 'ods'],
  ] as const)('%s as %s', async (name, to, exportFilter, says, alias) => {
    const importFilter = importFilters[name.slice(name.lastIndexOf('.') + 1) as 'docx'];
    const { signal } = new AbortController();
    const bytes = await office.convert(fixture(name), { to, importFilter, exportFilter, signal });
    expect(recognise(bytes, alias).content).toBe(to);
    await put(bucket, `old.${to}`, bytes);
    await put(bucket, name, fixture(name));
    const [old, now] = [await look(`old.${to}`), await look(name)];
    expect(old.text).toContain(says);
    expect(old.pages).toHaveLength(now.pages.length);
    for (const [i, { hash, mean }] of old.pages.entries()) {
      expect(distance(hash, now.pages[i]?.hash ?? '')).toBeLessThanOrEqual(10);
      expect(Math.abs((mean[0] ?? 0) - (now.pages[i]?.mean[0] ?? 0))).toBeLessThan(2);
    }
  });
});
