/** Files that are real videos and carry the names of other files and addresses inside. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const exec = promisify(execFile);

/** A playlist that names a file of the machine and an address. */
export const playlist = (port: number): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:${port}/x.ts\n#EXT-X-ENDLIST\n`;

function chunk(id: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(id, 'latin1'), size, data, Buffer.alloc(data.length % 2)]);
}

const list = (type: string, ...parts: readonly Buffer[]) =>
  chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...parts]));

/** Little-endian 32-bit words; text of four letters as it is. */
function words(...values: readonly (number | string)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      if (typeof value === 'string') return Buffer.from(value, 'latin1');
      const word = Buffer.alloc(4);
      word.writeInt32LE(value);
      return word;
    }),
  );
}

/**
 * An AVI of one picture with a subtitle stream in the GAB2 form, whose text is a playlist: readers that guess the format
 * of such a text have opened what it names.
 */
export async function aviWithPlaylist(port: number): Promise<Buffer> {
  const [width, height] = [160, 120];
  const jpeg = await sharp({ create: { width, height, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
  const header = (type: string, codec: string) =>
    chunk('strh', words(type, codec, 0, 0, 0, 1, 25, 0, 25, jpeg.length, -1, 0, 0, 0));
  const bitmap = words(40, width, height, 0x0018_0001, 'MJPG', width * height * 3, 0, 0, 0, 0);
  const picture = list('strl', header('vids', 'MJPG'), chunk('strf', bitmap));
  const subtitles = list('strl', header('txts', '\0\0\0\0'), chunk('strf', Buffer.alloc(0)));
  const main = chunk('avih', words(40_000, 0, 0, 0x10, 25, 0, 2, jpeg.length, width, height, 0, 0, 0, 0));
  const text = Buffer.from(playlist(port));
  // "GAB2", zero, version 2; a description; four ignored bytes' worth of kind; the length; the text
  const gab2 = Buffer.concat([
    Buffer.from('GAB2\0\x02\0', 'latin1'),
    words(4),
    Buffer.from('e\0\0\0', 'latin1'),
    Buffer.from('\x04\0', 'latin1'),
    words(text.length),
    text,
  ]);
  const pictures = Array.from({ length: 25 }, () => chunk('00dc', jpeg));
  const movie = list('movi', chunk('01tx', gab2), ...pictures);
  return chunk('RIFF', Buffer.concat([Buffer.from('AVI '), list('hdrl', main, picture, subtitles), movie]));
}

/** A Matroska file whose subtitles, title, chapter and attachment all name a file of the machine and an address. */
export async function mkvWithNames(port: number): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'ossite-traps-'));
  try {
    const [subtitles, attachment, chapters, file] = ['s.srt', 'list.m3u8', 'chapters.txt', 'out.mkv'].map((name) =>
      join(dir, name),
    ) as [string, string, string, string];
    const names = `file:///etc/passwd http://127.0.0.1:${port}/x`;
    await writeFile(subtitles, `1\n00:00:00,100 --> 00:00:00,900\n${names}\n`);
    await writeFile(attachment, playlist(port));
    await writeFile(
      chapters,
      `;FFMETADATA1\ntitle=${names}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=${names}\n`,
    );
    await exec('ffmpeg', [
      ...[
        '-nostdin',
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=160x120:r=25:d=1',
        '-i',
        subtitles,
        '-i',
        chapters,
      ],
      ...['-map', '0', '-map', '1', '-map_metadata', '2', '-map_chapters', '2', '-c:v', 'libx264', '-c:s', 'srt'],
      ...['-attach', attachment, '-metadata:s:t', 'mimetype=application/vnd.apple.mpegurl'],
      ...['-metadata:s:t', `filename=http://127.0.0.1:${port}/list.m3u8`, file],
    ]);
    return await readFile(file);
  } finally {
    await rm(dir, { recursive: true });
  }
}
