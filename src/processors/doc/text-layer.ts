/** Where the text of a PDF stands, line by line, so that it can be laid invisibly over the pages' pictures. */
import { SaxesParser } from 'saxes';

/** A line of text and the box it fills, in pixels from the upper left corner of its page. */
export interface Line {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads what `pdftotext -bbox-layout` tells.
 * @param scale pixels of a point
 * @returns the lines of every page, in reading order
 */
export function readLines(layout: string, scale: number): readonly (readonly Line[])[] {
  const pages: Line[][] = [];
  let line: Line | undefined;
  let inWord = false;
  const parser = new SaxesParser();
  // Texts are the document's; poppler copies whatever characters they have.
  parser.on('error', () => {});
  parser.on('opentag', ({ name, attributes }) => {
    const at = (key: string) => Number(attributes[key]) * scale;
    if (name === 'page') pages.push([]);
    else if (name === 'line') {
      const [left, top] = [at('xMin'), at('yMin')];
      line = { text: '', left, top, width: at('xMax') - left, height: at('yMax') - top };
    }
    inWord = name === 'word';
  });
  parser.on('text', (text) => {
    if (inWord && line !== undefined) line = { ...line, text: line.text === '' ? text : `${line.text} ${text}` };
  });
  parser.on('closetag', ({ name }) => {
    inWord = false;
    if (name !== 'line' || line === undefined) return;
    pages.at(-1)?.push(line);
    line = undefined;
  });
  const start = layout.indexOf('<doc>');
  if (start >= 0) parser.write(layout.slice(start)).close();
  return pages;
}
