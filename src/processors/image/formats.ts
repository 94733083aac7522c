/** The image formats OSS knows, by their first bytes: the key's extension and Content-Type never count (image.md §2.1). */

import { fail } from '../../store/errors.ts';

export type Format = 'jpg' | 'png' | 'webp' | 'bmp' | 'gif' | 'tiff' | 'heic' | 'avif';

/** Content-Type by format (image.md §2.2); the names are also file extensions and the labels of `image/info`. */
export const contentTypes: Readonly<Record<Format, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  bmp: 'image/bmp',
  gif: 'image/gif',
  tiff: 'image/tiff',
  heic: 'image/heic',
  avif: 'image/avif',
};

/** ISO media brands (the word behind `ftyp`) that mean a picture. */
const brands: Readonly<Record<string, Format>> = {
  heic: 'heic',
  heix: 'heic',
  hevc: 'heic',
  mif1: 'heic',
  avif: 'avif',
  avis: 'avif',
};

const signatures: readonly { readonly format: Format; readonly at: number; readonly bytes: string }[] = [
  { format: 'jpg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'gif', at: 0, bytes: 'GIF8' },
  { format: 'bmp', at: 0, bytes: 'BM' },
  { format: 'tiff', at: 0, bytes: 'II*\0' },
  { format: 'tiff', at: 0, bytes: 'MM\0*' },
  { format: 'webp', at: 8, bytes: 'WEBP' },
];

/** @returns the format of a file that starts so, `undefined` when OSS processes no such files */
export function formatOf(head: Buffer): Format | undefined {
  const text = head.toString('latin1', 0, 64);
  if (text.startsWith('ftyp', 4)) return isoFormat(text);
  const found = signatures.find(({ at, bytes }) => text.startsWith(bytes, at));
  return found?.format === 'webp' && !text.startsWith('RIFF') ? undefined : found?.format;
}

/** An AVIF file may call itself `mif1` and name `avif` among its compatible brands only. */
function isoFormat(text: string): Format | undefined {
  const major = brands[text.slice(8, 12)];
  if (text.slice(8, 12) !== 'mif1') return major;
  const compatible: readonly string[] = text.slice(16).match(/.{4}/gs) ?? [];
  return compatible.includes('avif') ? 'avif' : major;
}

/**
 * What OSS answers to what is no picture, and where it has no decoder or encoder.
 * @param detail what this machine lacks
 */
export function unsupported(detail?: string): never {
  fail('BadRequest', {
    message: 'This image format is not supported.',
    ec: '0040-00000005',
    ...(detail === undefined ? {} : { elements: { Detail: detail } }),
  });
}
