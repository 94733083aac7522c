/** EXIF as `image/info` shows it: every known tag by name, its value as text (image.md §11.1). */
import { utf8Text } from '../../store/names.ts';
import { gpsTags, imageTags, photoTags } from './exif-names.ts';

/** Values as text, by tag name. */
export type Tags = Readonly<Record<string, string>>;

const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
/** More than any sound file has: damaged or hostile ones end here. */
const MAX_ENTRIES = 512;
const MAX_VALUE_BYTES = 4096;

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** `undefined` when it lies outside the block. */
  readonly bytes: Buffer | undefined;
}

interface Reader {
  u16(at: number): number;
  u32(at: number): number;
}

/**
 * @param block the EXIF data of a file, with or without the `Exif\0\0` in front
 * @returns no tags when it is damaged; `image/info` answers all the same
 */
export function exifTags(block: Buffer): Tags {
  const opened = openBlock(block);
  if (opened === undefined) return {};
  const { tiff, little, reader, main } = opened;
  const thumbnail = main.next === 0 ? [] : directory(tiff, reader, main.next).entries;
  const inner = (pointer: number) => {
    const entry = main.entries.find(({ tag }) => tag === pointer);
    return entry?.bytes?.length === 4 ? directory(tiff, reader, readerOf(entry.bytes, little).u32(0)).entries : [];
  };
  const named = (entries: readonly Entry[], names: Readonly<Record<number, string>>) =>
    entries.flatMap(({ tag, ...entry }): readonly (readonly [string, string])[] => {
      const name = names[tag];
      const text = name === undefined ? undefined : textOf(name, entry, little);
      return name === undefined || text === undefined ? [] : [[name, text]];
    });
  // One flat list; where the thumbnail has a tag of the picture, the picture's counts.
  return Object.fromEntries([
    ...named(thumbnail, imageTags),
    ...named(main.entries, imageTags),
    ...named(inner(EXIF_IFD), photoTags),
    ...named(inner(GPS_IFD), gpsTags),
  ]);
}

/** The orientation in EXIF data, 1 to 8 when it is a sane one. @param block as for `exifTags` */
export function exifOrientation(block: Buffer): number | undefined {
  const opened = openBlock(block);
  const entry = opened?.main.entries.find(({ tag }) => tag === ORIENTATION);
  if (opened === undefined || entry?.bytes === undefined || entry.bytes.length < 2) return undefined;
  return readerOf(entry.bytes, opened.little).u16(0);
}

function openBlock(block: Buffer) {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  const order = tiff.toString('latin1', 0, 4);
  if (tiff.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return undefined;
  const little = order === 'II*\0';
  const reader = readerOf(tiff, little);
  return { tiff, little, reader, main: directory(tiff, reader, reader.u32(4)) };
}

function readerOf(bytes: Buffer, little: boolean): Reader {
  return little
    ? { u16: (at) => bytes.readUInt16LE(at), u32: (at) => bytes.readUInt32LE(at) }
    : { u16: (at) => bytes.readUInt16BE(at), u32: (at) => bytes.readUInt32BE(at) };
}

/** Bytes of one value by EXIF type; 0 is no type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

function directory(tiff: Buffer, { u16, u32 }: Reader, at: number): { entries: readonly Entry[]; next: number } {
  if (at < 8 || at + 2 > tiff.length) return { entries: [], next: 0 };
  const count = Math.min(u16(at), MAX_ENTRIES, Math.floor((tiff.length - at - 2) / 12));
  const entries = Array.from({ length: count }, (_, i): Entry => {
    const entry = at + 2 + i * 12;
    const [type, values] = [u16(entry + 2), u32(entry + 4)];
    const length = (SIZES[type] ?? 0) * values;
    const start = length <= 4 ? entry + 8 : u32(entry + 8);
    const inside = length > 0 && length <= MAX_VALUE_BYTES && start + length <= tiff.length;
    return { tag: u16(entry), type, count: values, bytes: inside ? tiff.subarray(start, start + length) : undefined };
  });
  const end = at + 2 + count * 12;
  return { entries, next: end + 4 <= tiff.length ? u32(end) : 0 };
}

const refs: Readonly<Record<string, string>> = { N: 'North', S: 'South', E: 'East', W: 'West' };
const coordinates = new Set(['GPSLatitude', 'GPSLongitude', 'GPSDestLatitude', 'GPSDestLongitude']);

/** Numbers in decimal, fractions as `num/den`, several with spaces between; what GPS says in words, as exiv2 does. */
function textOf(name: string, { type, count, bytes }: Omit<Entry, 'tag'>, little: boolean): string | undefined {
  if (bytes === undefined) return undefined;
  const ascii = (utf8Text(bytes) ?? bytes.toString('latin1')).replace(/\0[\s\S]*$/, '');
  if (type === 2) return /^GPS(Dest)?(Latitude|Longitude)Ref$/.test(name) ? (refs[ascii] ?? ascii) : ascii;
  const read = little ? littleEndian : bigEndian;
  const size = SIZES[type] ?? 0;
  const values = Array.from({ length: count }, (_, i) => read(bytes, type, i * size));
  return coordinates.has(name) && size === 8 ? degrees(values) : values.join(' ');
}

type ReadValue = (bytes: Buffer, type: number, at: number) => string;

const littleEndian: ReadValue = (b, type, at) => {
  if (type === 3) return String(b.readUInt16LE(at));
  if (type === 8) return String(b.readInt16LE(at));
  if (type === 4) return String(b.readUInt32LE(at));
  if (type === 9) return String(b.readInt32LE(at));
  if (type === 5) return `${b.readUInt32LE(at)}/${b.readUInt32LE(at + 4)}`;
  if (type === 10) return `${b.readInt32LE(at)}/${b.readInt32LE(at + 4)}`;
  if (type === 11) return String(b.readFloatLE(at));
  if (type === 12) return String(b.readDoubleLE(at));
  return String(type === 6 ? b.readInt8(at) : b.readUInt8(at));
};

/** The same on the bytes of each number turned round. */
const bigEndian: ReadValue = (bytes, type, at) => {
  const size = SIZES[type] ?? 1;
  const half = type === 5 || type === 10 ? size / 2 : size;
  const turned = Buffer.concat([
    Buffer.from(bytes.subarray(at, at + half)).reverse(),
    Buffer.from(bytes.subarray(at + half, at + size)).reverse(),
  ]);
  return littleEndian(turned, type, 0);
};

const UNITS = [
  { sign: 'deg', digits: 7 },
  { sign: "'", digits: 5 },
  { sign: '"', digits: 3 },
] as const;

/** `39deg 54' 20.500" `, down to the last part that is not zero; `0deg ` for zero. Non-zero form assumed (exiv2's). */
function degrees(fractions: readonly string[]): string {
  const parts = fractions.map((text) => text.split('/').map(Number));
  let last = Math.min(parts.length, UNITS.length) - 1;
  while (last > 0 && parts[last]?.[0] === 0) last -= 1;
  return parts
    .slice(0, last + 1)
    .map(([numerator = 0, denominator = 1], i) => {
      const { sign, digits } = UNITS[i] ?? UNITS[2];
      return `${(numerator / denominator).toFixed(numerator % denominator === 0 ? 0 : digits)}${sign} `;
    })
    .join('');
}
