/** doc/snapshot: one page of a document as a picture, in the answer (documents-styles-tasks.md §1.2). */
import { stat } from 'node:fs/promises';
import { TaskFailure } from '../../failure.ts';
import { fallback, int, oneOf, optional } from '../../params.ts';
import { drawEach } from '../drawing.ts';
import { docOperation } from '../family.ts';
import { anyCase, extensionOf } from '../formats.ts';
import { encode, pictureTypes } from '../pictures.ts';
import { begin, viewedPdf } from '../work.ts';

const SOURCES = ['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx'];
const MAX_SOURCE_MIB = 20;

export default docOperation({
  name: 'snapshot',
  summary: 'Draws one page of a document.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/document-snapshot',
  modes: ['sync'],
  getOnly: true,
  // The synchronous page shows `doc/convert,…/snapshot,…,page_2`; it is taken for a snapshot of page 2 (assumed; §1).
  absorbs: ['convert'],
  fidelity: {
    level: 'approximate',
    because:
      'LibreOffice lays pages out with the fonts of this machine, so that line and page breaks may differ from OSS',
  },
  params: {
    // OSS's page names no default (assumed; §1.2).
    target: fallback(oneOf('Format of the picture.', ['png', 'jpg']), 'png'),
    source: optional(anyCase(oneOf('Format of the source, instead of its extension.', SOURCES))),
    // Of a workbook, the printed pages of all sheets count (assumed; §1.2).
    page: fallback(int('Page to draw, from 1.', { min: 1, max: 2000 }), 1),
  },
  examples: [
    { of: 'report.docx', process: 'doc/snapshot,target_jpg,source_docx,page_2', shows: 'the second page' },
    { of: 'workbook.xlsx', process: 'doc/snapshot,page_3', shows: 'the second page of the second sheet' },
  ],
  async run({ input: { source }, params, ctx }) {
    const extension = params.source ?? extensionOf(source.name);
    if (!SOURCES.includes(extension)) throw refused(`It takes ${SOURCES.join(', ')}; ${named(extension)}.`);
    const { size } = await stat(source.file);
    if (size > MAX_SOURCE_MIB * 1024 ** 2) throw refused(`The source is larger than ${MAX_SOURCE_MIB} MB.`);
    const pdf = await viewedPdf(await begin(source, extension, ctx));
    const { length } = pdf.pages;
    if (params.page > length) throw refused(`There is no page ${params.page}; the document has ${length} pages.`);
    const draw = async (page: Parameters<typeof encode>[0]) => ({
      bytes: await encode(page, params.target),
      ext: params.target,
      contentType: pictureTypes[params.target],
    });
    return drawEach(pdf, [{ page: params.page }], ctx, draw);
  },
});

const refused = (why: string) => new TaskFailure('InvalidArgument', why);

const named = (extension: string) =>
  extension === '' ? 'the source has no extension: add source_' : `the source is ${extension}`;
