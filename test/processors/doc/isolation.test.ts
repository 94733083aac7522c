/** No document reaches another file or the network, whatever it mentions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { converted, freshBucket, get, processed, put, saveas } from '../../helpers/ossite.ts';
import { docx, docxPicture, odf, type Relation, xlsx } from './sources.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-secret-'));
const requests: string[] = [];
let server: Server;
let bucket: string;
/** A red picture and a text on this machine, and an address that is listened to. */
let file: string;
let web: string;

beforeAll(async () => {
  bucket = await freshBucket();
  const red = { width: 200, height: 200, channels: 3, background: '#ff0000' } as const;
  await sharp({ create: red }).png().toFile(join(dir, 'secret.png'));
  writeFileSync(join(dir, 'secret.txt'), 'TOP SECRET\n');
  writeFileSync(join(dir, 'secret.html'), '<p>TOP SECRET</p>');
  writeFileSync(join(dir, 'secret.csv'), 'TOP SECRET\n');
  server = createServer((req, res) => {
    requests.push(`${req.method} ${req.url}`);
    res.end('TOP SECRET');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  file = `file://${dir}`;
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

const rtf = () =>
  `{\\rtf1\\ansi{\\*\\template ${web}/t.dot}Here is a document.\\par{\\field{\\*\\fldinst INCLUDEPICTURE "${file}/secret.png" \\\\d}{\\fldrslt old}}` +
  `{\\field{\\*\\fldinst INCLUDETEXT "${dir}/secret.txt"}{\\fldrslt old}}\\par}`;

const html = () =>
  `<html><head><link rel="stylesheet" href="${web}/a.css"><base href="${file}/"></head><body background="${web}/b.png">` +
  `<p>Here is a document.</p><img src="${file}/secret.png"><img src="secret.png"><img src="${dir}/secret.png"><img src="${web}/c.png">` +
  `<iframe src="${file}/secret.html"></iframe><object data="${file}/secret.html"></object><embed src="${web}/d.html">` +
  `<table background="${file}/secret.png"><tr><td>cell</td></tr></table><div style="background-image:url(${file}/secret.png)">bg</div></body></html>`;

const svg = () =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="200"><image width="200" height="200" xlink:href="${file}/secret.png"/></svg>`;

const docxLinks = (): readonly Relation[] => [
  ['image', `${file}/secret.png`],
  ['image', `${web}/e.png`],
  ['aFChunk', `${file}/secret.html`],
  ['attachedTemplate', `${web}/f.dotm`],
  ['image', 'media/a.svg'],
  ['aFChunk', 'chunk.rtf'],
];

const field = (code: string) => `<w:p><w:fldSimple w:instr=" ${code} "><w:r><w:t>old</w:t></w:r></w:fldSimple></w:p>`;

const wordFile = () =>
  docx(
    docxPicture('link', 'rId1') +
      docxPicture('link', 'rId2') +
      docxPicture('embed', 'rId5') +
      field(`INCLUDETEXT ${dir}/secret.txt`) +
      field(`INCLUDEPICTURE ${file}/secret.png`) +
      '<w:altChunk r:id="rId3"/><w:altChunk r:id="rId6"/>',
    docxLinks(),
    { 'word/media/a.svg': svg(), 'word/chunk.rtf': rtf() },
  );

const formulas = () => [
  'Here is a document.',
  `=_xlfn.WEBSERVICE("${web}/g")`,
  `=_xlfn.WEBSERVICE("${file}/secret.txt")`,
  `='${file}/secret.csv'#$secret.A1`,
  `=INDIRECT("'${file}/secret.csv'#$secret.A1")`,
  `=DDE("soffice","${dir}/secret.csv","A1")`,
];

const frame = (content: string) => `<draw:frame svg:width="5cm" svg:height="5cm">${content}</draw:frame>`;
const image = (href: string) => frame(`<draw:image xlink:href="${href}" xlink:type="simple" xlink:actuate="onLoad"/>`);

const slides = () =>
  odf(
    'presentation',
    `<office:presentation><draw:page draw:name="a">${frame('<draw:text-box><text:p>Here is a document.</text:p></draw:text-box>')}` +
      [
        `${file}/secret.png`,
        `${web}/h.png`,
        `../..${dir}/secret.png`,
        `file:///usr/lib/libreoffice/../../..${dir}/secret.png`,
      ]
        .map(image)
        .join('') +
      `${frame(`<draw:object xlink:href="${file}/secret.html"/>`)}</draw:page></office:presentation>`,
  );

const text = () =>
  odf(
    'text',
    `<office:text><text:p>Here is a document.</text:p><text:p>${image(`${file}/secret.png`)}</text:p>` +
      `<text:section text:name="a"><text:section-source xlink:href="${file}/secret.txt"/><text:p>old</text:p></text:section>` +
      `<text:section text:name="b"><text:section-source xlink:href="${web}/i.html"/><text:p>old</text:p></text:section></office:text>`,
  );

const cases: readonly (readonly [key: string, make: () => Buffer])[] = [
  ['a.docx', wordFile],
  ['a.xlsx', () => xlsx([{ name: 'A', cells: formulas() }])],
  ['a.odp', slides],
  ['a.odt', text],
  ['a.html', () => Buffer.from(html())],
  ['a.rtf', () => Buffer.from(rtf())],
  [
    'a.csv',
    () => Buffer.from(`Here is a document.\n"=WEBSERVICE(""${web}/j"")"\n"='${file}/secret.csv'#$secret.A1"\n`),
  ],
];

/** Those that doc/preview takes; it works through the same door. */
const previewed = /\.(docx|xlsx|rtf|csv)$/;

/** How many pixels of a picture are as red as the secret one. */
async function redPixels(png: Buffer): Promise<number> {
  const { data } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 0; i + 2 < data.length; i += 3) {
    if (Number(data[i]) > 200 && Number(data[i + 1]) < 60 && Number(data[i + 2]) < 60) count += 1;
  }
  return count;
}

it.each(cases)('%s', async (key, make) => {
  await put(bucket, key, make());
  const drawn = await converted(bucket, key, `doc/convert,target_png${saveas('{ext}/{index}.png')}`);
  const read = await converted(bucket, key, `doc/convert,target_txt${saveas('{ext}.txt')}`);
  expect([drawn.Status, read.Status]).toEqual(['Succeeded', 'Succeeded']);
  if (key === 'a.docx') expect(drawn.Warnings.join()).toContain('SVG');
  for (const { Key } of drawn.Outputs) expect(await redPixels((await get(bucket, Key)).bytes)).toBe(0);
  if (previewed.test(key)) {
    const { status, text: page } = await processed(bucket, key, 'doc/preview,export_1');
    expect(status).toBe(200);
    expect(page).not.toContain('TOP SECRET');
  }
  const { text: words } = await get(bucket, read.Outputs[0]?.Key ?? '');
  expect(words).toMatch(/Here is a\s+document\./);
  expect(words).not.toContain('TOP SECRET');
  expect(requests).toEqual([]);
});
