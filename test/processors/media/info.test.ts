/** video/info and audio/info: IN1 and IN2 of media.md §21.2 and the document of §16. */
import { beforeAll, expect, it } from 'vitest';
import { freshBucket, get, ossError, posted, processed, put, saveas, submitted } from '../../helpers/ossite.ts';
import { type SourceName, source } from './sources.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
});

type Stream = Readonly<Record<string, string | number>>;
interface Meta {
  readonly [member: string]: string | number | readonly Stream[];
}

async function info(of: SourceName, process = 'video/info'): Promise<Meta> {
  await put(bucket, of, await source(of));
  const answer = await processed(bucket, of, process);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as Meta;
}

it('IN1: a video, whole', async () => {
  const whole = await info('M1.mp4');
  const size = (await source('M1.mp4')).length;
  expect(whole).toEqual({
    FormatName: 'mov,mp4,m4a,3gp,3g2,mj2',
    FormatLongName: 'QuickTime / MOV',
    Duration: 3,
    StartTime: 0,
    Bitrate: expect.closeTo((size * 8) / 3, -1),
    Size: size,
    StreamCount: 2,
    ProgramCount: 0,
    VideoWidth: 1280,
    VideoHeight: 720,
    VideoStreams: [
      {
        Index: 0,
        Language: 'und',
        CodecName: 'h264',
        CodecLongName: 'H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10',
        Profile: 'Constrained Baseline',
        CodecTimeBase: '1/50',
        CodecTagString: 'avc1',
        CodecTag: '0x31637661',
        Width: 1280,
        Height: 720,
        HasBFrames: 0,
        SampleAspectRatio: '1:1',
        DisplayAspectRatio: '16:9',
        PixelFormat: 'yuv420p',
        Level: 31,
        FrameRate: '25/1',
        AverageFrameRate: '25/1',
        TimeBase: '1/12800',
        StartTime: 0,
        Duration: 3,
        Bitrate: expect.any(Number),
        FrameCount: 75,
        BitDepth: 8,
      },
    ],
    AudioStreams: [
      {
        Index: 1,
        Language: 'und',
        CodecName: 'aac',
        CodecLongName: 'AAC (Advanced Audio Coding)',
        CodecTimeBase: '1/44100',
        CodecTagString: 'mp4a',
        CodecTag: '0x6134706d',
        TimeBase: '1/44100',
        StartTime: 0,
        Duration: 3,
        Bitrate: expect.any(Number),
        FrameCount: expect.any(Number),
        SampleFormat: 'fltp',
        SampleRate: 44100,
        Channels: 2,
        ChannelLayout: 'stereo',
      },
    ],
  });
});

it('a FLAC file with two covers, as the page shows one', async () => {
  const { VideoStreams, AudioStreams, ...rest } = await info('album.flac', 'audio/info');
  expect(rest).toEqual({
    FormatName: 'flac',
    FormatLongName: 'raw FLAC',
    Duration: 2,
    StartTime: 0,
    Bitrate: expect.any(Number),
    Size: (await source('album.flac')).length,
    StreamCount: 3,
    ProgramCount: 0,
    Title: 'Blue',
    Album: 'Colours',
    AlbumArtist: 'All',
    Artist: 'One',
    Composer: 'Two',
    Performer: 'Three',
    Language: 'eng',
  });
  expect(VideoStreams).toMatchObject([{ CodecName: 'mjpeg' }, { CodecName: 'mjpeg' }]);
  expect(AudioStreams).toHaveLength(1);
  expect(AudioStreams).toMatchObject([
    {
      CodecName: 'flac',
      CodecTag: '0x0000',
      CodecTagString: '[0][0][0][0]',
      Channels: 2,
      ChannelLayout: 'stereo',
      SampleRate: 44100,
      Lyric: 'La',
    },
  ]);
});

it.each<[what: string, of: SourceName, process: string, shows: object, never: readonly string[]]>([
  [
    'IN2: sound',
    'sung.mp3',
    'audio/info',
    { FormatName: 'mp3', AudioStreams: [{ Channels: 1, Lyric: 'La la' }] },
    ['VideoStreams', 'VideoWidth', 'Subtitles', 'Title', 'LatLong', 'ProduceTime', 'Addresses', 'RequestId'],
  ],
  ['video/info of sound', 'speech.aac', 'video/info', { AudioStreams: [{ CodecName: 'aac' }] }, ['VideoStreams']],
  ['audio/info of a video', 'small.mp4', 'audio/info', { VideoWidth: 160, VideoStreams: [{}] }, []],
  ['tags kept with the stream', 'tagged.ogg', 'audio/info', { Title: 'In the stream' }, []],
  [
    'time, place, rotation',
    'travel.mp4',
    'video/info',
    {
      ProduceTime: '2021-12-24T03:01:49Z',
      LatLong: '30.1,120.2',
      VideoStreams: [{ Rotate: '270', Width: 160 }],
      AudioStreams: [{ Language: 'deu' }],
    },
    [],
  ],
  [
    'subtitles; lengths that stand in tags',
    'subtitled.mkv',
    'video/info',
    { StreamCount: 2, VideoStreams: [{ Duration: 1 }], Subtitles: [{ CodecName: 'subrip', CodecTag: '0x0000' }] },
    ['AudioStreams'],
  ],
  [
    'colours, a deeper one',
    'red.mp4',
    'video/info',
    { VideoStreams: [{ ColorSpace: 'bt709', BitDepth: 8, SampleAspectRatio: '1:1' }] },
    [],
  ],
  ['a program', 'count.ts', 'video/info', { FormatName: 'mpegts', ProgramCount: 1 }, []],
])('%s', async (_what, of, process, shows, never) => {
  const found = await info(of, process);
  expect(found).toMatchObject(shows);
  expect(Object.keys(found).filter((member) => never.includes(member))).toEqual([]);
  expect(JSON.stringify(found)).not.toContain('null');
});

it('answers with the validators of the object and no checksum of it', async () => {
  await put(bucket, 'small.mp4', await source('small.mp4'));
  const { headers } = await get(bucket, 'small.mp4');
  const answer = await processed(bucket, 'small.mp4', 'video/info');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json;charset=utf-8',
    etag: headers.etag,
    'last-modified': headers['last-modified'],
  });
  const names = Object.keys(answer.headers);
  expect(names.filter((name) => ['x-oss-hash-crc64ecma', 'content-md5'].includes(name))).toEqual([]);
  const again = await processed(bucket, 'small.mp4', 'video/info');
  expect([again.text, again.headers['content-type']]).toEqual([answer.text, answer.headers['content-type']]);
  expect((await posted(bucket, 'small.mp4', 'video/info')).text).toBe(answer.text);
});

it.each(['video/info', 'audio/info'])('%s of what is no media: IMM’s refusal', async (process) => {
  await put(bucket, 'letter', Buffer.from('Just a letter to a friend.\n'.repeat(40)));
  const { status, code, ec, message } = ossError(await processed(bucket, 'letter', process));
  expect({ status, code, ec }).toEqual({ status: 400, code: 'Imm Client', ec: '0056-00000001' });
  expect(message).toMatch(/^UnsupportedMedia, The source cannot be read as video or audio.* [0-9A-F-]{36}$/);
});

it('stands alone, saves nothing, is not asynchronous; the object must be there', async () => {
  await put(bucket, 'small.mp4', await source('small.mp4'));
  const saved = await posted(bucket, 'small.mp4', `video/info${saveas('o.json')}`);
  expect(ossError(saved)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  const chained = await processed(bucket, 'small.mp4', 'video/info|video/snapshot,t_0');
  expect(ossError(chained)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  const later = await submitted(bucket, 'small.mp4', `video/info${saveas('o.json')}`);
  expect(ossError(later)).toMatchObject({ status: 404, code: 'Imm Client' });
  const missing = await processed(bucket, 'nowhere.mp4', 'video/info');
  expect(ossError(missing)).toMatchObject({ status: 404, code: 'NoSuchKey', ec: '0040-00000024' });
});
