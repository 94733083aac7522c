/**
 * A document as one HTML page that needs nothing else: a picture of every page, and over it the text, invisible but there
 * to be selected. Well-formed as XML too. It runs no script; whatever a document says is escaped on its way in.
 */
import { createHash } from 'node:crypto';
import type { Line } from './text-layer.ts';

export interface PreviewPage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly picture: Buffer;
  /** MIME type of the picture. */
  readonly type: string;
  readonly lines: readonly Line[];
}

/** A text all over every page. */
export interface Watermark {
  readonly text: string;
  /** Pixels. */
  readonly size: number;
  /** Opacity in per cent. */
  readonly t: number;
  /** Six hexadecimal digits. */
  readonly color: string;
  /** Degrees, clockwise. */
  readonly rotate: number;
  /** CSS font families. */
  readonly fonts: string;
}

export interface Preview {
  readonly title: string;
  readonly pages: readonly PreviewPage[];
  /** Whether its text may be selected; where not, the page does not hold it. */
  readonly copy: boolean;
  readonly print: boolean;
  /** The PDF to offer for download. */
  readonly pdf?: Buffer;
  readonly watermark?: Watermark | undefined;
}

const STYLE = `
body { margin: 0; background: #e6e8eb; color: #333; font: 14px sans-serif; }
header { position: sticky; top: 0; padding: 10px 16px; background: #fff; border-bottom: 1px solid #ccc; }
header a { margin-left: 16px; }
main { padding: 16px 0; }
svg.page { display: block; margin: 0 auto 16px; max-width: 100%; height: auto; background: #fff; box-shadow: 0 1px 4px #999; }
svg.page image, svg.page rect { pointer-events: none; }
svg.page text { fill: transparent; white-space: pre; cursor: text; }
`;
const NO_COPY = 'body { -webkit-user-select: none; user-select: none; }\n';
const PRINT = `@page { margin: 0; }
@media print {
  header { display: none; }
  main { padding: 0; }
  svg.page { margin: 0 auto; box-shadow: none; break-after: page; break-inside: avoid; }
}
`;
const NO_PRINT = '@media print { body { display: none; } }\n';

/** Space between two watermarks in pixels, side by side and one below the other: defaults of IMM's old preview (assumed). */
const GAP = { x: 50, y: 100 };

/** Writes the page. */
export function previewPage(preview: Preview): Buffer {
  const { title, pages, copy, print, pdf, watermark } = preview;
  const style = STYLE + (copy ? '' : NO_COPY) + (print ? PRINT : NO_PRINT);
  const allowed = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  const policy = `default-src 'none'; img-src data:; style-src ${allowed}; base-uri 'none'; form-action 'none'`;
  const download = pdf === undefined ? '' : exportLink(title, pdf);
  const parts = [
    `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${policy}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>${escaped(title)}, ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}${download}</header>
<main>
${watermark === undefined ? '' : patternOf(watermark)}`,
    ...pages.map((page, i) => pageOf(page, i + 1, copy, watermark !== undefined)),
    '</main>\n</body>\n</html>\n',
  ];
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function exportLink(title: string, pdf: Buffer): string {
  const name = `${title.replace(/\.[^.]*$/, '')}.pdf`;
  return ` <a download="${escaped(name)}" href="data:application/pdf;base64,${pdf.toString('base64')}">Export as PDF</a>`;
}

function pageOf({ width, height, picture, type, lines }: PreviewPage, number: number, copy: boolean, marked: boolean) {
  const image = `<image width="${width}" height="${height}" href="data:${type};base64,${picture.toString('base64')}"/>`;
  const texts = copy ? lines.map(textOf).join('\n') : '';
  const mark = marked ? '<rect width="100%" height="100%" fill="url(#watermark)"/>' : '';
  const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  // Text in a picture would be hidden from those who have pages read to them.
  const role = copy ? 'group' : 'img';
  return `<svg class="page" id="page-${number}" role="${role}" aria-label="Page ${number}" ${box}>
${image}
${texts}
${mark}
</svg>
`;
}

/** Parts of the height of a line's box: below its baseline, and the size of its font. */
const DESCENT = 0.22;
const FONT_SIZE = 0.77;
const rounded = (pixels: number) => Math.round(pixels * 10) / 10;

function textOf({ text, left, top, width, height }: Line): string {
  const baseline = top + height * (1 - DESCENT);
  const place = `x="${rounded(left)}" y="${rounded(baseline)}" font-size="${rounded(height * FONT_SIZE)}"`;
  // The font is not the document's: the text is stretched to the length it has there.
  return `<text ${place} textLength="${rounded(width)}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}

function patternOf({ text, size, t, color, rotate, fonts }: Watermark): string {
  // No font is narrower than this allows for: Chinese is square, Latin letters are at most three quarters of that wide.
  const em = [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 1 : 0.75), 0);
  const [width, height] = [Math.ceil(em * size) + GAP.x, size + GAP.y];
  const turned = `patternUnits="userSpaceOnUse" patternTransform="rotate(${rotate})"`;
  const look = `font-size="${size}" font-family="${escaped(fonts)}" fill="#${color}" fill-opacity="${t / 100}"`;
  return `<svg width="0" height="0" aria-hidden="true"><defs><pattern id="watermark" width="${width}" height="${height}" ${turned}><text x="0" y="${size}" ${look}>${escaped(text)}</text></pattern></defs></svg>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML and XML carry it; characters neither may hold become U+FFFD. */
const escaped = (text: string) =>
  text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD').replace(/[&<>"']/g, (found) => ENTITIES[found] ?? '');
