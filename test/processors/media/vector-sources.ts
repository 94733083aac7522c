/** Sources, lengths and measures of the acceptance vectors (media.md §21.1). */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { converted, ensureBucket, freshBucket, get, put } from '../../helpers/ossite.ts';
import type { Seen } from './sources.ts';

export const exec = promisify(execFile);
export const SCALE = process.env.OSSITE_LONG === undefined ? 0.2 : 1;

/** Milliseconds of the specification, as this run writes them. */
export const ms = (value: number) => String(Math.round(value * SCALE));
export const seconds = (value: number) => value * SCALE;
export const frames = (value: number) => Math.round(value * SCALE * 10) / 10;

export const dir = mkdtempSync(join(tmpdir(), 'ossite-vectors-'));
afterAll(() => rmSync(dir, { recursive: true }));

const picture = (size: string, rate: number, length: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds(length)}`],
];
const tone = (rate: number, length: number) => ['-f', 'lavfi', '-i', `sine=440:r=${rate}:d=${seconds(length)}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const distance = String(frames(50));
const keyed = ['-g', distance, '-keyint_min', distance, '-sc_threshold', '0'];
/** testsrc2 looks the same again after 300 frames, but for a bar that wanders once through the picture. */
const bar = `color=white:s=160x720:r=25:d=${seconds(30)}`;
const m1 = [
  ...[...picture('1280x720', 25, 30), ...tone(44100, 30), '-f', 'lavfi', '-i', bar],
  ...['-filter_complex', `[0][2]overlay=x='n*(W-w)/${frames(750)}'[v]`, '-map', '[v]', '-map', '1'],
  ...[...h264, ...keyed, '-c:a', 'aac', '-ac', '2'],
];

/** media.md §21.1 */
const recipes = {
  'example.avi': [...picture('640x360', 25, 5), ...tone(44100, 5), '-c:v', 'mpeg4', '-c:a', 'libmp3lame', '-ac', '2'],
  'M1.mp4': m1,
  'example.mkv': m1,
  'P1.mp4': [...picture('1080x1920', 30, 4), ...h264],
  'H1.mp4': [...picture('1920x1080', 50, 4), ...tone(48000, 4), ...h264, '-c:a', 'aac', '-ac', '2'],
  'L1.mp4': [...picture('320x240', 15, 4), ...h264],
  'pre.mov': [...picture('640x360', 30, 20), ...h264],
  'sur.mov': m1,
  'ex90.mp3': [...tone(44100, 90), '-ac', '2', '-b:a', '128k'],
  'pre1.mp3': [...tone(44100, 3), '-ac', '2', '-write_xing', '1'],
  'pre2.wav': tone(48000, 5),
  'example.mp3': [...tone(44100, 6), '-ac', '2'],
  'sur1.aac': [...tone(44100, 20), '-c:a', 'aac'],
  'sur2.wma': [...tone(44100, 15), '-c:a', 'wmav2'],
} as const satisfies Record<string, readonly string[]>;
export type SourceName = keyof typeof recipes;

/** Where the sources are. */
export let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await ensureBucket('outbucket');
  for (const [name, recipe] of Object.entries(recipes)) {
    const file = join(dir, name);
    await exec('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...recipe, file]);
    await put(bucket, name, await readFile(file));
  }
});

/** What a request made: the task's outputs with their bytes. */
export async function made(source: SourceName, process: string) {
  const task = await converted(bucket, source, process);
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Code: '', Message: '' });
  return Promise.all(
    task.Outputs.map(async ({ Bucket, Key }) => {
      const { bytes, headers } = await get(Bucket, Key);
      return { Bucket, Key, bytes, type: headers['content-type'] };
    }),
  );
}

/** What an output must hold; `undefined`: no such stream. */
export type Holds = { readonly [K in keyof Seen]?: Seen[K] | undefined };

/** Durations within 0.1 s, frames within 2, everything else exactly (media.md §21). */
export function meets(seen: Seen, { seconds: length, frames: count, ...exact }: Holds): void {
  expect({ video: undefined, audio: undefined, ...seen }).toMatchObject(exact);
  if (length !== undefined) expect(Math.abs(seen.seconds - length), `${seen.seconds} s`).toBeLessThanOrEqual(0.1);
  if (count !== undefined) expect(Math.abs((seen.frames ?? 0) - count), `${seen.frames} frames`).toBeLessThanOrEqual(2);
}

/** Grey frames of a source in small, to tell which one a picture shows. */
const SMALL = { width: 160, height: 90 };
const greys = new Map<SourceName, Promise<Buffer>>();
function greyFrames(source: SourceName): Promise<Buffer> {
  const { width, height } = SMALL;
  const filter = `scale=${width}:${height},format=gray`;
  const args = ['-v', 'error', '-i', join(dir, source), '-vf', filter, '-f', 'rawvideo', '-'];
  const known =
    greys.get(source) ??
    exec('ffmpeg', args, { encoding: 'buffer', maxBuffer: 256 * 1024 ** 2 }).then(({ stdout }) => stdout);
  greys.set(source, known);
  return known;
}

/** The number of the frame that looks most like the picture. */
export async function frameShown(bytes: Buffer, source: SourceName): Promise<number> {
  const all = await greyFrames(source);
  const shown = await sharp(bytes)
    .greyscale()
    .resize({ ...SMALL, fit: 'fill' })
    .raw()
    .toBuffer();
  const size = SMALL.width * SMALL.height;
  const distances = Array.from({ length: all.length / size }, (_, n) => {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += Math.abs((all[n * size + i] ?? 0) - (shown[i] ?? 0));
    return sum;
  });
  return distances.indexOf(Math.min(...distances));
}
