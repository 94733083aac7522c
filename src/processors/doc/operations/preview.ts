/** doc/preview: a document as an HTML page to read (documents-styles-tasks.md §1.3). */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path/posix';
import { TaskFailure } from '../../failure.ts';
import { DEFAULT_FONT, fontFamilies, fontNames } from '../../image/fonts.ts';
import type { Problem, RunContext } from '../../operation.ts';
import { base64, color, fallback, flag, int, type Values } from '../../params.ts';
import { drawEach } from '../drawing.ts';
import { docOperation } from '../family.ts';
import { extensionOf } from '../formats.ts';
import { type Pdf, type Pixels, textLayer } from '../pdf.ts';
import { type PreviewPage, previewPage } from '../preview-page.ts';
import { begin, viewedPdf } from '../work.ts';

/** What WebOffice opens. */
const SOURCES: readonly string[] = [
  'doc docx txt dot wps wpt dotx docm dotm rtf',
  'ppt pptx pptm ppsx ppsm pps potx potm dpt dps',
  'xls xlsx et xlt xlsm xltx xltm csv',
  'pdf',
].flatMap((words) => words.split(' '));

/** WebOffice opens 5000 pages, one by one; here they all are in one answer, which a browser must hold. */
const MAX_PAGES = 300;
const MAX_MIB = 64;
/** A page of text takes 65 KB without loss; one that takes more holds photographs. */
const MAX_LOSSLESS = 256 * 1024;
const LOSSY_QUALITY = 80;
const MAX_WEBP_SIDE = 16_383;

// Defaults are those of IMM's old preview, GetOfficePreviewURL; OSS names none (assumed; §1.3).
const watermark = {
  text: base64('The text.'),
  size: fallback(int('Size of the text in pixels.', { min: 1, max: 1000 }), 20),
  t: fallback(int('Opacity in percent.', { min: 0, max: 100 }), 60),
  color: fallback(color('Colour of the text.'), 'C0C0C0'),
  rotate: fallback(int('Degrees by which the text is turned clockwise.', { min: 0, max: 360 }), 315),
  type: fallback(base64('The font, by the names image/watermark has.'), DEFAULT_FONT),
};

// What is allowed when nothing is said is not documented (assumed; §1.3).
const params = {
  copy: fallback(flag('0: the text can not be selected.'), true),
  print: fallback(flag('0: a browser prints nothing.'), true),
  export: fallback(flag('1: the document can be downloaded as a PDF.'), false),
};

export default docOperation({
  name: 'preview',
  summary: 'Shows a document as one HTML page.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/online-object-preview',
  modes: ['sync'],
  getOnly: true,
  fidelity: {
    level: 'approximate',
    because:
      'a page of its own to read instead of the interactive WebOffice, up to 300 pages, in LibreOffice’s layout; it opens ' +
      'under every host name, OSS’s only under a domain of the bucket’s owner; copy, print and export are hints to the browser',
  },
  params,
  clauses: { watermark },
  examples: [
    { of: 'report.docx', process: 'doc/preview,export_1,print_0', shows: 'a page with the text over its pictures' },
    {
      of: 'slides.pptx',
      process: 'doc/preview,copy_0/watermark,text_5YaF6YOo6LWE5paZ,size_30,t_60',
      shows: 'the pictures alone, with a text all over them',
    },
  ],
  check(_, clauses) {
    return clauses.map(({ params }) => checkWatermark(params)).find((problem) => problem !== undefined);
  },
  async run({ input: { source }, params, clauses, ctx }) {
    const extension = extensionOf(source.name);
    if (!SOURCES.includes(extension)) throw refused(`Documents with the extension ${extension} can not be shown.`);
    const pdf = await viewedPdf(await begin(source, extension, ctx));
    const { length } = pdf.pages;
    if (length > MAX_PAGES) {
      throw refused(
        `The document has ${length} pages; a preview shows up to ${MAX_PAGES}. doc/convert takes them all.`,
      );
    }
    const mark = clauses.at(-1)?.params;
    const page = previewPage({
      title: basename(source.name),
      pages: await pagesOf(pdf, params.copy, ctx),
      copy: params.copy,
      print: params.print,
      ...(params.export ? { pdf: await readFile(pdf.file) } : {}),
      watermark: mark && { ...mark, fonts: `${fontFamilies(mark.type)}, sans-serif` },
    });
    if (page.length > MAX_MIB * 1024 ** 2) throw refused(`The preview would be larger than ${MAX_MIB} MiB.`);
    return [{ bytes: page, ext: 'html', contentType: 'text/html' }];
  },
});

const refused = (why: string) => new TaskFailure('InvalidArgument', why);

function checkWatermark({ text, type }: Values<typeof watermark>): Problem | undefined {
  const invalid = (param: string, expected: string): Problem => ({ param, kind: 'invalid', expected });
  if (/\p{Cc}/u.test(text)) return invalid('text', 'the text of the watermark must be one line');
  return fontNames.includes(type) ? undefined : invalid('type', `type must be one of ${fontNames.join(', ')}`);
}

async function pagesOf(pdf: Pdf, copy: boolean, ctx: RunContext): Promise<readonly PreviewPage[]> {
  const lines = copy ? await textLayer(pdf, ctx) : [];
  let bytes = 0;
  const wanted = pdf.pages.map((_, i) => ({ page: i + 1 }));
  return drawEach(pdf, wanted, ctx, async (pixels, { page }) => {
    const shown = await forScreen(pixels);
    bytes += shown.picture.length;
    if (bytes > MAX_MIB * 1024 ** 2) throw refused(`The preview would be larger than ${MAX_MIB} MiB.`);
    const { width, height } = pixels;
    return { width, height, ...shown, lines: lines[page - 1] ?? [] };
  });
}

/** Text stays sharp, photographs stay small. */
async function forScreen({ width, height, rgb }: Pixels): Promise<Pick<PreviewPage, 'picture' | 'type'>> {
  const { default: sharp } = await import('sharp');
  const pixels = sharp(rgb, { raw: { width, height, channels: 3 } });
  if (Math.max(width, height) > MAX_WEBP_SIDE) {
    return { picture: await pixels.jpeg({ quality: LOSSY_QUALITY }).toBuffer(), type: 'image/jpeg' };
  }
  const lossless = await pixels.clone().webp({ lossless: true, effort: 0 }).toBuffer();
  const small = lossless.length <= MAX_LOSSLESS;
  const picture = small ? lossless : await pixels.webp({ quality: LOSSY_QUALITY, effort: 0 }).toBuffer();
  return { picture, type: 'image/webp' };
}
