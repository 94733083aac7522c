/**
 * IMM's DetectMediaMeta document, which `video/info` and `audio/info` answer with (media.md §16), out of ffprobe's
 * findings. Members that do not apply are absent: JSON leaves out what is `undefined`.
 */
import { isCover, type Probed, type ProbedFormat, type ProbedStream, rotationOf, type Tags } from './probed.ts';

type Member = string | number | undefined;
type Members = Readonly<Record<string, Member>>;
type Document = Readonly<Record<string, Member | readonly Members[]>>;

/** @returns the document; addresses, which need a map service, and the request id are left out (both may be absent) */
export function mediaMeta({ format = {}, streams = [] }: Probed): Document {
  const of = (kind: string) => streams.filter((stream) => stream.codec_type === kind);
  const videos = of('video');
  const audios = of('audio');
  // Covers are listed (assumed), but the size is that of a video.
  const video = videos.find((stream) => !isCover(stream));
  // Ogg keeps what describes the file with its stream.
  const tags = tagReader(format.format_name === 'ogg' ? audios[0]?.tags : format.tags);
  return {
    FormatName: format.format_name,
    FormatLongName: format.format_long_name,
    Duration: number(format.duration),
    StartTime: number(format.start_time),
    Bitrate: number(format.bit_rate),
    Size: number(format.size),
    StreamCount: format.nb_streams,
    ProgramCount: format.nb_programs,
    VideoWidth: video?.width,
    VideoHeight: video?.height,
    ...described(tags),
    ...list('VideoStreams', videos.map(videoMembers)),
    ...list(
      'AudioStreams',
      audios.map((stream, i) => audioMembers(stream, i === 0 ? format : {})),
    ),
    ...list('Subtitles', of('subtitle').map(subtitleMembers)),
  };
}

const list = (name: string, members: readonly Members[]) => (members.length === 0 ? {} : { [name]: members });

const described = (tag: (...names: string[]) => string | undefined): Members => ({
  Title: tag('title'),
  Album: tag('album'),
  AlbumArtist: tag('album_artist', 'albumartist'),
  Artist: tag('artist'),
  Composer: tag('composer'),
  Performer: tag('performer'),
  Language: tag('language'),
  ProduceTime: instant(tag('creation_time', 'com.apple.quicktime.creationdate')),
  LatLong: place(tag('location', 'com.apple.quicktime.location.iso6709')),
});

const videoMembers = (stream: ProbedStream): Members => ({
  ...common(stream),
  Profile: stream.profile,
  CodecTimeBase: codecTimeBase(stream),
  Width: stream.width,
  Height: stream.height,
  HasBFrames: stream.has_b_frames,
  SampleAspectRatio: stream.sample_aspect_ratio,
  DisplayAspectRatio: stream.display_aspect_ratio,
  PixelFormat: stream.pix_fmt,
  Level: stream.level,
  FrameRate: stream.r_frame_rate,
  AverageFrameRate: stream.avg_frame_rate,
  TimeBase: stream.time_base,
  FrameCount: frameCount(stream),
  Rotate: rotationOf(stream) === 0 ? undefined : String(rotationOf(stream)),
  BitDepth: number(stream.bits_per_raw_sample),
  ColorSpace: stream.color_space,
  ColorRange: stream.color_range,
  ColorTransfer: stream.color_transfer,
  ColorPrimaries: stream.color_primaries,
});

/** @param format of the file when this is its first audio stream: lyrics are kept there */
const audioMembers = (stream: ProbedStream, format: ProbedFormat): Members => ({
  ...common(stream),
  CodecTimeBase: codecTimeBase(stream),
  TimeBase: stream.time_base,
  FrameCount: frameCount(stream),
  // ID3 has the language in the name: `lyrics-eng`.
  Lyric: tagReader(stream.tags, format.tags)('lyrics', 'lyrics-*', 'unsyncedlyrics'),
  SampleFormat: stream.sample_fmt,
  SampleRate: number(stream.sample_rate),
  Channels: stream.channels,
  ChannelLayout: stream.channel_layout,
});

const subtitleMembers = (stream: ProbedStream): Members => ({
  ...common(stream),
  Width: stream.width || undefined,
  Height: stream.height || undefined,
});

const common = (stream: ProbedStream): Members => ({
  Index: stream.index,
  Language: tagReader(stream.tags)('language'),
  CodecName: stream.codec_name,
  CodecLongName: stream.codec_long_name,
  CodecTagString: stream.codec_tag_string,
  CodecTag: stream.codec_tag,
  StartTime: number(stream.start_time),
  Duration: number(stream.duration) ?? clock(tagReader(stream.tags)('duration')),
  Bitrate: number(stream.bit_rate) ?? number(tagReader(stream.tags)('bps')),
});

/** Counted by the container; matroska has statistics instead. */
const frameCount = (stream: ProbedStream): number | undefined =>
  number(stream.nb_frames) ?? number(tagReader(stream.tags)('number_of_frames'));

/** What ffprobe no longer says: the decoder's unit of time, two a frame where a frame may be two fields (assumed). */
function codecTimeBase(stream: ProbedStream): string | undefined {
  if (stream.codec_type === 'audio') return stream.sample_rate && `1/${stream.sample_rate}`;
  const [frames = 0, seconds = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number);
  if (!(frames > 0 && seconds > 0)) return undefined;
  const fields = ['h264', 'mpeg2video'].includes(stream.codec_name ?? '') ? 2 : 1;
  return seconds % fields === 0 ? `${seconds / fields}/${frames}` : `${seconds}/${frames * fields}`;
}

/** Finds the first tag that has one of the names, in any case; `*` stands for any end. */
function tagReader(...all: readonly (Tags | undefined)[]) {
  const entries = all.flatMap((tags) => Object.entries(tags ?? {}));
  const fits = (key: string, name: string) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : key === name);
  return (...names: readonly string[]): string | undefined =>
    names.flatMap((name) => entries.find(([key]) => fits(key.toLowerCase(), name))?.[1] ?? []).find(Boolean);
}

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || !Number.isFinite(value) ? undefined : value;
}

/** `00:01:02.500000000` in seconds. */
function clock(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** RFC 3339, UTC. */
function instant(text: string | undefined): string | undefined {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('.000Z', 'Z');
}

/** ISO 6709 in decimal degrees, `+30.1000+120.2000/`, as `30.1,120.2`. */
function place(text: string | undefined): string | undefined {
  const [, latitude, longitude] = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(text ?? '') ?? [];
  return longitude === undefined ? undefined : `${Number(latitude)},${Number(longitude)}`;
}
