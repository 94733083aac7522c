/** Windows bitmaps, which sharp neither reads nor writes: uncompressed ones of every depth, either way up. */
import { fail } from '../../store/errors.ts';
import { unsupported } from './formats.ts';
import type { Size } from './geometry.ts';

export interface BmpHeader extends Size {
  readonly alpha: boolean;
}

/** One channel of a pixel that is read as one number. */
interface Channel {
  readonly mask: number;
  readonly shift: number;
  readonly max: number;
}

interface Layout extends BmpHeader {
  readonly topDown: boolean;
  readonly depth: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Bytes a row. */
  readonly stride: number;
  /** Blue, green, red and a spare byte each, or three bytes in the oldest files; for depths up to 8. */
  readonly palette: { readonly bytes: Buffer; readonly step: 3 | 4 };
  /** For depths 16 and 32. */
  readonly channels: readonly Channel[];
}

const FILE_HEADER = 14;
const PLAIN = 0;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** Decoded here and not in a thread, so a bitmap of few bits a pixel may not be as large as others (assumed). */
const MAX_PIXELS = 4 * 4096 * 4096;

/** @throws BadRequest when it is damaged or compressed, MemLimitExceeded */
export function bmpHeader(file: Buffer): BmpHeader {
  return layoutOf(file);
}

function layoutOf(file: Buffer): Layout {
  if (file.length < FILE_HEADER + 12) broken();
  const headerSize = file.readUInt32LE(14);
  const old = headerSize === 12;
  if (!old && (headerSize < 40 || file.length < FILE_HEADER + headerSize)) broken();
  const width = old ? file.readUInt16LE(18) : file.readInt32LE(18);
  const signedHeight = old ? file.readUInt16LE(20) : file.readInt32LE(22);
  const depth = file.readUInt16LE(old ? 24 : 28);
  const compression = old ? PLAIN : file.readUInt32LE(30);
  if (width <= 0 || signedHeight === 0 || ![1, 4, 8, 16, 24, 32].includes(depth)) broken();
  const masked = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  // Run-length coded, or a JPEG or PNG in a bitmap's clothes.
  if (compression !== PLAIN && !(masked && (depth === 16 || depth === 32))) unsupported();

  const height = Math.abs(signedHeight);
  const stride = Math.ceil((width * depth) / 32) * 4;
  const start = file.readUInt32LE(10);
  const masks = masked ? readMasks(file, headerSize, compression) : defaultMasks(depth);
  const paletteStart =
    FILE_HEADER + headerSize + (masked && headerSize === 40 ? (compression === BITFIELDS ? 12 : 16) : 0);
  return {
    width,
    height,
    alpha: (masks[3] ?? 0) !== 0,
    topDown: signedHeight < 0,
    depth,
    start,
    stride,
    palette: { bytes: file.subarray(paletteStart, Math.max(paletteStart, start)), step: old ? 3 : 4 },
    channels: masks.map(channelOf),
  };
}

/** Red, green, blue and, from headers that have it, alpha: in the header or, in the shortest one, behind it. */
function readMasks(file: Buffer, headerSize: number, compression: number): readonly number[] {
  const count = headerSize >= 56 || compression === ALPHA_BITFIELDS ? 4 : 3;
  if (file.length < 54 + count * 4) broken();
  return Array.from({ length: count }, (_, i) => file.readUInt32LE(54 + i * 4));
}

/** The fourth byte of 32 bits is unused unless masks say otherwise. */
const defaultMasks = (depth: number): readonly number[] =>
  depth === 16 ? [0x7c00, 0x03e0, 0x001f] : depth === 32 ? [0xff0000, 0x00ff00, 0x0000ff] : [];

function channelOf(mask: number): Channel {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  return { mask, shift, max: mask >>> shift };
}

/** @returns RGB or RGBA, as the header says. @throws BadRequest when pixels are missing */
export function decodeBmp(file: Buffer): Buffer {
  const layout = layoutOf(file);
  const { width, height, stride, start, topDown, alpha } = layout;
  if (width * height > MAX_PIXELS) fail('MemLimitExceeded', { ec: '0040-00000012' });
  if (start + stride * height > file.length) broken();
  const bytes = alpha ? 4 : 3;
  const pixels = Buffer.alloc(width * height * bytes);
  const row = rowReader(file, layout);
  for (let y = 0; y < height; y++) row(start + (topDown ? y : height - 1 - y) * stride, pixels, y * width * bytes);
  return pixels;
}

/** Reads one row of a file into a picture. */
type RowReader = (from: number, pixels: Buffer, to: number) => void;

function rowReader(file: Buffer, layout: Layout): RowReader {
  if (layout.depth <= 8) return indexed(file, layout);
  if (layout.depth === 24) return trueColor(file, layout);
  return masked(file, layout);
}

function indexed(file: Buffer, { width, depth, palette }: Layout): RowReader {
  const perByte = 8 / depth;
  return (from, pixels, to) => {
    for (let x = 0, at = to; x < width; x++) {
      const byte = file[from + Math.floor(x / perByte)] ?? 0;
      const index = (byte >> (8 - depth * ((x % perByte) + 1))) & ((1 << depth) - 1);
      for (let c = 2; c >= 0; c--) pixels[at++] = palette.bytes[index * palette.step + c] ?? 0;
    }
  };
}

function trueColor(file: Buffer, { width }: Layout): RowReader {
  return (from, pixels, to) => {
    for (let x = 0, at = to; x < width; x++) {
      for (let c = 2; c >= 0; c--) pixels[at++] = file[from + x * 3 + c] ?? 0;
    }
  };
}

function masked(file: Buffer, { width, depth, channels, alpha }: Layout): RowReader {
  const bytes = depth / 8;
  const used = channels.slice(0, alpha ? 4 : 3);
  return (from, pixels, to) => {
    for (let x = 0, at = to; x < width; x++) {
      const value = depth === 16 ? file.readUInt16LE(from + x * bytes) : file.readUInt32LE(from + x * bytes);
      for (const { mask, shift, max } of used)
        pixels[at++] = max === 0 ? 0 : Math.round((((value & mask) >>> shift) * 255) / max);
    }
  };
}

const V4_HEADER = 108;

/**
 * Writes 24 bits a pixel or, with alpha, 32 under a header that says where the alpha is.
 * @param pixels BGR or BGRA, the lowest row first
 */
export function encodeBmp(pixels: Buffer, { width, height, alpha }: BmpHeader): Buffer {
  const row = width * (alpha ? 4 : 3);
  const stride = Math.ceil(row / 4) * 4;
  const headerSize = alpha ? V4_HEADER : 40;
  const start = FILE_HEADER + headerSize;
  const file = Buffer.alloc(start + stride * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(headerSize, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(alpha ? 32 : 24, 28);
  file.writeUInt32LE(stride * height, 34);
  if (alpha) {
    file.writeUInt32LE(BITFIELDS, 30);
    for (const [i, mask] of [0xff0000, 0x00ff00, 0x0000ff, 0xff000000].entries()) file.writeUInt32LE(mask, 54 + i * 4);
    file.write('BGRs', 70, 'latin1');
  }
  for (let y = 0; y < height; y++) pixels.copy(file, start + y * stride, y * row, (y + 1) * row);
  return file;
}

const broken = (): never => fail('BadRequest', { message: 'The image file may be damaged.' });
