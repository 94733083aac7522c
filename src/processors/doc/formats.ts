/** The source formats of doc/convert: what an extension promises, and how LibreOffice is told to read it (§1.1.1). */
import { extname } from 'node:path/posix';
import type { Param } from '../params.ts';

/** What a document is made of, as its bytes tell. */
export type Content =
  | 'docx'
  | 'pptx'
  | 'xlsx'
  | 'xlsb'
  | 'doc'
  | 'ppt'
  | 'xls'
  | 'odt'
  | 'odp'
  | 'ods'
  | 'rtf'
  | 'html'
  | 'text'
  | 'csv'
  | 'pdf';

/** How a document is cut into pieces: pages, slides, or the pages of sheets. */
export type Kind = 'text' | 'slides' | 'workbook' | 'pdf';

interface Group {
  readonly kind: Kind;
  readonly extensions: readonly string[];
  /** What may be inside. Text families have one: they are told by their name alone. */
  readonly contents: readonly Content[];
  /** Completes "is not …". */
  readonly called: string;
}

const words = (text: string) => text.split(' ');

/** odt, odp, ods are this emulator's addition. */
const GROUPS: readonly Group[] = [
  {
    kind: 'text',
    extensions: words('doc docx wps wpss docm dotm dot dotx wpt rtf odt'),
    contents: ['docx', 'doc', 'rtf', 'odt'],
    called: 'a text document',
  },
  { kind: 'text', extensions: words('html htm'), contents: ['html'], called: 'an HTML page' },
  {
    kind: 'text',
    extensions: words('txt log lrc c cpp h asm s java asp bat bas prg cmd xml'),
    contents: ['text'],
    called: 'a plain text',
  },
  {
    kind: 'slides',
    extensions: words('pptx ppt pot potx pps ppsx dps dpt pptm potm ppsm dpss odp'),
    contents: ['pptx', 'ppt', 'odp'],
    called: 'a presentation',
  },
  {
    kind: 'workbook',
    extensions: words('xls xlt et ett xlsx xltx xlsb xlsm xltm ets ods'),
    contents: ['xlsx', 'xlsb', 'xls', 'ods'],
    called: 'a workbook',
  },
  { kind: 'workbook', extensions: ['csv'], contents: ['csv'], called: 'a CSV text' },
  { kind: 'pdf', extensions: ['pdf'], contents: ['pdf'], called: 'a PDF' },
];

/** Every extension `source` may name. */
export const sourceExtensions: readonly string[] = GROUPS.flatMap((group) => group.extensions);

/** What a key says its object is: its extension, lower case, without dot. */
export const extensionOf = (key: string): string => extname(key).slice(1).toLowerCase();

/** Extensions in any case (assumed; §1.1.1). */
export function anyCase<T>(param: Param<T>): Param<T> {
  return { ...param, parse: (raw) => param.parse(raw.toLowerCase()) };
}

/** @param extension lower case, without dot */
export function groupOf(extension: string): Group | undefined {
  return GROUPS.find((group) => group.extensions.includes(extension));
}

/** LibreOffice's import filter for each content; naming it keeps LibreOffice from guessing (anything is text to it). */
export const importFilters: Readonly<Record<Exclude<Content, 'pdf'>, string>> = {
  docx: 'MS Word 2007 XML',
  pptx: 'Impress MS PowerPoint 2007 XML',
  xlsx: 'Calc MS Excel 2007 XML',
  xlsb: 'Calc MS Excel 2007 Binary',
  doc: 'MS Word 97',
  ppt: 'MS PowerPoint 97',
  xls: 'MS Excel 97',
  odt: 'writer8',
  odp: 'impress8',
  ods: 'calc8',
  rtf: 'Rich Text Format',
  html: 'HTML (StarWriter)',
  text: 'Text (encoded):UTF8',
  // comma, double quote, UTF-8, from the first line
  csv: 'Text - txt - csv (StarCalc):44,34,76,1',
};
