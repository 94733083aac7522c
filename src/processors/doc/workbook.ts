/** Which sheet of a workbook each page of its PDF shows. */
import { SaxesParser } from 'saxes';
import type { Sheet } from './sheets.ts';

/** A page of a workbook's PDF. */
export interface SheetPage {
  /** Page of the PDF, from 1. */
  readonly page: number;
  /** Place of its sheet in the workbook, from 1; hidden and empty sheets count. */
  readonly sheet: number;
  /** Page within the sheet, from 1. */
  readonly subpage: number;
  readonly sheetName: string;
}

/**
 * Says which sheet each page shows. LibreOffice bookmarks the first page of every sheet that prints.
 * @param outline poppler's XML
 */
export function sheetPages(outline: string, sheets: readonly Sheet[], count: number): readonly SheetPage[] {
  const marks = bookmarks(outline);
  return Array.from({ length: count }, (_, i) => {
    const page = i + 1;
    const mark = marks.findLast((candidate) => candidate.page <= page);
    const sheet = sheets.findIndex((candidate) => sameTitle(candidate.name, mark?.title)) + 1;
    if (mark === undefined || sheet === 0) throw new Error(`page ${page} of the workbook belongs to no sheet`);
    return { page, sheet, subpage: page - mark.page + 1, sheetName: sheets[sheet - 1]?.name ?? '' };
  });
}

const sameTitle = (a: string, b = '') => a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();

function bookmarks(outline: string): readonly { page: number; title: string }[] {
  const marks: { page: number; title: string }[] = [];
  let open = false;
  const parser = new SaxesParser();
  // Titles are the user's; poppler copies whatever characters they have.
  parser.on('error', () => {});
  parser.on('opentag', ({ name, attributes }) => {
    open = name === 'item';
    if (open) marks.push({ page: Number(attributes.page), title: '' });
  });
  parser.on('text', (text) => {
    const last = marks.at(-1);
    if (open && last) last.title += text;
  });
  parser.on('closetag', () => {
    open = false;
  });
  const start = outline.indexOf('<outline>');
  if (start >= 0) parser.write(outline.slice(start, outline.lastIndexOf('</outline>') + '</outline>'.length)).close();
  return marks;
}
