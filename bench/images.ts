/** GET image/resize,w_100 of a 12-megapixel JPEG over HTTP, against bare Koa and sharp in the same run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { median, report } from './report.ts';
import { bare, ossite } from './server.ts';

const SECONDS = 6;
const ROUNDS = 3;
const CONNECTIONS = 8;

/** A 12-megapixel picture with detail everywhere: noise over gradients. */
async function photograph(): Promise<Buffer> {
  const noise = await sharp({
    create: {
      width: 4000,
      height: 3000,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .png()
    .toBuffer();
  const gradient =
    '<svg width="4000" height="3000"><linearGradient id="g"><stop stop-color="#236"/><stop offset="1" stop-color="#fc8"/></linearGradient><rect width="4000" height="3000" fill="url(#g)" opacity=".7"/></svg>';
  return sharp(noise)
    .composite([{ input: Buffer.from(gradient) }])
    .blur(1)
    .jpeg({ quality: 85 })
    .toBuffer();
}

const perSecond = async (url: string) =>
  (await autocannon({ url, connections: CONNECTIONS, duration: SECONDS })).requests.average;

export async function images(): Promise<void> {
  const bytes = await photograph();
  const dir = mkdtempSync(join(tmpdir(), 'bench-image-'));
  const file = join(dir, 'photo.jpg');
  writeFileSync(file, bytes);
  const [ours, theirs] = [await ossite(), await bare('images')];
  try {
    await fetch(`${ours.endpoint}/bench`, { method: 'PUT' });
    await fetch(`${ours.endpoint}/bench/photo.jpg`, { method: 'PUT', body: new Uint8Array(bytes) });
    for (const width of [100, 800]) {
      const urls = {
        ossite: `${ours.endpoint}/bench/photo.jpg?x-oss-process=image/resize,w_${width}`,
        bare: `${theirs.endpoint}/${width}?file=${encodeURIComponent(file)}`,
      };
      for (const url of Object.values(urls)) await (await fetch(url)).arrayBuffer();
      const rounds = { ossite: [] as number[], bare: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.ossite.push(await perSecond(urls.ossite));
        rounds.bare.push(await perSecond(urls.bare));
      }
      report(`GET image/resize,w_${width}, 12 megapixels, requests/s`, median(rounds.ossite), median(rounds.bare), 0.9);
    }
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
    rmSync(dir, { recursive: true });
  }
}
