/**
 * The styles every bucket has, `style/::h264-mp4-1080p` (media.md §3.4). Their texts are copies from the console by third
 * parties, and only the name of the 1080p mp4 is documented: the other names and all texts are assumed.
 */

/** What differs from size to size. */
interface Row {
  readonly name: string;
  /** Longest width, in pixels. */
  readonly width: number;
  /** Frames per second, 25 when absent. */
  readonly fps?: number;
  readonly crf: number;
  /** Audio bit rate in bit/s. */
  readonly ab: number;
  /** Sample rate in Hz, with the channels of the source; 44100 and two channels when absent. */
  readonly ar?: number;
  /** Length of a segment in milliseconds, 10000 when absent. */
  readonly st?: number;
}

const mp4: readonly Row[] = [
  { name: '360p', width: 640, crf: 25, ab: 64_000 },
  { name: '540p', width: 960, crf: 25, ab: 96_000 },
  { name: '720p', width: 1280, crf: 26, ab: 128_000 },
  { name: '1080p', width: 1920, crf: 26, ab: 160_000 },
  { name: '1440p', width: 2560, fps: 60, crf: 26, ab: 320_000, ar: 48_000 },
  { name: '2160p', width: 3840, fps: 60, crf: 26, ab: 512_000, ar: 48_000 },
];

const hls: readonly Row[] = [
  { name: '360p', width: 480, crf: 25, ab: 64_000 },
  { name: '540p', width: 720, crf: 25, ab: 96_000 },
  { name: '720p', width: 960, crf: 26, ab: 128_000, st: 5000 },
  { name: '1080p', width: 1920, crf: 26, ab: 160_000, st: 5000 },
];

const picture = ({ width, fps = 25, crf }: Row) =>
  `vcodec_h264,fps_${fps},fpsopt_1,s_${width}x,sopt_1,scaletype_fit,arotate_1,crf_${crf}`;
const sound = ({ ar, ab }: Row) => `acodec_aac,${ar === undefined ? 'ar_44100,ac_2' : `ar_${ar}`},ab_${ab},abopt_1`;

const contents: ReadonlyMap<string, string> = new Map([
  ...mp4.map((row) => [`::h264-mp4-${row.name}`, `video/convert,f_mp4,${picture(row)},g_250,${sound(row)}`] as const),
  ...hls.map((row) => {
    const live = `st_${row.st ?? 10_000},initd_30000`;
    return [`::h264-hls-${row.name}`, `hls/m3u8,${picture(row)},${sound(row)},${live}`] as const;
  }),
]);

/**
 * The content of a built-in style.
 * @param name with its two colons, which no style of a bucket can have
 * @returns `undefined` when there is none of that name
 */
export const builtInStyle = (name: string): string | undefined => contents.get(name);

/** All of them, for the docs and the tests. */
export function describeBuiltInStyles(): readonly { readonly name: string; readonly content: string }[] {
  return [...contents].map(([name, content]) => ({ name, content }));
}
