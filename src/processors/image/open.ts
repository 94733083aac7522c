/** From a stored file to a picture: format, limits and facts from the header, no pixel decoded (image.md §2). */
import { type FileHandle, open as openFile, readFile } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { fail } from '../../store/errors.ts';
import type { RunContext, Source as StoredFile } from '../operation.ts';
import { bmpHeader } from './bmp.ts';
import { exifOrientation } from './exif.ts';
import { type Format, formatOf, unsupported } from './formats.ts';
import { exifTurn, type Size, upright } from './geometry.ts';
import { canWriteHeic, heicDecoder } from './heif.ts';
import { jpegExif, jpegQuality, jpegSize } from './jpeg.ts';
import type { Facts, Original, Picture } from './picture.ts';
import { headerOf, MAX_PIXELS } from './sharp.ts';

const MAX_BYTES = 20 * 1024 * 1024;

/** Longest side of a source, and what OSS says of a longer one. */
const sides: Readonly<Partial<Record<Format, { readonly max: number; readonly ec: string }>>> = {
  jpg: { max: 30_000, ec: '0040-00000019' },
  bmp: { max: 30_000, ec: '0040-00000017' },
  tiff: { max: 16_384, ec: '0040-00000018' },
  avif: { max: 10_000, ec: '0040-00000014' },
};
const ANY_SIDE = 30_000;

/**
 * Opens a stored object as a picture.
 * @throws BadRequest for what is no image or a damaged one, ImageTooLarge, MemLimitExceeded, BadWebPImage
 */
export async function open(stored: StoredFile, ctx: RunContext): Promise<Picture> {
  const file = await readHead(stored.file);
  const format = formatOf(file.head);
  if (format === undefined) unsupported();
  const read = format === 'bmp' ? await openBmp(file) : await openEncoded(file, format, ctx);
  ctx.signal.throwIfAborted();
  return {
    ...read,
    pending: [],
    facts: read.source.facts,
    encoding: { format: read.original.keeps, interlace: false },
    signal: ctx.signal,
    ...(ctx.measures ? { measured: true } : {}),
  };
}

type StoredBytes = Pick<Original, 'file' | 'head' | 'length'>;

/** Enough for nearly every header; libvips reads the rest of the file by itself. */
const HEAD_BYTES = 64 * 1024;

async function readHead(file: string): Promise<StoredBytes> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) fail('ImageTooLarge', { ec: '0040-00000001' });
    const first = await read(handle, Math.min(size, HEAD_BYTES));
    // A thumbnail or a colour profile may stand in front of what a JPEG says of itself.
    const cut = first.length < size && formatOf(first) === 'jpg' && jpegSize(first) === undefined;
    return { file, head: cut ? await read(handle, size) : first, length: size };
  } finally {
    await handle.close();
  }
}

async function read(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = length === 0 ? { bytesRead: 0 } : await handle.read(bytes, 0, length, 0);
  return bytes.subarray(0, bytesRead);
}

type Read = Pick<Picture, 'original' | 'source' | 'orientation'>;

async function openEncoded(stored: StoredBytes, format: Format, ctx: RunContext): Promise<Read> {
  // sharp refuses to look at a header that declares too much; OSS has an answer of its own.
  const declared = declaredSize(stored.head, format);
  if (declared !== undefined) checkSize(format, declared, 1);
  const header = (format === 'jpg' && jpegHeader(stored.head)) || (await headerOf(stored.file, format));
  const size = { width: header.width, height: header.pageHeight ?? header.height };
  const { pages = 1, pagePrimary: primary = 0 } = header;
  const frames = format === 'gif' || format === 'webp' ? pages : 1;
  // Another program decodes all pictures of a HEIC file to get at one.
  checkSize(format, size, format === 'heic' ? pages : frames);
  // OSS takes animated WebP from accounts on a list only (image.md §2.3, assumed not to be on it).
  if (format === 'webp' && frames > 1 && !ctx.engines.settings.animatedWebp) fail('BadWebPImage');
  const quality = format === 'jpg' ? jpegQuality(stored.head) : undefined;
  const facts: Facts = { ...size, alpha: header.hasAlpha, frames };
  const deep = header.depth !== 'uchar';
  return {
    original: {
      ...originalOf(stored, format, facts, header),
      ...(quality === undefined ? {} : { jpegQuality: quality }),
      // A machine that only reads HEIC gives JPEG (image.md §2.2, assumed).
      ...(format === 'heic' && !(await canWriteHeic()) ? { keeps: 'jpg' as const } : {}),
    },
    source:
      format === 'heic'
        ? { kind: 'foreign', decoded: heicDecoder(stored.file, { ...size, pages, primary }, ctx), facts, deep }
        : { kind: 'encoded', file: stored.file, facts, deep },
    // Frames can not be turned; a HEIC decoder has turned its picture already.
    orientation: format === 'gif' || format === 'heic' || frames > 1 ? upright : exifTurn(header.orientation),
  };
}

type Header = Pick<Metadata, 'width' | 'height' | 'hasAlpha' | 'depth'> & Partial<Metadata>;

/** A JPEG says in its first bytes what must be known of it: libvips need not open it twice. */
function jpegHeader(head: Buffer): Header | undefined {
  const size = jpegSize(head);
  if (size === undefined) return undefined;
  const exif = jpegExif(head);
  const orientation = exif === undefined ? undefined : exifOrientation(exif);
  const plain: Header = { ...size, hasAlpha: false, depth: 'uchar' };
  return orientation === undefined ? plain : { ...plain, orientation };
}

function declaredSize(head: Buffer, format: Format): Size | undefined {
  if (format === 'jpg') return jpegSize(head);
  // The first chunk of a PNG is its header, at a fixed place.
  if (format === 'png' && head.length >= 24) return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  return undefined;
}

function originalOf(stored: StoredBytes, format: Format, facts: Facts, header: Partial<Metadata>): Original {
  const { width, height, frames } = facts;
  return {
    ...stored,
    format,
    keeps: format,
    size: { width, height },
    frames,
    delay: (header.delay ?? []).map(inRange),
    loop: inRange(header.loop ?? 0),
  };
}

/** A GIF may name longer times than sharp writes. */
const inRange = (value: number): number => Math.min(65_535, Math.max(0, value));

function checkSize(format: Format, { width, height }: Size, frames: number): void {
  const { max, ec } = sides[format] ?? { max: ANY_SIDE, ec: null };
  if (Math.max(width, height) > max) fail('ImageTooLarge', { ec });
  if (width * height * frames > MAX_PIXELS) fail('MemLimitExceeded', { ec: '0040-00000012' });
}

async function openBmp(stored: StoredBytes): Promise<Read> {
  const bytes = await readFile(stored.file);
  const { width, height, alpha } = bmpHeader(bytes);
  const facts: Facts = { width, height, alpha, frames: 1 };
  checkSize('bmp', facts, 1);
  return {
    original: originalOf(stored, 'bmp', facts, {}),
    source: { kind: 'bmp', bytes, facts },
    orientation: upright,
  };
}
