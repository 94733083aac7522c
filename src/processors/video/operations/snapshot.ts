/** video/snapshot (media.md §15): one frame while the client waits. OSS does it by itself, without IMM, for anyone. */
import { TaskFailure } from '../../failure.ts';
import { MAX_PIXELS } from '../../media/ffmpeg.ts';
import { pictureFormats } from '../../media/pictures.ts';
import type { Dimensions, VideoStream } from '../../media/probe.ts';
import { still } from '../../media/still.ts';
import { fallback, int, oneOf, optional, type Values } from '../../params.ts';
import { videoOperation } from '../family.ts';

/** OSS's team names it as the last value of `t` (media.md §15). */
const LATEST = 2 ** 31 - 1;
/** Neither a side nor an area is documented beyond "the video's own"; larger ones are drawn as well (assumed). */
const MAX_SIDE = 16_384;

const side = (doc: string, ec: string) => fallback(int(doc, { min: 0, max: MAX_SIDE }, { ec }), 0);

const params = {
  t: int('Which moment, in milliseconds; after the last frame: the last frame.', { min: 0, max: LATEST }, codes('101')),
  // OSS requires it; when it is missing JPEG is assumed.
  f: fallback(oneOf('Format of the picture.', ['jpg', 'png'], codes('107')), 'jpg'),
  w: side('Width; 0: as the height and the shape of the video demand.', '0053-00000104'),
  h: side('Height; 0: as the width and the shape of the video demand.', '0053-00000105'),
  m: optional(
    oneOf('Fast takes the key frame at or before t; absent: the first frame at or after t.', ['fast'], codes('106')),
  ),
  ar: optional(
    oneOf(
      'Turned as the video says; h and w also by a quarter turn until it stands or lies. Absent: as stored.',
      ['auto', 'h', 'w'],
      codes('108'),
    ),
  ),
  // Known from their EC codes alone.
  l: side('Longer side; without w and h only.', '0053-00000102'),
  s: side('Shorter side; without w and h only.', '0053-00000103'),
};

type Params = Values<typeof params>;

function codes(last: string): { readonly ec: string; readonly missingEc: string } {
  const ec = `0053-00000${last}`;
  return { ec, missingEc: ec };
}

export default videoOperation({
  name: 'snapshot',
  summary: 'Draws one frame of a video as a picture.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-snapshots',
  modes: ['sync'],
  imm: false,
  malformedEc: '0053-00000109',
  fidelity: {
    level: 'approximate',
    because: 'l and s are known from error codes alone; the quality of JPEG is assumed',
  },
  params,
  examples: [
    { of: 'clip.mp4', process: 'video/snapshot,t_2000,f_jpg,w_320,h_180', shows: 'the frame at two seconds, small' },
    { of: 'clip.mp4', process: 'video/snapshot,t_4500,f_png,w_160,m_fast', shows: 'the key frame before, as PNG' },
    { of: 'clip.mp4', process: 'video/snapshot,t_99999,f_jpg,ar_h,h_320', shows: 'the last frame, made upright' },
  ],
  async run({ input, params, ctx }) {
    const { video } = input.media;
    if (video === undefined) throw new TaskFailure('UnsupportedMedia', 'The source has no video.');
    if (video.codec !== 'h264' && video.codec !== 'h265') {
      throw new TaskFailure(
        'UnsupportedMedia',
        `The format is not supported: video/snapshot takes h264 and h265; the source is ${video.codec}.`,
      );
    }
    const { t, f, m, ar } = params;
    const { quarterTurn, shape } = orientation(video, ar);
    const look = { size: sizeOf(params, shape), upright: ar !== undefined, quarterTurn, format: f };
    const bytes = await still(input, video, { seconds: t / 1000, manner: m ?? 'exact' }, look, ctx);
    if (bytes === undefined) throw new TaskFailure('UnsupportedMedia', 'The source has no frame that can be decoded.');
    return [{ bytes, ext: f, contentType: pictureFormats[f].contentType }];
  },
});

/**
 * The picture's shape before it is given a size. `h` and `w` follow the rotation metadata first, then turn what still
 * lies the other way (assumed, media.md §15).
 */
function orientation({ shown, turned }: VideoStream, ar: Params['ar']): { quarterTurn: boolean; shape: Dimensions } {
  const across = { width: shown.height, height: shown.width };
  if (ar === undefined) return { quarterTurn: false, shape: turned ? across : shown };
  const lies = shown.width > shown.height;
  const stands = shown.height > shown.width;
  const quarterTurn = (ar === 'h' && lies) || (ar === 'w' && stands);
  return { quarterTurn, shape: quarterTurn ? across : shown };
}

/** @throws TaskFailure InvalidArgument for a picture that is too large */
function sizeOf(params: Params, shape: Dimensions): Dimensions {
  const { w, h } = sidesOf(params, shape);
  const side = (given: number, other: number, ratio: number) =>
    given > 0 ? given : Math.max(1, Math.round(other * ratio));
  const size =
    w === 0 && h === 0
      ? shape
      : { width: side(w, h, shape.width / shape.height), height: side(h, w, shape.height / shape.width) };
  const { width, height } = size;
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) {
    const limits = `sides of ${MAX_SIDE} and ${MAX_PIXELS} pixels`;
    throw new TaskFailure(
      'InvalidArgument',
      `The picture would have ${width}x${height} pixels; at most ${limits} are drawn.`,
    );
  }
  return size;
}

/** `l` and `s` count where neither `w` nor `h` is given (assumed). */
function sidesOf({ w, h, l, s }: Params, { width, height }: Dimensions): { w: number; h: number } {
  if (w > 0 || h > 0) return { w, h };
  return width >= height ? { w: l, h: s } : { w: s, h: l };
}
