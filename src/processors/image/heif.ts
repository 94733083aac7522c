/**
 * HEIC, which sharp's build neither decodes nor encodes: libheif's own programs do, by way of PNG files. Where they are
 * not installed, HEIC is a format that is not supported, as in the regions where OSS has none (image.md §10.7).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fail } from '../../store/errors.ts';
import { type Finished, findProgram, firstInstalled } from '../children.ts';
import type { RunContext } from '../operation.ts';
import { formatOf, unsupported } from './formats.ts';
import type { Size } from './geometry.ts';
import { damaged, headerOf, PATIENCE, tooSlow } from './sharp.ts';

/** The decoder's names, the newer one first. */
export const DECODERS = ['heif-dec', 'heif-convert'] as const;
export const ENCODER = 'heif-enc';

/** OSS has one quality for HEIC, which it does not tell (assumed); at this one photographs look as they did. */
const QUALITY = 60;

/** All pixels pass through a file, so fewer of them than of other sources are taken (assumed). */
const MAX_PIXELS = 4 * 4096 * 4096;

/** Memory the programs may ask for, in KiB: a file's pixels need not be as few as its header says. */
const MAX_MEMORY = 3 * 1024 * 1024;

/** Limits itself, then becomes the program. Where there is no such limit, as on macOS, it goes without. */
const LIMITED = `ulimit -v ${MAX_MEMORY} 2>/dev/null; exec "$0" "$@"`;

/** What a decoder says that was installed without its HEVC library. */
const NO_CODEC = /unsupported codec|no decoding plugin/i;

/** What the header says of the pictures in a file. */
export interface Pictures extends Size {
  readonly pages: number;
  /** Index of the one that is the picture. */
  readonly primary: number;
}

/**
 * Prepares decoding a file to a PNG file, upright and with its alpha. It is done when first asked for, and once.
 * @throws (when asked) BadRequest when the file is damaged, takes too long or there is no decoder, MemLimitExceeded
 */
export function heicDecoder(file: string, pictures: Pictures, ctx: RunContext): () => Promise<string> {
  let decoded: Promise<string> | undefined;
  return () => {
    decoded ??= decode(file, pictures, ctx);
    return decoded;
  };
}

async function decode(file: string, { width, height, pages, primary }: Pictures, ctx: RunContext): Promise<string> {
  if (width * height * pages > MAX_PIXELS) fail('MemLimitExceeded', { ec: '0040-00000012' });
  const out = ctx.temp('png');
  const program = (await firstInstalled(DECODERS)) ?? missing(DECODERS[1]);
  const { code, signal, stderr } = await run(program, ['--quiet', file, out], ctx);
  if (code !== 0) {
    if (NO_CODEC.test(stderr)) unsupported(`${program} on this machine can not decode HEVC.`);
    damaged('heic', new Error(`${program} ended with ${code ?? signal}: ${stderr}`));
  }
  // Of several pictures each goes into a file with its number.
  const made = pages === 1 ? out : out.replace(/\.png$/, `-${primary + 1}.png`);
  const header = await headerOf(made, 'heic');
  if (header.width !== width || header.height !== height)
    damaged('heic', new Error(`decoded to ${header.width}x${header.height} instead of ${width}x${height}`));
  return made;
}

/** Whether this machine has an encoder. */
export const canWriteHeic = async (): Promise<boolean> => (await findProgram(ENCODER)) !== undefined;

/** For before the work of which the result could not be written. @throws BadRequest when there is no encoder */
export async function checkHeicEncoder(): Promise<void> {
  if (!(await canWriteHeic())) missing(ENCODER);
}

/**
 * Encodes a PNG file's bytes.
 * @throws BadRequest when there is no encoder or it takes too long
 */
export async function encodeHeic(png: Buffer, ctx: RunContext): Promise<Buffer> {
  const [from, to] = [ctx.temp('png'), ctx.temp('heic')];
  await writeFile(from, png);
  const options = ['-p', 'preset=ultrafast', '-q', String(QUALITY)];
  const { code, signal } = await run(ENCODER, [...options, '-o', to, from], ctx);
  const bytes = await readFile(to).catch(() => Buffer.alloc(0));
  // The exit code alone proves nothing; without its HEVC library the program writes no file.
  if (formatOf(bytes) !== 'heic') unsupported(`${ENCODER} on this machine can not encode HEVC (${code ?? signal}).`);
  return bytes;
}

async function run(program: string, args: readonly string[], ctx: RunContext): Promise<Finished> {
  const deadline = AbortSignal.timeout(PATIENCE * 1000);
  const signal = AbortSignal.any([ctx.signal, deadline]);
  try {
    return await ctx.engines.children.run('sh', ['-c', LIMITED, program, ...args], { signal });
  } catch (error) {
    if (deadline.aborted && !ctx.signal.aborted) tooSlow(error);
    throw error;
  }
}

const missing = (program: string): never =>
  unsupported(`HEIC needs ${program}, which is not installed on this machine (Debian: libheif-examples).`);
