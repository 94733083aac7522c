/** hls/m3u8 (media.md §17.1): a playlist whose first segments are made at once and the others by hls/ts. */
import { randomUUID } from 'node:crypto';
import type { Media } from '../../media/probe.ts';
import { frameRateFilters } from '../../media/rates.ts';
import { openRecording } from '../../media/recording.ts';
import { resultSize } from '../../media/size.ts';
import { uriOf } from '../../notice.ts';
import type { Artifact } from '../../operation.ts';
import { hlsOperation } from '../family.ts';
import { checkLive, type LiveParams, liveParams } from '../live.ts';
import { suffixOf, tokenOf, writePlaylist } from '../playlist.ts';
import { makeSegment } from '../segment.ts';
import { timeline } from '../timeline.ts';

export default hlsOperation({
  name: 'm3u8',
  summary: 'Makes a playlist for watching a video while it is transcoded, and its first segments.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/generate-video-playlist',
  modes: ['sync'],
  saved: true,
  fidelity: {
    level: 'approximate',
    because:
      'segments are made when they are asked for and none ahead, so that ta has no effect; the text and the answer are assumed',
  },
  params: liveParams,
  examples: [
    {
      of: 'clip.mp4',
      process: 'hls/m3u8,st_5000,initd_5000,s_320x,scaletype_fit',
      shows: 'a playlist of one segment, which is there at once',
    },
  ],
  check: checkLive,
  async run({ input, params, ctx }) {
    const recording = await openRecording(input, ctx);
    const pieces = timeline(params, recording.media);
    const origin = { source: ctx.asked, process: ctx.process };
    const token = tokenOf(origin, input.etag ?? '');
    const segments: Artifact[] = [];
    for (const piece of pieces.slice(0, upFront(params, pieces.length))) {
      segments.push({ ...(await makeSegment(recording, params, piece, ctx)), suffix: suffixOf(token, piece.index) });
    }
    const playlist: Artifact = {
      bytesFor: (key) => Buffer.from(writePlaylist(key, origin, token, { length: params.st, pieces })),
      ext: 'm3u8',
      contentType: 'application/vnd.apple.mpegurl',
      suffix: '',
      reply: (bucket, key) => answer(uriOf(bucket, key), token, pieces.at(-1)?.end ?? 0, params, recording.media),
    };
    return [playlist, ...segments];
  },
});

/** How many segments are made at once. */
function upFront({ initd, st }: LiveParams, all: number): number {
  return initd < 0 ? all : Math.min(all, Math.ceil(initd / st));
}

/** What OSS answers is not documented; this is the shape of IMM's answer (assumed). */
function answer(uri: string, token: string, seconds: number, params: LiveParams, { video, audio }: Media): string {
  const common = { Token: token, URI: uri };
  return JSON.stringify({
    AudioPlaylist: video === undefined ? [{ Channels: params.ac ?? audio?.channels, ...common }] : [],
    Duration: seconds,
    MasterURI: '',
    RequestId: randomUUID().toUpperCase(),
    SubtitlePlaylist: [],
    Token: token,
    VideoPlaylist: video === undefined ? [] : [{ ...shown(params, video), ...common }],
  });
}

function shown(params: LiveParams, video: NonNullable<Media['video']>) {
  const { width, height } = resultSize(params, video);
  const [rate] = frameRateFilters(params.fps, params.fpsopt, video);
  return { FrameRate: rate?.replace('fps=', ''), Resolution: `${width}x${height}` };
}
