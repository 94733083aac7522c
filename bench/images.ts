/** Pictures over HTTP against bare Koa and sharp in the same run: single resize, chain, watermark, kept results, a crowd. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { gif, png } from '../test/processors/image/vast.ts';
import { median, report } from './report.ts';
import { type Bench, bare, ossite } from './server.ts';

const SECONDS = 4;
const ROUNDS = 3;
const CONNECTIONS = 8;
const TEXT = 'Hello 图片服务!';

/** A 12-megapixel picture with detail everywhere: noise over gradients. */
async function photograph(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const ground = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
  const gradient =
    '<svg width="4000" height="3000"><linearGradient id="g"><stop stop-color="#236"/><stop offset="1" stop-color="#fc8"/></linearGradient><rect width="4000" height="3000" fill="url(#g)" opacity=".7"/></svg>';
  return sharp(ground)
    .composite([{ input: Buffer.from(gradient) }])
    .blur(1)
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** What is asked of both: a process string, and the bare server's name for the same work written by hand. */
const works = [
  ['resize,w_100', 'image/resize,w_100', 'resize?width=100', 0.9],
  ['resize,w_800', 'image/resize,w_800', 'resize?width=800', 0.9],
  ['resize, crop, sharpen', 'image/resize,w_800/crop,w_400,h_400,g_center/sharpen,100', 'chain?width=800', 0.91],
  [
    'resize, text watermark',
    `image/resize,w_800/watermark,text_${Buffer.from(TEXT).toString('base64url')},size_40,color_FFFFFF`,
    `watermark?width=800&text=${encodeURIComponent(TEXT)}`,
    0.91,
  ],
] as const;

const perSecond = async (url: string) =>
  (await autocannon({ url, connections: CONNECTIONS, duration: SECONDS })).requests.average;

/** Rates of two addresses, taken in turns. */
async function compare(what: string, ours: string, theirs: string, target: number): Promise<void> {
  for (const url of [ours, theirs]) await (await fetch(url)).arrayBuffer();
  const rates = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.ours.push(await perSecond(ours));
    rates.theirs.push(await perSecond(theirs));
  }
  report(what, median(rates.ours), median(rates.theirs), target);
}

export async function images(): Promise<void> {
  const bytes = await photograph();
  const dir = mkdtempSync(join(tmpdir(), 'bench-image-'));
  const file = join(dir, 'photo.jpg');
  writeFileSync(file, bytes);
  const servers = { fresh: await ossite('--result-cache', '0'), keeping: await ossite(), bare: await bare('images') };
  try {
    for (const { endpoint } of [servers.fresh, servers.keeping]) {
      await fetch(`${endpoint}/bench`, { method: 'PUT' });
      await fetch(`${endpoint}/bench/photo.jpg`, { method: 'PUT', body: new Uint8Array(bytes) });
    }
    const photo = (server: Bench, process: string) => `${server.endpoint}/bench/photo.jpg?x-oss-process=${process}`;
    for (const [what, process, byHand, target] of works) {
      const theirs = `${servers.bare.endpoint}/${byHand}&file=${encodeURIComponent(file)}`;
      await compare(`${what} of 12 megapixels, requests/s`, photo(servers.fresh, process), theirs, target);
    }
    const small = Buffer.from(await (await fetch(photo(servers.keeping, 'image/resize,w_800'))).arrayBuffer());
    await fetch(`${servers.keeping.endpoint}/bench/small.jpg`, { method: 'PUT', body: new Uint8Array(small) });
    const plain = `${servers.keeping.endpoint}/bench/small.jpg`;
    await compare(
      'kept result against a plain GET, requests/s',
      photo(servers.keeping, 'image/resize,w_800'),
      plain,
      0.8,
    );
    await refusals(servers.fresh);
    await crowd(servers.fresh, photo(servers.fresh, 'image/resize,w_800'));
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    rmSync(dir, { recursive: true });
  }
}

/** Sources beyond a limit are refused by their header. */
async function refusals({ endpoint }: Bench): Promise<void> {
  const vast = {
    'PNG 30,001 wide': png(30_001, 12, 8, 4),
    'PNG of 300 megapixels': png(20_000, 15_000, 1),
    'GIF of 500 frames': gif(600, 840, 500),
  };
  for (const [what, bytes] of Object.entries(vast)) {
    await fetch(`${endpoint}/bench/vast`, { method: 'PUT', body: new Uint8Array(bytes) });
    const times: number[] = [];
    for (let width = 1; width < 10; width += 1) {
      const began = performance.now();
      const { status } = await fetch(`${endpoint}/bench/vast?x-oss-process=image/resize,w_${width}`);
      if (status !== 400) throw new Error(`${what}: ${status}`);
      times.push(performance.now() - began);
    }
    console.log(
      `${what}: refused in ${median(times).toFixed(1)} ms (target 50) ${median(times) < 50 ? 'ok' : 'ABOVE TARGET'}`,
    );
  }
}

/** 200 at once: how much memory, and do they end in the order in which they came? */
async function crowd(server: Bench, url: string): Promise<void> {
  const agent = new Agent({ maxSockets: 200 });
  const ended: number[] = [];
  let peak = 0;
  const watch = setInterval(() => {
    const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
    peak = Math.max(peak, Number(rss) / 1024);
  }, 20);
  const one = (n: number) =>
    new Promise<void>((resolve, reject) => {
      get(url, { agent }, (res) => {
        if (res.statusCode !== 200) reject(new Error(String(res.statusCode)));
        res.resume().on('end', () => {
          ended.push(n);
          resolve();
        });
      }).on('error', reject);
    });
  await Promise.all(Array.from({ length: 200 }, (_, n) => one(n)));
  clearInterval(watch);
  agent.destroy();
  const late = Math.max(...ended.map((n, place) => Math.abs(n - place)));
  console.log(
    `200 resizes at once: ${peak.toFixed(0)} MB resident at most (target 1000), none more than ${late} places out of order`,
  );
}
