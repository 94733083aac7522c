/**
 * One segment, encoded by itself so that it joins its neighbours without a gap: time stamps run on, pictures are cut on
 * the frames of the whole, and sound on the packets that an encoder of the whole would make.
 */
import { audioOptions } from '../media/audio-stream.ts';
import { produce } from '../media/output.ts';
import type { AudioStream, VideoStream } from '../media/probe.ts';
import { sampling } from '../media/rates.ts';
import type { Recording } from '../media/recording.ts';
import { leadIn } from '../media/seek.ts';
import { pictureFilters, videoOptions, videoQuality } from '../media/video-stream.ts';
import type { Artifact, RunContext } from '../operation.ts';
import type { LiveParams } from './live.ts';
import type { Piece } from './timeline.ts';

/** Where a playlist's time stamps begin, in seconds: with B-frames the first are decoded before they are shown. */
const FIRST_STAMP = 10;
/** Decoders of sound need a little of what was before; what they give for it is dropped. Seconds. */
const WARM_UP = 0.25;
/** Reading begins at a multiple of this, in seconds: a whole number of samples at every rate, so that none is moved. */
const STEP = 0.2;
/** Samples in a packet of AAC. */
const PACKET = 1024;
/** So many packets after it begins, the encoder works as if it had never begun: a joint can no longer be heard. */
const LEAD_PACKETS = 20;
/** Greatest distance of key frames within a segment, in frames: the default of video/convert. */
const KEYFRAMES = 150;

/** @throws TaskFailure InvalidArgument for parameters that can not be met */
export async function makeSegment(
  recording: Recording,
  params: LiveParams,
  piece: Piece,
  ctx: RunContext,
): Promise<Pick<Artifact, 'ext' | 'contentType'> & { readonly file: string }> {
  const { source, media } = recording;
  const offset = params.ss / 1000;
  const audio = params.an ? undefined : media.audio;
  const rate = audio === undefined ? undefined : sampling('aac', params, audio, 'ts').rate;
  const lead = WARM_UP + (rate === undefined ? 0 : (LEAD_PACKETS * PACKET) / rate);
  const from = Math.floor(leadIn(Math.max(0, offset + piece.start - lead), media) / STEP) * STEP;
  // ffmpeg counts from where it begins to read, the playlist from `ss`.
  const shift = from - offset;
  const options = [
    ...(media.video === undefined ? ['-vn'] : picture(media.video, params, piece, shift, ctx)),
    ...(audio === undefined || rate === undefined ? ['-an'] : await sound(audio, rate, params, piece, shift)),
    ...['-sn', '-vsync', '0', '-output_ts_offset', String(FIRST_STAMP), '-mpegts_flags', '+initial_discontinuity'],
  ];
  const input = { file: source.file, options: from === 0 ? [] : ['-noaccurate_seek', '-ss', String(from)] };
  const command = { inputs: [input], options, seconds: piece.end - piece.start };
  // At the end of a recording one of picture and sound may be over already.
  const made = await produce('ts', command, { video: false, audio: false }, ctx);
  return { file: made.file, ext: 'ts', contentType: 'video/MP2T' };
}

function picture(source: VideoStream, params: LiveParams, piece: Piece, shift: number, ctx: RunContext): string[] {
  const end = piece.last && params.t === 0 ? '' : `:end=${piece.end}`;
  const filters = [
    `setpts=round(PTS+${shift}/TB)`,
    ...pictureFilters(params, source),
    `trim=start=${piece.start}${end}`,
  ];
  const quality = { ...videoQuality(params, source), keyframeDistance: KEYFRAMES };
  return [
    ...['-map', `0:${source.index}`, '-vf', filters.join(',')],
    ...videoOptions(params.vcodec, quality, 'ts', ctx.engines.settings.encoderPreset),
  ];
}

/**
 * The encoder begins before the segment and goes on behind it, so that its packets at both ends know their neighbours as
 * those of one run would; the ones too many are dropped, by number: sound begins on the very sample that is asked for.
 */
async function sound(
  source: AudioStream,
  rate: number,
  params: LiveParams,
  piece: Piece,
  shift: number,
): Promise<readonly string[]> {
  const packetAt = (seconds: number) => Math.round((seconds * rate) / PACKET);
  const [start, end] = [packetAt(piece.start), packetAt(piece.end)];
  const begin = Math.max(0, start - LEAD_PACKETS);
  const isOpen = piece.last && params.t === 0;
  const filters = [
    `asetpts=round(PTS+${shift}/TB)`,
    // Fills gaps, and begins there whether or not there is sound.
    `aresample=${rate}:async=1:first_pts=${begin * PACKET}`,
    ...(isOpen ? [] : [`atrim=end_pts=${(end + 2) * PACKET}`]),
  ];
  // An encoder's first packet only starts the decoder up, which the first segment needs.
  const first = piece.index === 0 ? 0 : start - begin + 1;
  const surplus = [`lt(n,${first})`, ...(isOpen ? [] : [`gte(n,${end - begin + 1})`])].join('+');
  return [
    ...['-map', `0:${source.index}`, '-af', filters.join(',')],
    ...(await audioOptions('aac', params, source, 'ts')),
    ...['-bsf:a', `noise=drop='${surplus}'`],
  ];
}
