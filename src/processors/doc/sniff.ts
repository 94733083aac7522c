/** What a source really is. A wrong name, a damaged file and a password are told here, before an engine starts. */
import { TaskFailure } from '../failure.ts';
import { type OleStream, oleStreams, type ZipEntry, zipEntries, zipText } from './containers.ts';
import { type Content, groupOf, type Kind } from './formats.ts';
import { decodeHtml, decodeText } from './text.ts';

/** A source an engine may read. */
export interface Recognised {
  readonly kind: Kind;
  readonly content: Content;
  /** What the engine is given: the source, made harmless where its format needs it. */
  readonly bytes: Buffer;
  /** What the result will lack, in sentences for the user. */
  readonly warnings: readonly string[];
}

/** Documents that unpack to more than this are taken for bombs. */
const MAX_UNPACKED = 1024 ** 3;
const MAX_MANIFEST = 4 * 1024 ** 2;

/**
 * Tells what a document is. Its name says the family, its bytes must belong to it (§1.1.1).
 * @param extension of the source or of `source_`, in any case, without dot
 * @throws TaskFailure UnsupportedSrcFile, OpenFileError
 */
export function recognise(bytes: Buffer, extension: string): Recognised {
  const group = groupOf(extension.toLowerCase());
  if (group === undefined) throw new TaskFailure('UnsupportedSrcFile', unknown(extension));
  const [only] = group.contents;
  if (only === 'text' || only === 'csv' || only === 'html') {
    const text = only === 'html' ? decodeHtml(bytes) : decodeText(bytes);
    if (text === undefined) throw refused(extension, group.called);
    return { kind: group.kind, content: only, bytes: Buffer.from(text), warnings: [] };
  }
  const content = contentOf(bytes);
  if (content === undefined || !group.contents.includes(content)) throw refused(extension, group.called);
  const { kind } = group;
  if (content === 'rtf') return { kind, content, bytes: withoutFields(bytes), warnings: [] };
  return { kind, content, bytes, warnings: hasVectorPictures(bytes) ? [VECTOR_PICTURES] : [] };
}

const VECTOR_PICTURES =
  'SVG and EPS pictures inside the document are not drawn, unless it carries them in another format as well.';

const hasVectorPictures = (bytes: Buffer) =>
  zipEntries(bytes)?.some(({ name }) => /\.(svgz?|eps)$/i.test(name)) ?? false;

const unknown = (extension: string) =>
  extension === ''
    ? 'The name of the source has no extension; add source_, such as source_docx.'
    : `Documents with the extension ${extension} cannot be converted.`;

const refused = (extension: string, called: string) =>
  new TaskFailure(
    'OpenFileError',
    `The source is not ${called}, as its extension ${extension} says, or it is damaged.`,
  );

const locked = () => new TaskFailure('OpenFileError', 'The document is protected by a password.');

/** @returns what the signature says, `undefined` for anything unknown or damaged; @throws TaskFailure when locked */
function contentOf(bytes: Buffer): Content | undefined {
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (bytes.subarray(0, 5).toString('latin1') === '{\\rtf') return 'rtf';
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
    const entries = zipEntries(bytes);
    return entries === undefined ? undefined : zipContent(bytes, entries);
  }
  const streams = oleStreams(bytes);
  return streams === undefined ? undefined : oleContent(streams);
}

function zipContent(bytes: Buffer, entries: readonly ZipEntry[]): Content | undefined {
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (unpacked > MAX_UNPACKED) throw new TaskFailure('OpenFileError', 'The document unpacks to more than 1 GiB.');
  const named = (name: string) => entries.find((entry) => entry.name === name);
  const has = (start: string) => entries.some((entry) => entry.name.startsWith(start));
  if (named('[Content_Types].xml')) {
    if (has('word/')) return 'docx';
    if (has('ppt/')) return 'pptx';
    if (has('xl/workbook.bin')) return 'xlsb';
    return has('xl/') ? 'xlsx' : undefined;
  }
  const mimetype = named('mimetype');
  const manifest = named('META-INF/manifest.xml');
  if (mimetype === undefined || manifest === undefined) return undefined;
  if (zipText(bytes, manifest, MAX_MANIFEST)?.includes('encryption-data')) throw locked();
  const types: Readonly<Record<string, Content>> = {
    'application/vnd.oasis.opendocument.text': 'odt',
    'application/vnd.oasis.opendocument.presentation': 'odp',
    'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  };
  return types[zipText(bytes, mimetype, 1024)?.trim() ?? ''];
}

function oleContent(streams: readonly OleStream[]): Content | undefined {
  const named = (name: string) => streams.find((stream) => stream.name === name);
  if (named('EncryptedPackage') || named('EncryptedSummary')) throw locked();
  const word = named('WordDocument');
  if (word) {
    // FibBase: bit 8 of the flags at offset 10.
    if (word.head.length > 12 && (word.head.readUInt16LE(10) & 0x0100) !== 0) throw locked();
    return 'doc';
  }
  if (named('PowerPoint Document')) return 'ppt';
  const book = named('Workbook');
  if (book && hasFilePass(book.head)) throw locked();
  return book ? 'xls' : undefined;
}

/** Whether a workbook begins with the record that announces encryption. */
function hasFilePass(head: Buffer): boolean {
  for (let at = 0; at + 4 <= head.length; at += 4 + head.readUInt16LE(at + 2)) {
    if (head.readUInt16LE(at) === 0x2f) return true;
  }
  return false;
}

/**
 * RTF fields may fetch a file (INCLUDEPICTURE), and LibreOffice does it past every setting. Under another name the
 * instruction is skipped, while the result that stands beside it is still shown.
 */
function withoutFields(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\\fldinst/gi, '\\fldxxxx'), 'latin1');
}
