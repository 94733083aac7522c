/** What a player does with a playlist: fetches its segments, in order, and shows them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { b64, get, processed } from '../../helpers/ossite.ts';

const exec = promisify(execFile);

/** The URIs of a playlist. */
export const urisOf = (playlist: string): readonly string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** What is seen and heard. */
export interface Shown {
  /** The grey of each frame, 0 to 255, as stored: 16 and the frame's number in the sources. */
  readonly greys: readonly number[];
  /** Samples of the left channel. */
  readonly samples: Int16Array;
  /** Complaints of the player. */
  readonly stderr: string;
}

/** Fetches the segments of a playlist, which are made by that. @param key of the playlist, in a folder of its own */
export async function fetched(bucket: string, key: string): Promise<readonly Buffer[]> {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const segments: Buffer[] = [];
  for (const uri of urisOf((await get(bucket, key)).text)) {
    const name = folder + decodeURIComponent(uri);
    const answer = await processed(bucket, name, `if_status_eq_404{hls/ts,from_${b64(key)}}`);
    if (answer.status !== 200) throw new Error(answer.text);
    segments.push(answer.bytes);
  }
  return segments;
}

/** Lets ffmpeg play a playlist from local copies. */
export async function played(playlist: string, segments: readonly Buffer[]): Promise<Shown> {
  const dir = await mkdtemp(join(tmpdir(), 'ossite-player-'));
  try {
    await writeFile(join(dir, 'list.m3u8'), playlist);
    for (const [i, uri] of urisOf(playlist).entries())
      await writeFile(join(dir, decodeURIComponent(uri)), segments[i] ?? '');
    return await decoded(join(dir, 'list.m3u8'));
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Shows a file. */
export async function shown(bytes: Buffer): Promise<Shown> {
  const dir = await mkdtemp(join(tmpdir(), 'ossite-player-'));
  try {
    await writeFile(join(dir, 'file'), bytes);
    return await decoded(join(dir, 'file'));
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function decoded(file: string): Promise<Shown> {
  const run = (...args: readonly string[]) =>
    exec('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, ...args, '-'], {
      encoding: 'buffer',
      maxBuffer: 64 * 1024 * 1024,
    });
  // Each frame becomes one pixel: its mean.
  const video = await run('-map', '0:v', '-vf', 'scale=1:1:flags=area,format=gray', '-f', 'rawvideo');
  const { stderr: streams } = await exec('ffprobe', ['-hide_banner', file]);
  // There may be none.
  const sound = streams.includes('Audio:')
    ? ['-map', '0:a', '-ac', '1']
    : ['-f', 'lavfi', '-i', 'anullsrc', '-map', '1', '-t', '0'];
  const audio = await run(...sound, '-f', 's16le');
  const { buffer, byteOffset, length } = audio.stdout;
  return {
    greys: [...video.stdout],
    samples: new Int16Array(buffer.slice(byteOffset, byteOffset + length)),
    stderr: video.stderr.toString() + audio.stderr.toString(),
  };
}

/** A packet of a stream: its decoding time and length, in seconds. */
export interface Packet {
  readonly dts: number;
  readonly duration: number;
}

/** The packets of both streams, in the order of the file. */
export async function packetsOf(bytes: Buffer): Promise<Readonly<Record<'video' | 'audio', readonly Packet[]>>> {
  const dir = await mkdtemp(join(tmpdir(), 'ossite-player-'));
  try {
    const file = join(dir, 'file.ts');
    await writeFile(file, bytes);
    const args = ['-v', 'error', '-show_packets', '-of', 'json', file];
    const { stdout } = await exec('ffprobe', args, { maxBuffer: 64 * 1024 * 1024 });
    const { packets } = JSON.parse(stdout) as {
      packets: { codec_type: string; dts_time: string; duration_time?: string }[];
    };
    const of = (kind: string) =>
      packets
        .filter((packet) => packet.codec_type === kind)
        .map(({ dts_time, duration_time }) => ({ dts: Number(dts_time), duration: Number(duration_time ?? 0) }));
    return { video: of('video'), audio: of('audio') };
  } finally {
    await rm(dir, { recursive: true });
  }
}
