/** What is uploaded as a video but is none: playlists that point elsewhere, text, broken and oversized files. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { b64, converted, fixture, freshBucket, get, ossError, processed, put, saveas } from '../../helpers/ossite.ts';
import { look, source } from '../media/sources.ts';
import { aviWithPlaylist, mkvWithNames, playlist } from '../media/traps.ts';

let bucket: string;
let connections = 0;
let trap: Server;
let port: number;

beforeAll(async () => {
  bucket = await freshBucket();
  trap = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((listening) => trap.listen(0, '127.0.0.1', listening));
  port = (trap.address() as { port: number }).port;
});
afterAll(() => trap.close());

const dash = () =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>http://127.0.0.1:${port}/</BaseURL><SegmentList><SegmentURL media="x.mp4"/></SegmentList></Representation></AdaptationSet></Period></MPD>`;

const files: readonly (readonly [name: string, bytes: () => Buffer | Promise<Buffer>, says: RegExp])[] = [
  ['a playlist.mp4', () => Buffer.from(playlist(port)), /playlist/],
  ['a playlist.m3u8', () => Buffer.from(playlist(port)), /playlist/],
  ['a concat script.mp4', () => Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n'), /playlist/],
  ['a dash manifest.mpd', () => Buffer.from(dash()), /read/],
  [
    'a session.sdp',
    () => Buffer.from(`v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\n`),
    /read/,
  ],
  ['a picture.mp4', () => fixture('photo.jpg'), /read/],
  ['text.mp4', () => Buffer.from('Just a letter to a friend.\n'.repeat(40)), /read/],
  ['text.mp3', () => Buffer.from('Just a letter to a friend.\n'.repeat(40)), /read/],
  ['nothing.mp4', () => Buffer.alloc(0), /read/],
  ['zeros.avi', () => Buffer.alloc(100_000), /read/],
  ['cut off.mp4', async () => (await source('M1.mp4')).subarray(0, 50_000), /moov/],
  ['a frame too wide.mkv', () => source('huge.mkv'), /16400 pixels; at most 16384/],
  ['too many streams.mkv', () => source('streams.mkv'), /65 streams/],
];

/** No path of this machine is told to anyone. */
const PATH = /\/(tmp|work|home|etc|var|root)\b/;

/** Every way to have a file read: the processes of tasks, of the GETs, and as a clip of a sound one. */
const TASKS = [
  'video/convert,f_mp4',
  'video/convert,f_mp4,vcodec_h264,acodec_aac',
  'video/animation,f_gif',
  'video/snapshots,f_jpg',
  'video/sprite,f_jpg',
  'video/concat,f_mp4,vcodec_h264,acodec_aac',
  'audio/convert,f_mp3',
  'audio/concat,f_mp3',
];

describe('what is no video', () => {
  it.each(files)('%s', async (name, bytes, says) => {
    await put(bucket, name, await bytes());
    await put(bucket, 'sound.mp4', await source('small.mp4'));
    const clip = `video/concat,f_mp4,vcodec_h264,acodec_aac/sur,o_${b64(name)}`;
    const tasks = await Promise.all([
      ...TASKS.map((process) => converted(bucket, name, process + saveas('o'))),
      converted(bucket, 'sound.mp4', clip + saveas('o')),
    ]);
    for (const task of tasks) {
      expect(task).toMatchObject({ Status: 'Failed', Code: 'UnsupportedMedia', Message: expect.stringMatching(says) });
      expect(task.Message).not.toMatch(PATH);
    }
    for (const process of ['video/snapshot,t_0', 'video/info', 'audio/info']) {
      const answer = await processed(bucket, name, process);
      expect(ossError(answer).status, process).toBe(400);
      expect(answer.text).not.toMatch(PATH);
    }
    expect(connections).toBe(0);
  });
});

describe('videos that name other files inside', () => {
  it.each([
    ['an .avi with a playlist as subtitles', 'trap.avi', aviWithPlaylist],
    ['an .mkv with names as subtitles, titles and an attachment', 'trap.mkv', mkvWithNames],
  ] as const)('%s: the picture is read, the names are not followed', async (_, name, make) => {
    await put(bucket, name, await make(port));
    for (const process of ['video/convert,f_mkv', 'video/convert,f_mp4,vcodec_h264', 'video/snapshots,f_png,num_1']) {
      const task = await converted(bucket, name, process + saveas(`${name}/{index}.{autoext}`));
      expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
      const { bytes } = await get(bucket, task.Outputs[0]?.Key as string);
      expect(bytes.toString('latin1')).not.toContain('root:');
      if (!process.includes('snapshots')) expect((await look(bytes)).frames).toBe(25);
    }
    expect((await processed(bucket, name, 'video/info')).status).toBe(200);
    expect(connections).toBe(0);
  });
});
