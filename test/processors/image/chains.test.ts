/**
 * Actions share one sharp pipeline where slots.ts says so. Random chains, made both ways, must look alike: sharing by the
 * rule, and never sharing, which is right by construction.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import family from '../../../src/processors/image/family.ts';
import { type Picture, settle } from '../../../src/processors/image/picture.ts';
import type { Operation, RunContext } from '../../../src/processors/operation.ts';
import { type Call, plan } from '../../../src/processors/plan.ts';
import { loadRegistry, type Registry } from '../../../src/processors/registry.ts';
import { photograph, seeded } from './pictures.ts';

const CHAINS = Number(process.env.OSSITE_CHAINS ?? 60);
const TOLERANCE = 4;

let dir: string;
let registry: Registry;
let sources: readonly string[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ossite-chains-'));
  registry = await loadRegistry();
  const plain = await photograph(420, 300);
  const alpha = await sharp(plain)
    .composite([
      {
        input: Buffer.from('<svg width="420" height="300"><circle cx="210" cy="150" r="160"/></svg>'),
        blend: 'dest-in',
      },
    ])
    .png()
    .toBuffer();
  const made = { 'plain.jpg': plain, 'alpha.png': alpha, 'plain.png': await sharp(plain).png().toBuffer() };
  for (const [name, bytes] of Object.entries(made)) await writeFile(join(dir, name), bytes);
  await sharp(alpha).resize(160).toFile(join(dir, 'small.png'));
  await sharp(plain).resize(160).toFile(join(dir, 'small.jpg'));
  sources = Object.keys(made).map((name) => join(dir, name));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

const context = {
  signal: new AbortController().signal,
  temp: (ext: string) => join(dir, `${randomBytes(6).toString('hex')}.${ext}`),
  engines: { settings: { limitRule: 'area-or-k' } },
} as RunContext;

type Random = (below: number) => number;

/** One action a line; numbers are drawn anew each time. */
const actions: readonly ((n: Random) => string)[] = [
  (n) => `resize,w_${80 + n(300)}`,
  (n) => `resize,m_fixed,limit_0,w_${50 + n(500)},h_${50 + n(400)}`,
  (n) => `resize,m_fill,w_${50 + n(150)},h_${50 + n(150)}`,
  (n) => `resize,m_pad,color_336699,w_${50 + n(150)},h_${50 + n(150)}`,
  (n) => `crop,g_center,w_${60 + n(300)},h_${60 + n(200)}`,
  (n) => `crop,x_${n(20)},y_${n(20)}`,
  (n) => `rotate,${90 * (1 + n(3))}`,
  (n) => `rotate,${1 + n(89)}`,
  (n) => `flip,${n(3)}`,
  (n) => `blur,r_${1 + n(6)},s_${1 + n(4)}`,
  (n) => `sharpen,${50 + n(200)}`,
  (n) => `bright,${n(120) - 60}`,
  (n) => `contrast,${n(120) - 60}`,
  (n) => `rounded-corners,r_${1 + n(40)}`,
  (n) => `circle,r_${20 + n(80)}`,
  (n) => `watermark,text_5Zu-54mH,size_${10 + n(40)},t_${30 + n(70)},g_center,color_FF6A00`,
];

async function made(source: string, calls: readonly Call[], always: boolean) {
  let picture = (await family.open({ file: source, name: source, contentType: '' }, context)) as Picture;
  let settled = 0;
  for (const { operation, params } of calls) {
    const run = (operation as Operation<Picture>).run;
    const next = (await run({ input: picture, params, clauses: [], ctx: context })) as Picture;
    settled += next.source === picture.source ? 0 : 1;
    picture = always ? await settle(next) : next;
  }
  return { settled, ...(await settle(picture)) };
}

/** Makes a chain both ways and compares. @returns how often the rule settled */
async function compare(source: string, chain: readonly string[]): Promise<number> {
  const text = `image/${chain.join('/')}`;
  const [step] = plan(text, 'get', { registry, style: () => undefined, strict: false }).steps;
  const fused = await made(source, step?.calls ?? [], false);
  const apart = await made(source, step?.calls ?? [], true);
  expect(fused.facts, text).toEqual(apart.facts);
  expect(furthest(fused, apart), `${source} ${text}`).toBeLessThanOrEqual(TOLERANCE);
  return fused.settled;
}

test(`${CHAINS} random chains come out alike, fused and not`, { timeout: 60_000 + 200 * CHAINS }, async () => {
  const n = seeded(20261122);
  let [written, settled] = [0, 0];
  for (let i = 0; i < CHAINS; i++) {
    const chain = Array.from({ length: 2 + n(5) }, () => actions[n(actions.length)]?.(n) ?? '');
    settled += await compare(sources[i % sources.length] ?? '', chain);
    written += chain.length;
  }
  // The rule is worth something only while it keeps many actions together.
  expect(settled).toBeLessThan(written * 0.7);
});

test('every action may follow every other', { timeout: 120_000 }, async () => {
  const n = seeded(1);
  for (const source of ['small.png', 'small.jpg'])
    for (const first of [...actions, () => 'flip,1'])
      for (const second of actions) await compare(join(dir, source), [first(n), second(n)]);
});

function pixelsOf({ source }: Picture): Buffer {
  if (source.kind !== 'raw') throw new Error('the picture is not settled');
  return source.bytes;
}

/** The largest difference of a channel; colours count as much as they are seen. */
function furthest(a: Picture, b: Picture): number {
  const [left, right] = [pixelsOf(a), pixelsOf(b)];
  expect(left.length).toBe(right.length);
  const channels = a.facts.alpha ? 4 : 3;
  let worst = 0;
  for (let i = 0; i < left.length; i++) {
    const alpha = i - (i % channels) + 3;
    const seen = channels === 3 || i === alpha ? 1 : Math.max(left[alpha] ?? 0, right[alpha] ?? 0) / 255;
    worst = Math.max(worst, Math.abs((left[i] ?? 0) - (right[i] ?? 0)) * seen);
  }
  return worst;
}
