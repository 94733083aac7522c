/**
 * The playlist that hls/m3u8 writes and hls/ts reads (media.md §17.1, text assumed). What its segments are made from
 * stands in it, in comments that players skip: nothing lies beside the object that could get lost.
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { base64Text } from '../../store/names.ts';
import { TaskFailure } from '../failure.ts';
import type { Source } from '../operation.ts';
import type { ObjectRef } from '../run.ts';
import { MAX_SEGMENTS, type Piece } from './timeline.ts';
import { keyFor, uriFor, uriIn } from './uris.ts';

/** Whose segments they are and how they are made. */
export interface Origin {
  readonly source: ObjectRef;
  /** Canonical text of the hls/m3u8 action. */
  readonly process: string;
}

const SOURCE = '#OSSITE-SOURCE:';
const PROCESS = '#OSSITE-PROCESS:';

/** Longer texts are not read: the largest playlist, with names of usual length. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The part of the segments' names that changes with what is in them: 32 hexadecimal digits (assumed).
 * @param etag of the source
 */
export function tokenOf({ source, process }: Origin, etag: string): string {
  return createHash('sha256')
    .update(JSON.stringify([source.bucket, source.key, etag, process]))
    .digest('hex')
    .slice(0, 32);
}

/** What stands between the playlist's name and the extension of a segment. */
export const suffixOf = (token: string, index: number): string => `-${token}-${index}`;

/**
 * @param key of the playlist, which ends in `.m3u8`
 * @param length of a segment, in milliseconds
 */
export function writePlaylist(
  key: string,
  origin: Origin,
  token: string,
  { length, pieces }: { readonly length: number; readonly pieces: readonly Piece[] },
): string {
  const prefix = key.replace(/\.m3u8$/, '');
  const lines = [
    ...['#EXTM3U', '#EXT-X-VERSION:3', `#EXT-X-TARGETDURATION:${Math.ceil(length / 1000)}`],
    ...['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PLAYLIST-TYPE:VOD'],
    SOURCE + encoded(JSON.stringify(origin.source)),
    PROCESS + encoded(origin.process),
    ...pieces.flatMap(({ index, start, end }) => [
      `#EXTINF:${(end - start).toFixed(3)},`,
      uriFor(`${prefix}${suffixOf(token, index)}.ts`),
    ]),
    '#EXT-X-ENDLIST',
  ];
  return `${lines.join('\n')}\n`;
}

const encoded = (text: string) => Buffer.from(text).toString('base64url');

/** A playlist as hls/ts needs it. */
export interface Playlist extends Origin {
  /** Keys of the segments, in order. */
  readonly segments: readonly string[];
}

/** @throws TaskFailure InvalidArgument for text that hls/m3u8 did not write */
export function readPlaylist(text: string, key: string): Playlist {
  const lines = text.split(/\r?\n/);
  const comment = (start: string) =>
    base64Text(lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '') ?? notOurs(key);
  const uris = lines.flatMap((line) => uriIn(line) ?? []);
  if (uris.length > MAX_SEGMENTS) notOurs(key);
  const segments = uris.map((uri) => keyFor(uri, key) ?? '');
  return { source: refFrom(comment(SOURCE), key), process: comment(PROCESS), segments };
}

function refFrom(text: string, key: string): ObjectRef {
  const found = parsed(text) as Partial<ObjectRef> | null | undefined;
  if (typeof found?.bucket !== 'string' || typeof found.key !== 'string') return notOurs(key);
  return { bucket: found.bucket, key: found.key };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notOurs(key: string): never {
  throw new TaskFailure('InvalidArgument', `${key} is no playlist of hls/m3u8.`);
}

/** The text of a playlist file. @returns `undefined` when it is larger than any playlist */
export async function textOf({ file }: Source): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return size > MAX_BYTES ? undefined : await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
