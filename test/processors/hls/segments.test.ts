/** hls/m3u8 and hls/ts: HL1 of media.md §21.2, and that what is made piece by piece plays as one (§17). */
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, freshBucket, get, posted, processed, put, saveas } from '../../helpers/ossite.ts';
import { look, type SourceName, source } from '../media/sources.ts';
import { fetched, type Packet, packetsOf, played, type Shown, shown, urisOf } from './playing.ts';

let bucket: string;
/** Each playlist has a folder of its own. */
let count = 0;
beforeAll(async () => {
  bucket = await freshBucket();
});

/** Makes a playlist and gives its key and text. */
async function playlist(of: SourceName, params: string): Promise<{ key: string; text: string }> {
  await put(bucket, of, await source(of));
  const prefix = `live-${count++}/v`;
  const answer = await posted(bucket, of, `hls/m3u8,${params}${saveas(prefix)}`);
  expect(answer.status, answer.text).toBe(200);
  return { key: `${prefix}.m3u8`, text: (await get(bucket, `${prefix}.m3u8`)).text };
}

const allOf = async (of: SourceName) => (await shown(await source(of))).greys;

it('HL1: a playlist, its first segment, and the others when they are asked for', async () => {
  const { key, text } = await playlist('film.mp4', 'vcodec_h264,acodec_aac,st_5000,initd_5000');
  const stored = await get(bucket, key);
  expect(stored.headers['content-type']).toBe('application/vnd.apple.mpegurl');
  expect(text.split('\n').filter((line) => /^#EXT/.test(line))).toEqual([
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    '#EXT-X-TARGETDURATION:5',
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXTINF:5.000,',
    '#EXTINF:5.000,',
    '#EXTINF:2.000,',
    '#EXT-X-ENDLIST',
  ]);
  const uris = urisOf(text);
  expect(uris.map((uri) => uri.replace(/[0-9a-f]{32}/, 'TOKEN'))).toEqual([
    'v-TOKEN-0.ts',
    'v-TOKEN-1.ts',
    'v-TOKEN-2.ts',
  ]);
  const names = uris.map((uri) => `${key.slice(0, key.indexOf('/'))}/${uri}`);
  const there = async () => Promise.all(names.map(async (name) => (await get(bucket, name)).status));
  expect(await there()).toEqual([200, 404, 404]);
  const wrapped = `if_status_eq_404{hls/ts,from_${b64(key)}}`;
  const made = await processed(bucket, names[1] ?? '', wrapped);
  expect([made.status, made.headers['content-type']]).toEqual([200, 'video/MP2T']);
  expect(await look(made.bytes)).toMatchObject({ format: 'mpegts', video: 'h264 64x48 10', audio: 'aac 44100 2' });
  expect(await there()).toEqual([200, 200, 404]);
  // From now on it is an object like any other.
  const plain = await get(bucket, names[1] ?? '');
  expect(plain.bytes.equals(made.bytes)).toBe(true);
  const part = await processed(bucket, names[1] ?? '', wrapped, { range: 'bytes=188-375' });
  expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 188-375/${made.bytes.length}`]);
  expect(part.bytes.equals(made.bytes.subarray(188, 376))).toBe(true);
});

it('answers in IMM’s shape', async () => {
  await put(bucket, 'film.mp4', await source('film.mp4'));
  const target = saveas('shape/{barename}.{autoext}');
  const answer = await posted(bucket, 'film.mp4', `hls/m3u8,initd_0,s_128x96,sopt_0,fps_5${target}`);
  expect(answer.headers['content-type']).toBe('application/json');
  const Token = expect.stringMatching(/^[0-9a-f]{32}$/);
  const URI = `oss://${bucket}/shape/film.m3u8`;
  expect(JSON.parse(answer.text)).toEqual({
    AudioPlaylist: [],
    Duration: 12,
    MasterURI: '',
    RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    SubtitlePlaylist: [],
    Token,
    VideoPlaylist: [{ FrameRate: '5', Resolution: '128x96', Token, URI }],
  });
  expect((await get(bucket, 'shape/film.m3u8')).text).toMatch(/^film-[0-9a-f]{32}-0\.ts$/m);
});

describe('three segments, two joints', () => {
  let text: string;
  let segments: readonly Buffer[];
  let original: Shown;
  let player: Shown;
  beforeAll(async () => {
    original = await shown(await source('film.mp4'));
    const made = await playlist('film.mp4', 'st_5000,initd_-1,ab_192000');
    text = made.text;
    segments = await fetched(bucket, made.key);
    player = await played(text, segments);
  });

  it('every frame of the source is shown, once', async () => {
    expect(original.greys).toHaveLength(120);
    expect(player).toMatchObject({ greys: original.greys, stderr: '' });
  });

  it('so it is in the segments as one file', async () => {
    expect(await shown(Buffer.concat(segments))).toMatchObject({ greys: original.greys, stderr: '' });
  });

  it('time stamps go on as in one file', async () => {
    const { video, audio } = await packetsOf(Buffer.concat(segments));
    const steps = (packets: readonly Packet[]) => packets.slice(1).map(({ dts }, i) => dts - (packets[i]?.dts ?? 0));
    expect(video).toHaveLength(120);
    expect(steps(video).every((step) => Math.abs(step - 0.1) < 0.001)).toBe(true);
    expect(steps(audio).every((step) => Math.abs(step - 1024 / 44_100) < 0.001)).toBe(true);
  });

  it('joints can not be heard: there the sound is as near to the source as elsewhere', async () => {
    // The packet that starts the decoder up is silent.
    const difference = (second: number) => {
      const from = Math.round(second * 44_100);
      const span = Array.from({ length: 8192 }, (_, i) => from - 4096 + i);
      return Math.max(...span.map((i) => Math.abs((player.samples[i + 1024] ?? 0) - (original.samples[i] ?? 0))));
    };
    for (const second of [2, 5, 7, 10]) expect(difference(second), `at ${second} s`).toBeLessThan(100);
  });
});

describe('what is shown is what the source shows', () => {
  it.each<
    [what: string, of: SourceName, params: string, lengths: readonly number[], frames: readonly [number, number]]
  >([
    ['h265 in a window', 'film.mp4', 'ss_1000,t_8000,st_5000,vcodec_h265,an_1', [5, 3], [10, 90]],
    ['a source without index', 'count.ts', 'st_5000', [5, 3], [0, 200]],
    ['segments that are no multiple of a frame', 'count.mkv', 'st_5015', [5.015, 2.985], [0, 200]],
    ['more picture than sound', 'count-hushed.mp4', 'st_5000', [5, 3], [0, 200]],
    ['more sound than picture', 'long-sound.mp4', 'st_5000,ss_3000', [5, 4], [75, 200]],
  ])('%s', async (_what, of, params, lengths, [from, to]) => {
    const { key, text } = await playlist(of, params);
    expect([...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length))).toEqual(lengths);
    const seen = await played(text, await fetched(bucket, key));
    expect(seen.greys).toEqual((await allOf(of)).slice(from, to));
    expect(seen.stderr).toBe('');
  });

  it('fewer frames where fps asks for them', async () => {
    const whole = await allOf('film.mp4');
    const { key, text } = await playlist('film.mp4', 'st_6000,fps_5,an_1');
    const { greys } = await played(text, await fetched(bucket, key));
    expect(greys).toHaveLength(60);
    expect(greys.every((grey, i) => Math.abs(grey - (whole[i * 2] ?? -9)) <= 2)).toBe(true);
  });
});
