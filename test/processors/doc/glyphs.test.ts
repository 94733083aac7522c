/** Characters are drawn, and not the empty box of a font that lacks them: boxes look alike, characters do not. */
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { converted, freshBucket, get, put, saveas } from '../../helpers/ossite.ts';
import { poppler } from './sources.ts';

/** Draws characters, each a line of its own, and cuts them out. @returns their ink, fitted into squares of one size */
async function drawn(characters: readonly string[]): Promise<readonly Buffer[]> {
  const bucket = await freshBucket();
  const words = characters.map((character) => `<p>${character}</p>`).join('');
  const html = `<html><head><meta charset="utf-8"></head><body style="font-size: 40pt">${words}</body></html>`;
  await put(bucket, 'a.html', Buffer.from(html));
  for (const target of ['pdf', 'png']) {
    const task = await converted(bucket, 'a.html', `doc/convert,target_${target}${saveas('a.{autoext}')}`);
    expect(task.Status).toBe('Succeeded');
  }
  const boxes = poppler('pdftotext', (await get(bucket, 'a.pdf')).bytes, ['-bbox']).matchAll(
    /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"/g,
  );
  const page = (await get(bucket, 'a.png')).bytes;
  const squares = [...boxes].map(async ([, ...sides]) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = sides.map((points) => Math.round((Number(points) * 96) / 72));
    const cut = await sharp(page)
      .extract({ left, top, width: right - left, height: bottom - top })
      .png()
      .toBuffer();
    const ink = await sharp(cut).trim({ background: '#ffffff' }).png().toBuffer();
    return sharp(ink).greyscale().resize(24, 24, { fit: 'fill' }).raw().toBuffer();
  });
  const found = await Promise.all(squares);
  expect(found).toHaveLength(characters.length);
  return found;
}

/** Mean difference of two pictures, 0 to 255. */
const difference = (a: Buffer, b: Buffer) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;

/** The least by which two of the pictures differ. */
function closest(pictures: readonly Buffer[]): number {
  const pairs = pictures.flatMap((a, i) => pictures.slice(i + 1).map((b) => difference(a, b)));
  return Math.min(...pairs);
}

it('unknown characters look alike', async () => {
  expect(closest(await drawn(['\u{10ffea}', '\u{10ffeb}', '\u{10ffec}']))).toBeLessThan(8);
});

it.each([
  ['simplified Chinese', '汉语页报'],
  ['traditional Chinese', '漢語頁報'],
  ['Japanese', 'あゆかカヌ'],
  ['Korean', '한국글뷁'],
])('%s has glyphs of its own', async (_, characters) => {
  expect(closest(await drawn([...characters]))).toBeGreaterThan(16);
});

// DejaVu has some faces; the rest needs a font with outlines, such as Debian's fonts-symbola.
const hasEmoji = execFileSync('fc-list', [':charset=1f389:color=false', 'family']).length > 0;
it.runIf(hasEmoji)('emoji have glyphs of their own', async () => {
  expect(closest(await drawn([...'😀🎉🚀👍✅']))).toBeGreaterThan(16);
});
