/** The sheets of a workbook and what stands in them, from LibreOffice's flat OpenDocument. */
import { SaxesParser } from 'saxes';

/** A sheet, hidden ones included. */
export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Cells as shown, tabs between them, one line a row, no empty ones at the end; `undefined` beyond `MAX_TEXT`. */
  readonly text: string | undefined;
}

/** Characters of one sheet. Formats can say "this value a billion times". */
const MAX_TEXT = 64 * 1024 ** 2;
/** Empty rows and columns beyond this are formatting, not distance. */
const MAX_GAP = 10_000;
const CHUNK = 1024 ** 2;

/** Reads the sheets of a workbook that was converted to `fods`. */
export function readSheets(fods: Buffer): readonly Sheet[] {
  const reader = createReader();
  const decoder = new TextDecoder();
  for (let at = 0; at < fods.length; at += CHUNK) {
    reader.write(decoder.decode(fods.subarray(at, at + CHUNK), { stream: true }));
  }
  return reader.sheets();
}

interface Cell {
  readonly repeat: number;
  readonly paragraphs: string[];
}

function createReader(): { write(xml: string): void; sheets(): readonly Sheet[] } {
  const found: { name: string; hidden: boolean; grid: Grid }[] = [];
  const hiddenStyles = new Set<string>();
  const path: string[] = [];
  let style = '';
  let rowRepeat = 1;
  let cell: Cell | undefined;
  /** The text of the paragraph that is open, where it belongs to a cell and not to a note or a drawing. */
  let paragraph: string | undefined;

  const parser = new SaxesParser();
  // A cell may hold characters that XML does not allow; they are no reason to give up.
  parser.on('error', () => {});
  parser.on('opentag', ({ name, attributes }) => {
    const parent = path.at(-1);
    path.push(name);
    const attribute = (key: string) => attributes[key] ?? '';
    if (name === 'style:style') style = attribute('style:name');
    else if (name === 'style:table-properties' && attribute('table:display') === 'false') hiddenStyles.add(style);
    else if (name === 'table:table' && parent === 'office:spreadsheet') {
      const hidden = hiddenStyles.has(attribute('table:style-name'));
      found.push({ name: attribute('table:name'), hidden, grid: createGrid() });
    } else if (path.includes('draw:frame') || path.includes('table:shapes')) return;
    else if (name === 'table:table-row') rowRepeat = Number(attribute('table:number-rows-repeated') || 1);
    else if (isCell(name)) cell = { repeat: Number(attribute('table:number-columns-repeated') || 1), paragraphs: [] };
    else if (name === 'text:p' && isCell(parent)) paragraph = '';
    else if (name === 'text:s' && paragraph !== undefined) paragraph += ' ';
  });
  parser.on('text', (text) => {
    if (paragraph !== undefined) paragraph += text;
  });
  parser.on('closetag', ({ name }) => {
    path.pop();
    if (path.includes('draw:frame') || path.includes('table:shapes')) return;
    if (name === 'text:p' && isCell(path.at(-1)) && paragraph !== undefined) {
      cell?.paragraphs.push(paragraph);
      paragraph = undefined;
    } else if (isCell(name) && cell !== undefined) {
      found.at(-1)?.grid.cell(cell.paragraphs.join(' '), cell.repeat);
      cell = undefined;
    } else if (name === 'table:table-row') found.at(-1)?.grid.row(rowRepeat);
  });
  return {
    write: (xml) => void parser.write(xml),
    sheets: () => found.map(({ name, hidden, grid }) => ({ name, hidden, text: grid.text() })),
  };
}

const isCell = (name: string | undefined) => name === 'table:table-cell' || name === 'table:covered-table-cell';

interface Grid {
  cell(value: string, repeat: number): void;
  /** Ends a row. */
  row(repeat: number): void;
  text(): string | undefined;
}

/** Puts cells into lines. What is empty is only written when something follows it. */
function createGrid(): Grid {
  const lines: string[] = [];
  let size = 0;
  let emptyRows = 0;
  let line = '';
  let tabs = 0;
  const fits = (more: number) => {
    size += more;
    return size <= MAX_TEXT;
  };
  return {
    cell(value, repeat) {
      if (value === '') tabs += repeat;
      else if (fits((value.length + 1) * repeat + tabs)) {
        line += '\t'.repeat(Math.min(tabs, MAX_GAP)) + Array<string>(repeat).fill(value).join('\t');
        tabs = 1;
      }
    },
    row(repeat) {
      if (line === '') emptyRows += repeat;
      else if (fits((line.length + 1) * (repeat - 1))) {
        lines.push('\n'.repeat(Math.min(emptyRows, MAX_GAP)), `${line}\n`.repeat(repeat));
        emptyRows = 0;
      }
      line = '';
      tabs = 0;
    },
    text: () => (size <= MAX_TEXT ? lines.join('') : undefined),
  };
}
