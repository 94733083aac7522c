/** What is uploaded as a video but is none: playlists that point elsewhere, text, broken and oversized files. */
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { converted, fixture, freshBucket, put, saveas } from '../../helpers/ossite.ts';
import { source } from '../media/sources.ts';

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

const playlist = () =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:${port}/x.ts\n#EXT-X-ENDLIST\n`;
const dash = () =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>http://127.0.0.1:${port}/</BaseURL><SegmentList><SegmentURL media="x.mp4"/></SegmentList></Representation></AdaptationSet></Period></MPD>`;

const files: readonly (readonly [name: string, bytes: () => Buffer | Promise<Buffer>, says: RegExp])[] = [
  ['a playlist.mp4', () => Buffer.from(playlist()), /playlist/],
  ['a playlist.m3u8', () => Buffer.from(playlist()), /playlist/],
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

it.each(files)('%s', async (name, bytes, says) => {
  await put(bucket, name, await bytes());
  for (const codecs of ['', ',vcodec_h264,acodec_aac']) {
    const task = await converted(bucket, name, `video/convert,f_mp4${codecs}${saveas('o')}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'UnsupportedMedia', Message: expect.stringMatching(says) });
    expect(task.Message).not.toMatch(/\/(tmp|work|home|etc|var|root)\b/);
  }
  expect(connections).toBe(0);
});
