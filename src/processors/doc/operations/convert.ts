/** doc/convert: a document to page pictures, a PDF or a text (documents-styles-tasks.md §1.1). */
import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path/posix';
import { TaskFailure } from '../../failure.ts';
import type { Artifact, RunContext } from '../../operation.ts';
import { oneOf, optional } from '../../params.ts';
import { docOperation } from '../family.ts';
import { anyCase, extensionOf, groupOf, sourceExtensions } from '../formats.ts';
import { chosen, pages, type Ranges } from '../pages.ts';
import { outlineXml, type Pdf, pickPages, textOf } from '../pdf.ts';
import { type Picture, pictures, pictureTypes } from '../pictures.ts';
import { readSheets, type Sheet } from '../sheets.ts';
import { begin, inOffice, pdfOf, type Work } from '../work.ts';
import { sheetPages } from '../workbook.ts';

/** Content-Types are assumed (§1.1.2). */
const CONTENT_TYPES = { ...pictureTypes, pdf: 'application/pdf', txt: 'text/plain' } as const;
type Target = keyof typeof CONTENT_TYPES;

export default docOperation({
  name: 'convert',
  summary: 'Converts a document to a picture of every page, to a PDF or to a text.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/document-conversion',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because:
      'LibreOffice lays pages out with the fonts of this machine, so that line and page breaks may differ from OSS; ' +
      'nothing outside the document is fetched, and SVG and EPS pictures inside it are left out',
  },
  params: {
    target: oneOf('Format of the result.', ['pdf', 'png', 'jpg', 'txt']),
    source: optional(anyCase(oneOf('Format of the source, instead of its extension.', sourceExtensions))),
    pages: optional(pages('Pages to convert; sheets, for workbooks. Without it all; txt ignores it.')),
  },
  variables: ['index', 'sheetname'],
  // Only pages of sheets have one; a PDF or text of a workbook holds all sheets (assumed; §2).
  lacks(key, { source, target }) {
    const isWorkbook = groupOf(source ?? extensionOf(key))?.kind === 'workbook';
    return isWorkbook && target !== 'pdf' && target !== 'txt' ? [] : ['sheetname'];
  },
  examples: [
    { of: 'report.docx', process: 'doc/convert,target_png,source_docx', shows: 'a picture of every page' },
    { of: 'slides.pptx', process: 'doc/convert,target_jpg,pages_2-3', shows: 'pictures of two slides' },
    { of: 'workbook.xlsx', process: 'doc/convert,target_pdf', shows: 'all sheets as one PDF' },
    { of: 'report.docx', process: 'doc/convert,target_txt', shows: 'the text alone' },
  ],
  async run({ input: { source }, params, ctx }) {
    const work = await begin(source, params.source ?? extensionOf(source.name), ctx);
    if (params.target === 'txt') return [await single(await textFrom(work), 'txt', ctx)];
    const pdf = await pdfOf(work);
    if (params.target === 'pdf' && params.pages === undefined) return [artifact(pdf.file, 'pdf')];
    const wanted = await choose(work, pdf, params.pages);
    if (params.target !== 'pdf') return pictures(pdf, wanted, params.target, ctx);
    const numbers = wanted.map(({ page }) => page);
    return [artifact(await pickPages(pdf, numbers, ctx), 'pdf')];
  },
});

/** One result: `{index}` is 1 (assumed; §1.1.3). */
const artifact = (file: string, target: Target): Artifact => ({
  file,
  ext: target,
  contentType: CONTENT_TYPES[target],
  variables: { index: '1' },
});

async function single(bytes: Buffer | string, target: Target, ctx: RunContext): Promise<Artifact> {
  const file = ctx.temp(target);
  await writeFile(file, bytes);
  return artifact(file, target);
}

/**
 * The text of a document. Presentations and PDFs go through their pages; workbooks become tab-separated lines, a blank
 * line between sheets, hidden sheets left out (assumed; §1.1.2 and §1.1.6 name only "one file").
 */
async function textFrom(work: Work): Promise<string> {
  const { kind } = work.document;
  if (kind === 'text') return (await inOffice(work, 'txt')).toString('utf8').replace(/^\uFEFF/, '');
  if (kind !== 'workbook') return textOf(await pdfOf(work), work.ctx);
  const texts = (await sheetsOf(work)).filter((sheet) => !sheet.hidden).map((sheet) => sheet.text);
  if (texts.includes(undefined)) throw new TaskFailure('OpenFileError', 'The workbook holds too much text.');
  return texts.filter((text) => text !== '').join('\n');
}

const sheetsOf = async (work: Work): Promise<readonly Sheet[]> => readSheets(await inOffice(work, 'fods'));

/** The pages asked for, with the names they get (§1.1.3). @throws TaskFailure InvalidArgument when there are none */
async function choose(work: Work, pdf: Pdf, ranges: Ranges | undefined): Promise<readonly Picture[]> {
  const count = pdf.pages.length;
  if (work.document.kind !== 'workbook') {
    const wanted = chosen(ranges, count).map((page) => ({ page, variables: { index: String(page) } }));
    return wanted.length > 0 ? wanted : noPages(`${count} pages`);
  }
  const sheets = await sheetsOf(work);
  const kept = new Set(chosen(ranges, sheets.length));
  const wanted = sheetPages(await outlineXml(pdf, work.ctx), sheets, count)
    .filter(({ sheet }) => kept.has(sheet))
    .map(({ page, sheet, subpage, sheetName }) => ({
      page,
      variables: { index: `${sheet}_${subpage}`, sheetname: titleOf(work, sheetName) },
    }));
  return wanted.length > 0 ? wanted : noPages(`${sheets.length} sheets`);
}

/** The only sheet of a CSV text is called after its file, as Excel does it. */
const titleOf = ({ source, document }: Work, sheetName: string) =>
  document.content === 'csv' ? basename(source.name, extname(source.name)) : sheetName;

function noPages(has: string): never {
  throw new TaskFailure('InvalidArgument', `pages names nothing that the document has; it has ${has}.`);
}
