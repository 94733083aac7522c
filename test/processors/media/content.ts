/** What is seen and heard in an output, moment by moment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { written } from './sources.ts';

const exec = promisify(execFile);

async function decoded(bytes: Buffer, args: readonly string[]): Promise<Buffer> {
  const file = await written(bytes);
  const command = ['-nostdin', '-v', 'error', '-i', file, ...args, '-'];
  const { stdout } = await exec('ffmpeg', command, { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

const COLORS = {
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  white: [255, 255, 255],
  black: [0, 0, 0],
} as const;

/** The mean colour of each frame, as the nearest of ffmpeg's names. */
export async function colours(bytes: Buffer): Promise<readonly string[]> {
  const args = ['-an', '-vf', 'scale=1:1:flags=area', '-vsync', '0', '-pix_fmt', 'rgb24', '-f', 'rawvideo'];
  const pixels = await decoded(bytes, args);
  return Array.from({ length: pixels.length / 3 }, (_, i) => nameOf([...pixels.subarray(i * 3, i * 3 + 3)]));
}

function nameOf(pixel: readonly number[]): string {
  const far = (color: readonly number[]) => color.reduce((sum, value, i) => sum + (value - (pixel[i] ?? 0)) ** 2, 0);
  const [nearest] = Object.entries(COLORS).sort(([, a], [, b]) => far(a) - far(b));
  return nearest?.[0] ?? '';
}

/** Colours one after the other, with the number of frames each lasts: `red 25`. */
export function runs(names: readonly string[]): readonly string[] {
  const found: { name: string; frames: number }[] = [];
  for (const name of names) {
    const last = found.at(-1);
    if (last?.name === name) last.frames += 1;
    else found.push({ name, frames: 1 });
  }
  return found.map(({ name, frames }) => `${name} ${frames}`);
}

const RATE = 16_000;

async function samples(bytes: Buffer): Promise<Int16Array> {
  const pcm = await decoded(bytes, ['-vn', '-ac', '1', '-ar', String(RATE), '-f', 's16le']);
  return new Int16Array(pcm.buffer, pcm.byteOffset, Math.floor(pcm.length / 2));
}

/** The tone that is heard around each second, in Hz, by counting the zeros it crosses; 0 is silence. */
export async function tones(bytes: Buffer, at: readonly number[]): Promise<readonly number[]> {
  const all = await samples(bytes);
  return at.map((second) => {
    const part = all.subarray(Math.round((second - 0.1) * RATE), Math.round((second + 0.1) * RATE));
    if (part.every((value) => Math.abs(value) < 200)) return 0;
    const crossings = part.filter((value, i) => i > 0 && value >= 0 && (part[i - 1] ?? 0) < 0).length;
    return Math.round(crossings / 0.2 / 10) * 10;
  });
}

/** Where flashes and beeps begin, in seconds. @param rate frames per second */
export async function flashes(bytes: Buffer, rate: number) {
  const names = await colours(bytes);
  const seen = names.flatMap((name, i) => (name === 'white' && names[i - 1] !== 'white' ? [i / rate] : []));
  const all = await samples(bytes);
  const heard: number[] = [];
  let quiet = RATE;
  for (const [i, value] of all.entries()) {
    if (Math.abs(value) < 1000) quiet += 1;
    else {
      if (quiet > RATE / 4) heard.push(i / RATE);
      quiet = 0;
    }
  }
  return { seen, heard };
}

/** Packets of sound: what a file of AAC without a container tells of its length (media.md §23.3). */
export async function packets(bytes: Buffer): Promise<number> {
  const args = ['-v', 'error', '-count_packets', '-select_streams', 'a', '-show_entries', 'stream=nb_read_packets'];
  const { stdout } = await exec('ffprobe', [...args, '-of', 'csv=p=0', await written(bytes)]);
  return Number(stdout);
}
