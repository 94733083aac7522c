/** What is inside a file that a test got: read by the same engines that made it, and told without judging. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChildren } from '../processors/children.ts';

export interface ImageFacts {
  readonly format: string;
  /** Pixels, of one frame. */
  readonly width: number;
  readonly height: number;
  /** Frames of an animation, pages of a TIFF. */
  readonly pages: number;
}

/** @throws Error when the bytes are no picture */
export async function readImage(bytes: Uint8Array): Promise<ImageFacts> {
  const { default: sharp } = await import('sharp');
  const {
    format,
    width,
    height,
    pages = 1,
    pageHeight,
    compression,
  } = await sharp(bytes, { animated: true }).metadata();
  // libvips has one loader for AVIF and HEIC.
  const name = format === 'heif' && compression === 'av1' ? 'avif' : format;
  return { format: name, width, height: pageHeight ?? height / pages, pages };
}

/**
 * How different two pictures look: 0 for the same, 1 for nothing in common. Both are compared in 16 by 16 points, in colour
 * and on white: what codecs do to a picture stays below 0.03.
 */
export async function differenceOf(a: Uint8Array, b: Uint8Array): Promise<number> {
  const { default: sharp } = await import('sharp');
  const points = (bytes: Uint8Array) =>
    sharp(bytes)
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .resize(16, 16, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
  const [left, right] = await Promise.all([points(a), points(b)]);
  const sum = left.reduce((total, value, i) => total + Math.abs(value - (right[i] ?? 0)), 0);
  return sum / (left.length * 255);
}

export interface MediaFacts {
  /** Names of the container, as ffmpeg has them: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly formats: readonly string[];
  /** Seconds; 0 when unknown. */
  readonly duration: number;
  readonly video:
    | { readonly codec: string; readonly width: number; readonly height: number; readonly fps: number }
    | undefined;
  /** `rate` in Hz. */
  readonly audio: { readonly codec: string; readonly rate: number; readonly channels: number } | undefined;
}

interface Probed {
  readonly streams?: readonly Readonly<Record<string, string | number>>[];
  readonly format?: { readonly format_name?: string; readonly duration?: string };
}

/** @throws Error when ffprobe is not installed, or the bytes are no video or sound */
export async function readMedia(bytes: Uint8Array): Promise<MediaFacts> {
  const shown = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json'];
  const { streams = [], format } = JSON.parse(await ask(bytes, 'ffprobe', (file) => [...shown, file])) as Probed;
  const stream = (kind: string) => streams.find(({ codec_type }) => codec_type === kind);
  const [video, audio] = [stream('video'), stream('audio')];
  return {
    formats: (format?.format_name ?? '').split(','),
    duration: Number(format?.duration ?? 0) || 0,
    video: video && {
      ...{ codec: codecOf(video), width: Number(video.width), height: Number(video.height) },
      fps: fraction(String(video.avg_frame_rate)),
    },
    audio: audio && { codec: codecOf(audio), rate: Number(audio.sample_rate), channels: Number(audio.channels) },
  };
}

/** OSS's word for it. */
const codecOf = ({ codec_name: name }: Readonly<Record<string, string | number>>) =>
  name === 'hevc' ? 'h265' : String(name);

function fraction(text: string): number {
  const [above = 0, below = 1] = text.split('/').map(Number);
  return below === 0 ? 0 : above / below;
}

export interface PdfFacts {
  readonly pages: number;
  /** All of it, blanks and line ends as one blank. */
  readonly text: string;
}

/** @throws Error when poppler is not installed, or the bytes are no PDF */
export async function readPdf(bytes: Uint8Array): Promise<PdfFacts> {
  const info = await ask(bytes, 'pdfinfo', (file) => [file]);
  const text = await ask(bytes, 'pdftotext', (file) => [file, '-']);
  return { pages: Number(/^Pages:\s+(\d+)/m.exec(info)?.[1] ?? 0), text: text.replace(/\s+/g, ' ').trim() };
}

/** Far above what a test waits for. */
const DEADLINE_MS = 30_000;

/** Lets a program look at bytes. @returns what it wrote. @throws Error with what it complained of */
async function ask(bytes: Uint8Array, program: string, args: (file: string) => readonly string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ossite-look-'));
  const children = createChildren();
  try {
    const file = join(dir, 'bytes');
    await writeFile(file, bytes);
    const { code, stdout, stderr } = await children.run(program, args(file), {
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (code !== 0) throw new Error(stderr.replaceAll(file, 'it').trim() || `${program} ended with ${code}`);
    return stdout.toString('utf8');
  } finally {
    children.close();
    await rm(dir, { recursive: true, force: true });
  }
}
