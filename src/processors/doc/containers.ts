/** The directories of the two containers office documents come in: ZIP (OOXML, ODF) and OLE2 (the formats before). */
import { inflateRawSync } from 'node:zlib';

/** An entry of a ZIP file's central directory. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  /** Size after unpacking, as declared. */
  readonly size: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;

/** @returns the entries, or `undefined` when the bytes are no complete ZIP file */
export function zipEntries(bytes: Buffer): readonly ZipEntry[] | undefined {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) return undefined;
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Reads a small entry. @returns its text, or `undefined` when it is damaged or larger than `limit` bytes */
export function zipText(bytes: Buffer, entry: ZipEntry, limit: number): string | undefined {
  if (entry.offset + 30 > bytes.length) return undefined;
  const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  const packed = bytes.subarray(start, start + entry.packed);
  if (entry.method === 0) return packed.length <= limit ? packed.toString('utf8') : undefined;
  try {
    return inflateRawSync(packed, { maxOutputLength: limit }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** A stream of an OLE2 file. */
export interface OleStream {
  readonly name: string;
  /** Its first bytes, up to one sector; empty for the small streams that live elsewhere. */
  readonly head: Buffer;
}

const OLE_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const SMALL_STREAM = 4096;
const DIRECTORY_ENTRY = 128;
const LAST_SECTOR = 0xfffffffa;
/** Sector numbers of the allocation table that stand in the header: enough for directories of any real document. */
const TABLE_SLOTS = 109;

/** @returns the named streams, or `undefined` when the bytes are no OLE2 file or a damaged one */
export function oleStreams(bytes: Buffer): readonly OleStream[] | undefined {
  if (bytes.length < 512 || !bytes.subarray(0, 8).equals(OLE_SIGNATURE)) return undefined;
  const shift = bytes.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return undefined;
  const size = 1 << shift;
  const sector = (id: number) => bytes.subarray((id + 1) * size, (id + 2) * size);
  const next = (id: number): number => {
    const slot = Math.floor(id / (size / 4));
    if (slot >= TABLE_SLOTS) return LAST_SECTOR;
    const table = sector(bytes.readUInt32LE(76 + slot * 4));
    const at = (id % (size / 4)) * 4;
    return at + 4 <= table.length ? table.readUInt32LE(at) : LAST_SECTOR;
  };
  const streams: OleStream[] = [];
  const seen = new Set<number>();
  for (let id = bytes.readUInt32LE(48); id < LAST_SECTOR && !seen.has(id); id = next(id)) {
    seen.add(id);
    const part = sector(id);
    for (let at = 0; at + DIRECTORY_ENTRY <= part.length; at += DIRECTORY_ENTRY) {
      const length = part.readUInt16LE(at + 64);
      if (length < 2 || length > 64) continue;
      const large = part.readUInt32LE(at + 120) >= SMALL_STREAM;
      streams.push({
        name: part.toString('utf16le', at, at + length - 2),
        head: large ? sector(part.readUInt32LE(at + 116)) : Buffer.alloc(0),
      });
    }
  }
  return streams.length > 0 ? streams : undefined;
}
