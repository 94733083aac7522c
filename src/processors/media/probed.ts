/** ffprobe's JSON, as far as it is read here. What it calls by a number comes as a number, the rest as text. */
export interface ProbedStream {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly codec_long_name?: string;
  readonly codec_tag?: string;
  readonly codec_tag_string?: string;
  readonly profile?: string;
  readonly level?: number;
  readonly width?: number;
  readonly height?: number;
  readonly has_b_frames?: number;
  readonly pix_fmt?: string;
  readonly color_space?: string;
  readonly color_range?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly sample_aspect_ratio?: string;
  readonly display_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly time_base?: string;
  readonly start_time?: string;
  readonly duration?: string;
  readonly bit_rate?: string;
  readonly nb_frames?: string;
  readonly sample_fmt?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly channel_layout?: string;
  readonly bits_per_raw_sample?: string;
  readonly bits_per_sample?: number;
  readonly disposition?: { readonly attached_pic?: number };
  readonly tags?: Tags;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

/** Containers spell the names in upper or lower case as they like. */
export type Tags = Readonly<Record<string, string>>;

export interface ProbedFormat {
  readonly format_name?: string;
  readonly format_long_name?: string;
  readonly nb_streams?: number;
  readonly nb_programs?: number;
  readonly start_time?: string;
  readonly duration?: string;
  readonly size?: string;
  readonly bit_rate?: string;
  readonly tags?: Tags;
}

export interface Probed {
  readonly streams?: readonly ProbedStream[];
  readonly format?: ProbedFormat;
}

/** Cover art is a stream of one picture, and no video (media.md §7.2). */
export const isCover = (stream: ProbedStream): boolean => stream.disposition?.attached_pic === 1;

/** How far the picture is to be turned clockwise when it is shown: 0, 90, 180 or 270; odd angles are rounded. */
export function rotationOf({ side_data_list, tags }: ProbedStream): number {
  const beside = side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  // The matrix counts the other way round than the tag of older files.
  const degrees = beside === undefined ? Number(tags?.rotate ?? 0) : -beside;
  return Number.isFinite(degrees) ? (((Math.round(degrees / 90) * 90) % 360) + 360) % 360 : 0;
}
