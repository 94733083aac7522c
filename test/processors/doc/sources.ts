/** Documents that tests make byte by byte: small, hostile or broken ones. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** A ZIP file of stored entries. */
export function zip(entries: Readonly<Record<string, string | Buffer>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const data = Buffer.from(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    local.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), data);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** A relationship of a part: `[type, target]`, external unless the target is a part. */
export type Relation = readonly [type: string, target: string];

function relations(list: readonly Relation[]): string {
  const external = (target: string) => (/^\w+:/.test(target) ? ' TargetMode="External"' : '');
  const items = list.map(
    ([type, target], i) =>
      `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"${external(target)}/>`,
  );
  return `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

const contentTypes = (part: string, type: string) =>
  `<?xml version="1.0"?><Types xmlns="${PACKAGE}/content-types">` +
  '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
  '<Default Extension="xml" ContentType="application/xml"/><Default Extension="svg" ContentType="image/svg+xml"/>' +
  `<Default Extension="rtf" ContentType="application/rtf"/><Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}.main+xml"/></Types>`;

/** A docx with this body, whose `rId1…` are the relations. */
export function docx(
  body: string,
  list: readonly Relation[] = [],
  parts: Readonly<Record<string, string>> = {},
): Buffer {
  return zip({
    '[Content_Types].xml': contentTypes('word/document.xml', 'wordprocessingml.document'),
    '_rels/.rels': relations([['officeDocument', 'word/document.xml']]),
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body><w:p><w:r><w:t>Here is a document.</w:t></w:r></w:p>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': relations(list),
    ...parts,
  });
}

/** A docx picture; `link` fetches it, `embed` finds it in the package. */
export const docxPicture = (how: 'link' | 'embed', id: string): string =>
  `<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="1800000" cy="1800000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:${how}="${id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="1800000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;

const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

export interface SheetSpec {
  readonly name: string;
  readonly state?: 'hidden';
  /** Cells of column A: text, or a formula that begins with `=`. */
  readonly cells: readonly string[];
}

/** An xlsx with these sheets. */
export function xlsx(sheets: readonly SheetSpec[]): Buffer {
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  const cell = (text: string, i: number) =>
    text.startsWith('=')
      ? `<row r="${i + 1}"><c r="A${i + 1}"><f>${escaped(text.slice(1))}</f></c></row>`
      : `<row r="${i + 1}"><c r="A${i + 1}" t="inlineStr"><is><t>${escaped(text)}</t></is></c></row>`;
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"${state ? ` state="${state}"` : ''}/>`,
  );
  const parts = sheets.map(({ cells }, i) => [
    `xl/worksheets/sheet${i + 1}.xml`,
    `<?xml version="1.0"?><worksheet xmlns="${SHEET}"><sheetData>${cells.map(cell).join('')}</sheetData></worksheet>`,
  ]);
  return zip({
    '[Content_Types].xml': contentTypes('xl/workbook.xml', 'spreadsheetml.sheet'),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets>${list.join('')}</sheets><calcPr fullCalcOnLoad="1"/></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(sheets.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`])),
    ...Object.fromEntries(parts),
  });
}

const ODF_NAMESPACES =
  ['office', 'text', 'table', 'presentation', 'manifest']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ') +
  ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"';

/** An OpenDocument file. `manifest` goes into the entry of content.xml. */
export function odf(type: 'text' | 'presentation', body: string, manifest = ''): Buffer {
  const mime = `application/vnd.oasis.opendocument.${type}`;
  return zip({
    mimetype: mime,
    'META-INF/manifest.xml': `<?xml version="1.0"?><manifest:manifest ${ODF_NAMESPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="${mime}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">${manifest}</manifest:file-entry></manifest:manifest>`,
    'content.xml': `<?xml version="1.0"?><office:document-content ${ODF_NAMESPACES} office:version="1.3"><office:body>${body}</office:body></office:document-content>`,
  });
}

/**
 * The directory of an OLE2 file and little else: what is left to see of an encrypted document.
 * @param head the first bytes of every stream
 */
export function ole(streams: readonly string[], head = Buffer.alloc(0)): Buffer {
  const file = Buffer.alloc(512 * 4);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 44);
  file.writeUInt32LE(1, 48);
  file.fill(0xff, 76, 512);
  file.writeUInt32LE(0, 76);
  file.fill(0xff, 512, 1024);
  file.writeUInt32LE(0xfffffffd, 512);
  file.writeUInt32LE(0xfffffffe, 516);
  for (const [i, name] of ['Root Entry', ...streams].entries()) {
    const at = 1024 + i * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE((name.length + 1) * 2, at + 64);
    file.writeUInt32LE(2, at + 116);
    file.writeUInt32LE(4096, at + 120);
  }
  head.copy(file, 1536);
  return file;
}

/** The pixels of a picture, three bytes each. */
export const rgb = (picture: Buffer): Promise<Buffer> => sharp(picture).removeAlpha().raw().toBuffer();

/** Runs a poppler program on the bytes of a PDF. */
export function poppler(program: 'pdfinfo' | 'pdftotext', pdf: Buffer, args: readonly string[] = []): string {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-test-'));
  try {
    const file = join(dir, 'a.pdf');
    writeFileSync(file, pdf);
    const output = program === 'pdftotext' ? [...args, file, '-'] : [...args, file];
    return execFileSync(program, output, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A PDF of one empty page, written by hand. */
export function tinyPdf({ size = '595 842', locked = false } = {}): Buffer {
  const lock = locked
    ? `4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<${'00'.repeat(32)}>/U<${'00'.repeat(32)}>>>endobj\n`
    : '';
  const trailer = locked ? '/Encrypt 4 0 R/ID[<00><00>]' : '';
  return Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${size}]>>endobj
${lock}trailer<</Root 1 0 R${trailer}>>
%%EOF
`);
}

/** A PDF of one page with a line of Latin text, written by hand. `text` may hold the escapes of PDF strings. */
export function textPdf(text: string): Buffer {
  const stream = `BT /F 20 Tf 20 50 Td (${text}) Tj ET`;
  return Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length ${stream.length}>>stream
${stream}
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
`);
}
