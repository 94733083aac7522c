/**
 * One picture of every image operation: each documented example on the photograph, through the running server.
 * `npx tsx scripts/contact-sheet.ts` writes docs/images/actions.png.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { loadRegistry } from '../src/processors/registry.ts';
import { startOssite } from '../src/server/index.ts';

const COLUMNS = 4;
const CELL = { width: 300, height: 236, picture: 190 };
const target = new URL('../docs/images/actions.png', import.meta.url);

const examples = (await loadRegistry())
  .describe()
  .filter(({ family, fidelity }) => family === 'image' && fidelity !== 'refused')
  .flatMap(({ examples }) => examples)
  .filter(({ of }) => of === 'photo.jpg');

const ossite = await startOssite({ port: 0, storage: 'memory', demo: true });

/** Long process strings are cut: the docs have them whole. */
const label = (process: string) => {
  const text = process.replace('image/', '');
  return (text.length > 40 ? `${text.slice(0, 39)}…` : text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
};

async function cell(process: string): Promise<Buffer> {
  const answer = await fetch(`${ossite.endpoint}/demo/photo.jpg?x-oss-process=${encodeURIComponent(process)}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isPicture = answer.headers.get('content-type')?.startsWith('image/') ?? false;
  const size = { width: CELL.width - 20, height: CELL.picture };
  const shown = isPicture
    ? await sharp(bytes)
        .resize({ ...size, fit: 'inside', withoutEnlargement: true })
        .png()
        .toBuffer()
    : await words(bytes.toString());
  const { width = 0, height = 0 } = await sharp(shown).metadata();
  const text = await sharp({
    text: { text: label(process), font: 'Liberation Mono 12', dpi: 72, rgba: true, width: CELL.width - 20 },
  })
    .png()
    .toBuffer();
  return sharp({ create: { width: CELL.width, height: CELL.height, channels: 3, background: '#e8ebee' } })
    .composite([
      { input: shown, left: Math.floor((CELL.width - width) / 2), top: 10 + Math.floor((CELL.picture - height) / 2) },
      { input: text, left: 12, top: CELL.picture + 20 },
    ])
    .png()
    .toBuffer();
}

/** What gives information instead of a picture is shown as its text. */
const words = (text: string) =>
  sharp({
    text: {
      text: text.replaceAll('<', '&lt;'),
      font: 'Liberation Mono 10',
      dpi: 72,
      rgba: true,
      width: CELL.width - 24,
      wrap: 'char',
    },
  })
    .png()
    .toBuffer();

const cells = await Promise.all(examples.map(({ process }) => cell(process)));
await ossite.close();
const rows = Math.ceil(cells.length / COLUMNS);
const sheet = await sharp({
  create: { width: COLUMNS * CELL.width, height: rows * CELL.height, channels: 3, background: '#e8ebee' },
})
  .composite(
    cells.map((input, i) => ({ input, left: (i % COLUMNS) * CELL.width, top: Math.floor(i / COLUMNS) * CELL.height })),
  )
  .png({ palette: true, quality: 90, compressionLevel: 9 })
  .toBuffer();
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, sheet);
process.stdout.write(`${fileURLToPath(target)}: ${examples.length} examples, ${Math.round(sheet.length / 1024)} KB\n`);
