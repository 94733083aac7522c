/** When each frame of a video is shown: what frames are picked from (media.md §7.9). */
import { TaskFailure } from '../failure.ts';
import type { RunContext } from '../operation.ts';
import { ffprobeList } from './ffmpeg.ts';
import type { VideoStream } from './probe.ts';
import type { Recording } from './recording.ts';

export interface Frame {
  /** Seconds from the beginning of the file. */
  readonly time: number;
  readonly key: boolean;
}

export interface Timeline {
  /** In the order in which they are shown. */
  readonly frames: readonly Frame[];
  /** Seconds from the beginning of the file to the end of the last frame. */
  readonly end: number;
  /** The file's own time stamp of its beginning, in seconds. */
  readonly origin: number;
  /**
   * Who says so. The container's word costs no decoding and names frames by their times, so that they can be looked for;
   * the decoder's cannot be wrong, and names frames by their order.
   */
  readonly told: 'container' | 'decoder';
}

/**
 * Containers that store when each frame is shown, and whose index leads to the key frame before any time. In all others
 * frames are shown at times that follow from decoding (avi stores none), or a search ends somewhere behind the key
 * frame (ts).
 */
const INDEXED = /^(mov|matroska)\b/;

/**
 * Reads the timeline of a recording's video.
 * @param told `container` is tried first where it is to be trusted
 * @throws TaskFailure InvalidArgument when there is no video, UnsupportedMedia when no frame of it can be read
 */
export async function readTimeline(
  { source, media }: Recording,
  told: Timeline['told'],
  ctx: RunContext,
): Promise<Timeline> {
  const { video } = media;
  if (video === undefined) throw new TaskFailure('InvalidArgument', 'The source has no video to take pictures from.');
  const ask = (entries: string) => ['-select_streams', String(video.index), '-show_entries', entries];
  if (told === 'container' && INDEXED.test(media.format)) {
    const rows = await ffprobeList(source.file, ask('packet=pts_time,duration_time,flags:format=start_time'), ctx);
    const timeline = fromPackets(rows);
    if (timeline !== undefined) return timeline;
  }
  // Two threads: one is what ffprobe takes by itself.
  const entries = ask('frame=key_frame,best_effort_timestamp_time:format=start_time');
  const timeline = fromFrames(await ffprobeList(source.file, ['-threads', '2', ...entries], ctx), video);
  if (timeline.frames.length === 0) throw new TaskFailure('UnsupportedMedia', 'No frame of the source can be decoded.');
  return timeline;
}

type Rows = readonly (readonly string[])[];

/** @returns `undefined` when a packet has no time, or two have the same: then it takes a decoder to tell */
function fromPackets(rows: Rows): Timeline | undefined {
  const origin = originOf(rows);
  const packets = rows
    // D: hidden by an edit list
    .filter(([kind, , , flags = '']) => kind === 'packet' && !flags.includes('D'))
    .map(([, time, duration, flags = '']) => ({
      time: Number(time) - origin,
      duration: Number(duration) || 0,
      key: flags.startsWith('K'),
    }))
    .sort((a, b) => a.time - b.time);
  const last = packets.at(-1);
  const distinct = packets.every(({ time }, i) => i === 0 || time > (packets[i - 1]?.time ?? 0));
  if (last === undefined || !distinct || packets.some(({ time }) => Number.isNaN(time))) return undefined;
  const end = last.time + (last.duration || meanGap(packets));
  return { frames: packets, end, origin, told: 'container' };
}

/** Streams without any container have no times: there a frame follows its order and the rate. */
function fromFrames(rows: Rows, { frameRate }: VideoStream): Timeline {
  const origin = originOf(rows);
  const frames = rows
    .filter(([kind]) => kind === 'frame')
    .map(([, key, time], i) => ({
      time: time === 'N/A' ? i / (frameRate?.value ?? 25) : Number(time) - origin,
      key: key === '1',
    }));
  return { frames, end: (frames.at(-1)?.time ?? 0) + meanGap(frames), origin, told: 'decoder' };
}

/** Absent in streams without any container. */
const originOf = (rows: Rows) => Number(rows.find(([kind]) => kind === 'format')?.[1]) || 0;

/** Mean distance of frames in seconds. */
function meanGap(frames: readonly { readonly time: number }[]): number {
  const span = (frames.at(-1)?.time ?? 0) - (frames[0]?.time ?? 0);
  return frames.length < 2 ? 0.04 : span / (frames.length - 1);
}
