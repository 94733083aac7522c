/** What Ossite reads and writes of JPEG files beside their pixels: the quality they were made with, and the JFIF header. */

const SOF = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const SOS = 0xda;
const DQT = 0xdb;
const APP0 = 0xe0;
const APP1 = 0xe1;

interface Segment {
  readonly marker: number;
  readonly body: Buffer;
}

/** The header segments of a JPEG file, in order, up to its first scan. Ends early on a damaged header. */
function* segments(file: Buffer): Generator<Segment> {
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return;
    const marker = file[at + 1] ?? SOS;
    // Fill bytes may stand in front of a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === SOS) return;
    const length = file.readUInt16BE(at + 2);
    if (length < 2) return;
    yield { marker, body: file.subarray(at + 4, at + 2 + length) };
    at += 2 + length;
  }
}

/** The size a JPEG file declares. */
export function jpegSize(file: Buffer): { width: number; height: number } | undefined {
  for (const { marker, body } of segments(file)) {
    if (SOF.has(marker) && body.length >= 5) return { width: body.readUInt16BE(3), height: body.readUInt16BE(1) };
  }
  return undefined;
}

/** The EXIF data of a JPEG file. */
export function jpegExif(file: Buffer): Buffer | undefined {
  for (const { marker, body } of segments(file)) {
    if (marker === APP1 && body.toString('latin1', 0, 6) === 'Exif\0\0') return body;
  }
  return undefined;
}

/** The resolution in a JPEG file's JFIF header: units 0 none, 1 inch, 2 centimetre. */
export interface Density {
  readonly units: number;
  readonly x: number;
  readonly y: number;
}

export function jfifDensity(file: Buffer): Density | undefined {
  for (const { marker, body } of segments(file)) {
    if (marker === APP0 && body.length >= 12 && body.toString('latin1', 0, 5) === 'JFIF\0')
      return { units: body[7] ?? 0, x: body.readUInt16BE(8), y: body.readUInt16BE(10) };
  }
  return undefined;
}

/** JFIF 1.01, units 0, density 1x1, no thumbnail: what the JPEG files OSS makes start with (image.md §2.4). */
const JFIF = Buffer.from('ffe000104a46494600010100000100010000', 'hex');

/** Puts the JFIF header, which sharp leaves out, behind the first marker. */
export const withJfif = (file: Buffer): Buffer => Buffer.concat([file.subarray(0, 2), JFIF, file.subarray(2)]);

/** Luminance table of the JPEG standard (Annex K), in zigzag order as files store it. */
const STANDARD = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
] as const;

/** libjpeg's scaling of the standard table to a quality from 1 to 100. */
function scaled(quality: number): readonly number[] {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return STANDARD.map((value) => Math.min(255, Math.max(1, Math.floor((value * percent + 50) / 100))));
}

/** The hundred tables, best quality first: where rounding makes several alike, the best one names them. */
let scales: readonly { readonly quality: number; readonly table: readonly number[] }[] | undefined;

/**
 * The quality a JPEG file was made with: exact for tables as libjpeg scales them, the nearest one for all others.
 * @returns 1 to 100; `undefined` when the file has no luminance table
 */
export function jpegQuality(file: Buffer): number | undefined {
  const found = luminanceTable(file);
  if (found === undefined) return undefined;
  scales ??= Array.from({ length: 100 }, (_, i) => ({ quality: 100 - i, table: scaled(100 - i) }));
  let best = { quality: 100, distance: Number.POSITIVE_INFINITY };
  for (const { quality, table } of scales) {
    const distance = table.reduce((sum, value, i) => sum + Math.abs(Math.log(Math.max(1, found[i] ?? 1) / value)), 0);
    if (distance < best.distance) best = { quality, distance };
    if (distance === 0) break;
  }
  return best.quality;
}

/** Quantisation table 0. One segment may hold several tables, of 64 bytes or of 64 words. */
function luminanceTable(file: Buffer): readonly number[] | undefined {
  for (const { marker, body } of segments(file)) {
    if (marker !== DQT) continue;
    for (let at = 0; at < body.length; ) {
      const head = body[at] ?? 0;
      const step = head >> 4 === 0 ? 1 : 2;
      const end = at + 1 + 64 * step;
      if (end > body.length) return undefined;
      if ((head & 15) === 0) return Array.from({ length: 64 }, (_, i) => body.readUIntBE(at + 1 + i * step, step));
      at = end;
    }
  }
  return undefined;
}
