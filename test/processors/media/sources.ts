/** The sources of media.md §21.1, some of them shorter, made by ffmpeg when first asked for; and a look into outputs. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { clipRecipes } from './clips.ts';
import { frameRecipes } from './frame-recipes.ts';

const exec = promisify(execFile);
const dir = inject('media');

const picture = (size: string, rate: number, seconds: number) => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
const tone = (rate: number, seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=${rate}:d=${seconds}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const keyframes = ['-g', '50', '-keyint_min', '50', '-sc_threshold', '0'];
const aac = ['-c:a', 'aac', '-ac', '2'];

const recipes = {
  'A1.avi': [...picture('640x360', 25, 5), ...tone(44100, 5), '-c:v', 'mpeg4', '-c:a', 'libmp3lame', '-ac', '2'],
  'M1.mp4': [...picture('1280x720', 25, 3), ...tone(44100, 3), ...h264, ...keyframes, ...aac],
  'P1.mp4': [...picture('1080x1920', 30, 1), ...h264],
  'H1.mp4': [...picture('1920x1080', 50, 2), ...tone(48000, 2), ...h264, ...aac],
  'L1.mp4': [...picture('320x240', 15, 1), ...h264],
  // Not of the specification: small ones for the rules of §7 and §8.2.
  'small.mp4': [...picture('160x120', 25, 1), ...tone(48000, 1), ...h264, ...aac],
  'wide-pixels.mkv': [...picture('160x120', 25, 1), '-vf', 'setsar=2', '-c:v', 'mpeg4'],
  'turned.mp4': ['-i', '{small.mp4}', '-c', 'copy', '-metadata:s:v', 'rotate=90'],
  'subtitled.mkv': [
    ...picture('160x120', 25, 1),
    ...['-f', 'srt', '-i', `data:text/plain;base64,${btoa('1\n00:00:00,100 --> 00:00:00,900\nHello\n')}`],
    ...[...h264, '-c:s', 'srt'],
  ],
  // Each frame is of one grey, 16 plus its number; a key frame every two seconds.
  'count.mp4': [
    ...['-f', 'lavfi', '-i', 'color=black:s=64x48:r=25:d=8', '-vf', "geq=lum='16+N':cb=128:cr=128"],
    ...[...h264, '-crf', '1', '-bf', '2', ...keyframes],
  ],
  'count.mkv': ['-i', '{count.mp4}', '-c', 'copy'],
  'count.ts': ['-i', '{count.mp4}', '-c', 'copy'],
  'count.h264': ['-i', '{count.mp4}', '-c', 'copy'],
  'count-h265.mp4': ['-i', '{count.mp4}', '-c:v', 'libx265', '-x265-params', 'log-level=error:qp=4', '-tag:v', 'hvc1'],
  // The same over twelve seconds, with a tone that rises: each part of it sounds different.
  'film.mp4': [
    ...[
      '-f',
      'lavfi',
      '-i',
      'color=black:s=64x48:r=10:d=12',
      '-f',
      'lavfi',
      '-i',
      "aevalsrc='sin(PI*(400+60*t)*t)/2':s=44100:d=12",
    ],
    ...['-vf', "geq=lum='16+N':cb=128:cr=128", ...h264, '-crf', '1', '-g', '30', ...aac],
  ],
  'film.ts': ['-i', '{film.mp4}', '-c', 'copy'],
  'count-hushed.mp4': ['-i', '{count.mp4}', ...tone(44100, 2), '-map', '0', '-map', '1', '-c:v', 'copy', ...aac],
  'long-sound.mp4': ['-i', '{count.mp4}', ...tone(44100, 12), '-map', '0', '-map', '1', '-c:v', 'copy', ...aac],
  // High definition has a matrix of its own.
  'red.mp4': [
    ...['-f', 'lavfi', '-i', 'color=red:s=64x64:r=25:d=0.2'],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', '-colorspace', 'bt709'],
    ...['-c:v', 'libx264', '-crf', '1'],
  ],
  // Sound with a cover in front and one on the back, and words about it.
  'album.flac': [
    ...[...tone(44100, 2), '-i', '{small.jpg}', '-i', '{small.jpg}', '-map', '0', '-map', '1', '-map', '2'],
    ...['-c:v', 'copy', '-disposition:v', 'attached_pic', '-metadata:s:v:1', 'comment=Cover (back)', '-ac', '2'],
    ...[
      '-metadata',
      'TITLE=Blue',
      '-metadata',
      'ALBUM=Colours',
      '-metadata',
      'album_artist=All',
      '-metadata',
      'LYRICS=La',
    ],
    ...[
      '-metadata',
      'artist=One',
      '-metadata',
      'composer=Two',
      '-metadata',
      'performer=Three',
      '-metadata',
      'language=eng',
    ],
  ],
  'small.jpg': ['-i', '{small.mp4}', '-frames:v', '1'],
  'tagged.ogg': [...tone(44100, 1), '-c:a', 'libvorbis', '-metadata', 'title=In the stream'],
  'sung.mp3': [...tone(44100, 1), '-c:a', 'libmp3lame', '-metadata', 'lyrics-eng=La la'],
  'travel.mp4': [
    ...['-i', '{small.mp4}', '-c', 'copy', '-metadata', 'creation_time=2021-12-24T03:01:49Z'],
    ...['-metadata', 'location=+30.1000+120.2000/', '-metadata:s:v', 'rotate=90', '-metadata:s:a', 'language=deu'],
  ],
  'vp9.webm': [...picture('64x64', 5, 1), '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
  'speech.aac': [...tone(44100, 2), '-c:a', 'aac'],
  'surround.mkv': [...tone(48000, 1), '-ac', '6', '-c:a', 'ac3'],
  'huge.mkv': [...picture('16400x16', 5, 1), '-c:v', 'ffv1', '-frames:v', '1'],
  'streams.mkv': [...tone(8000, 1), ...Array.from({ length: 65 }, () => ['-map', '0']).flat(), '-c:a', 'pcm_u8'],
  ...clipRecipes,
  ...frameRecipes,
} as const satisfies Record<string, readonly string[]>;

export type SourceName = keyof typeof recipes;

const made = new Map<SourceName, Promise<Buffer>>();

/** The bytes of a source. */
export function source(name: SourceName): Promise<Buffer> {
  const known = made.get(name) ?? make(name);
  made.set(name, known);
  return known;
}

/** `{small.mp4}` in a recipe stands for the file of that source. */
async function make(name: SourceName): Promise<Buffer> {
  const args: string[] = [];
  for (const word of recipes[name]) {
    const other = /^\{(.*)\}$/.exec(word)?.[1] as SourceName | undefined;
    if (other !== undefined) await source(other);
    args.push(other === undefined ? word : join(dir, other));
  }
  const file = join(dir, name);
  if (!existsSync(file)) {
    // Another worker may want the same one at this moment, and must not see half of it.
    const half = join(dir, `${process.pid}-${name}`);
    await exec('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, half]);
    await rename(half, file);
  }
  return await readFile(file);
}

/** What an output holds, in words that fit into a table. */
export interface Seen {
  /** ffprobe's format. */
  readonly format: string;
  /** `h264 1280x720 25` */
  readonly video?: string;
  /** `aac 44100 2` */
  readonly audio?: string;
  readonly subtitle?: string;
  readonly frames?: number;
  readonly pixels?: string;
  readonly tag?: string;
  /** Degrees, in the metadata. */
  readonly rotation?: number;
  readonly bits?: string;
  readonly videoBitRate?: number;
  readonly seconds: number;
}

interface Stream {
  readonly [member: string]: string | number | undefined;
}

interface SideData {
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

let count = 0;

/** A file with these bytes, for programs that want one. */
export async function written(bytes: Buffer): Promise<string> {
  const file = join(dir, `output-${process.pid}-${count++}`);
  await writeFile(file, bytes);
  return file;
}

/** Probes bytes and decodes them to the end. @throws when ffmpeg finds anything wrong with them */
export async function look(bytes: Buffer): Promise<Seen> {
  const file = await written(bytes);
  const { stderr } = await exec('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-f', 'null', '-']);
  if (stderr !== '') throw new Error(`ffmpeg complains: ${stderr}`);
  const args = ['-v', 'error', '-count_packets', '-show_streams', '-show_format', '-of', 'json', file];
  const { stdout } = await exec('ffprobe', args);
  const { streams, format } = JSON.parse(stdout) as { streams: Stream[]; format: Stream };
  const of = (type: string) => streams.filter((stream) => stream.codec_type === type);
  const [video, ...videos] = of('video');
  const [audio, ...audios] = of('audio');
  if (videos.length + audios.length > 0) throw new Error('more than one stream of a kind');
  const rotation = (video as SideData | undefined)?.side_data_list?.find(
    (data) => data.rotation !== undefined,
  )?.rotation;
  const rate = (text: unknown) => String(text).split('/').map(Number);
  const [frames = 0, per = 1] = rate(video?.avg_frame_rate);
  return {
    format: String(format.format_name),
    seconds: Number(format.duration),
    ...(video && {
      video: `${video.codec_name} ${video.width}x${video.height} ${Number((frames / per).toFixed(2))}`,
      frames: Number(video.nb_read_packets),
      pixels: String(video.pix_fmt),
      tag: String(video.codec_tag_string),
      videoBitRate: Number(video.bit_rate),
    }),
    ...(rotation !== undefined && { rotation }),
    ...(audio && {
      audio: `${audio.codec_name} ${audio.sample_rate} ${audio.channels}`,
      bits: String(audio.bits_per_raw_sample),
    }),
    ...(of('subtitle')[0] && { subtitle: String(of('subtitle')[0]?.codec_name) }),
  };
}

/** The first frame in shades of grey, one byte a pixel, row by row. */
export async function greyFrame(bytes: Buffer): Promise<Buffer> {
  const file = await written(bytes);
  const args = ['-v', 'error', '-i', file, '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const { stdout } = await exec('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
