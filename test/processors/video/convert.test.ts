/** video/convert: the rules of media.md §7 and §8.2 that the rows C1 to C24 leave out, which vectors.test.ts has. */
import { beforeAll, describe, expect, it } from 'vitest';
import { converted, finished, freshBucket, get, put, saveas, submitted } from '../../helpers/ossite.ts';
import { progressOf } from '../media/progress.ts';
import { greyFrame, look, type Seen, type SourceName, source } from '../media/sources.ts';

let bucket: string;
/** Tests run side by side: each output has a name of its own. */
let count = 0;
const stored = new Map<SourceName, Promise<void>>();
beforeAll(async () => {
  bucket = await freshBucket();
});

/** Converts a source and fetches what was made of it. */
async function convert(of: SourceName, process: string, target = `o-${count++}.mp4`) {
  const present = stored.get(of) ?? source(of).then((bytes) => put(bucket, of, bytes));
  stored.set(of, present);
  await present;
  const task = await converted(bucket, of, `video/convert,${process}${saveas(target)}`);
  const key = task.Outputs?.[0]?.Key;
  return { task, key, answer: key === undefined ? undefined : await get(bucket, key) };
}

async function seen(of: SourceName, process: string, target?: string): Promise<Seen> {
  const { task, answer } = await convert(of, process, target);
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
  return await look(answer?.bytes ?? Buffer.alloc(0));
}

const mp4 = expect.stringContaining('mp4');
const about = (seconds: number, by = 0.1) =>
  expect.toSatisfy((x: number) => Math.abs(x - seconds) <= by, `about ${seconds}`);

describe('the page', () => {
  it('C1: progress moves, and forwards only', async () => {
    await put(bucket, 'example.avi', await source('A1.avi'));
    const process =
      'video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1|sys/saveas,o_b3V0b2JqLnthdXRvZXh0fQo,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    const { text } = await submitted(bucket, 'example.avi', process);
    const { TaskId } = JSON.parse(text) as { TaskId: string };
    const progress = await progressOf(TaskId);
    const task = await finished(TaskId);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
    expect(task.Outputs).toMatchObject([{ Bucket: bucket, Key: 'outobj.mp4' }]);
    expect(progress.some((percent) => percent > 0 && percent < 100)).toBe(true);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const answer = await get(bucket, 'outobj.mp4');
    expect(answer.headers['content-type']).toBe('video/mp4');
    expect(await look(answer.bytes)).toEqual({
      format: mp4,
      video: 'hevc 1920x1080 30',
      frames: expect.toSatisfy((n: number) => n === 150 || n === 151, '150 or 151'),
      pixels: 'yuv420p',
      tag: 'hvc1',
      videoBitRate: about(2_000_000, 1_000_000),
      audio: 'aac 44100 2',
      bits: expect.anything(),
      seconds: about(5.03),
    });
  });

  it('fills in {index}, {streamindex}, {resolution} and {autoext}', async () => {
    const { key } = await convert('L1.mp4', 'f_mkv', '{index}-{streamindex}-{resolution}.{autoext}');
    expect(key).toBe('1-0-320x240.mkv');
  });
});

type Row = readonly [row: string, of: SourceName, process: string, shows: Partial<Record<keyof Seen, unknown>>];

const rows: readonly Row[] = [
  ['C5, other side', 'H1.mp4', 'f_mp4,vcodec_h264,s_x720,t_500', { video: 'h264 1920x720 50' }],
  ['fit rounds down', 'M1.mp4', 'f_mp4,vcodec_h264,s_500x500,scaletype_fit,t_500', { video: 'h264 500x280 25' }],
  ['fit enlarges', 'L1.mp4', 'f_mp4,vcodec_h264,s_640x640,scaletype_fit', { video: 'h264 640x480 15' }],
  ['fps_30 raises', 'L1.mp4', 'f_mp4,vcodec_h264,fps_30', { video: 'h264 320x240 30', frames: 30 }],
  ['fps_0 keeps', 'L1.mp4', 'f_mp4,vcodec_h264,fps_0', { video: 'h264 320x240 15' }],
  ['t beyond the end', 'M1.mp4', 'f_mp4,vcodec_h264,ss_2000,t_9000', { frames: 25, seconds: about(1) }],
  [
    'the system style h264-mp4-360p',
    'M1.mp4',
    'f_mp4,vcodec_h264,fps_25,fpsopt_1,s_640x,sopt_1,scaletype_fit,arotate_1,crf_25,g_250,acodec_aac,ar_44100,ac_2,ab_64000,abopt_1',
    { video: 'h264 640x360 25', audio: 'aac 44100 2' },
  ],
  ['vb', 'M1.mp4', 'f_mp4,vcodec_h264,vb_800000', { videoBitRate: about(800_000, 400_000) }],
  ['ac and ar', 'small.mp4', 'f_mp4,acodec_aac,ar_22050,ac_1', { audio: 'aac 22050 1' }],
  ['a copy into avi keeps its rate', 'small.mp4', 'f_avi', { format: 'avi', video: 'h264 160x120 25', tag: 'H264' }],
  ['mxf takes pcm by itself', 'small.mp4', 'f_mxf,vcodec_h264', { format: 'mxf', audio: 'pcm_s16le 48000 2' }],
  ['square pixels', 'wide-pixels.mkv', 'f_mp4,vcodec_h264', { video: 'h264 320x120 25' }],
  ['rotation when encoding', 'turned.mp4', 'f_mp4,vcodec_h264', { video: 'h264 120x160 25', rotation: undefined }],
  ['a copy keeps the rotation beside', 'turned.mp4', 'f_mp4', { video: 'h264 160x120 25', rotation: 90 }],
  ['subtitles into mp4', 'subtitled.mkv', 'f_mp4', { subtitle: 'mov_text' }],
  ['subtitles into mkv', 'subtitled.mkv', 'f_mkv', { subtitle: 'subrip' }],
  ['sn_1', 'subtitled.mkv', 'f_mkv,sn_1', { subtitle: undefined }],
  ['no audio to encode', 'L1.mp4', 'f_mp4,vcodec_h264,acodec_aac', { audio: undefined }],
  ['no video to copy', 'speech.aac', 'f_mp4', { video: undefined, audio: 'aac 44100 1' }],
  ['5.1 to opus', 'surround.mkv', 'f_mkv,acodec_opus', { audio: 'opus 48000 6' }],
  [
    'vbopt_1',
    'small.mp4',
    'f_mp4,vcodec_h264,vb_9000000,vbopt_1',
    { videoBitRate: expect.toSatisfy((n: number) => n < 2_000_000) },
  ],
];

it.concurrent.each(rows)('%s: %s %s', async (_row, of, process, shows) => {
  const found = await seen(of, process);
  expect({ video: undefined, audio: undefined, subtitle: undefined, rotation: undefined, ...found }).toMatchObject(
    shows,
  );
});

it('C7 fill: black bars above and below', async () => {
  const { answer } = await convert('M1.mp4', 'f_mp4,vcodec_h264,s_640x640,scaletype_fill,t_200,crf_10');
  const grey = await greyFrame(answer?.bytes ?? Buffer.alloc(0));
  expect(grey.length).toBe(640 * 640);
  const brightest = (from: number, to: number) => grey.subarray(from * 640, to * 640).reduce((a, b) => Math.max(a, b));
  expect(brightest(0, 138)).toBeLessThan(24);
  expect(brightest(502, 640)).toBeLessThan(24);
  expect(brightest(142, 498)).toBeGreaterThan(200);
});

it('warns of subtitles it has to leave out', async () => {
  const { task } = await convert('subtitled.mkv', 'f_ts');
  expect(task.Status).toBe('Succeeded');
  expect(JSON.stringify(task)).toContain('ts cannot carry them');
});

/** Parameters that cannot be met for this source: the task fails, says why, and nothing is stored. */
const failures: readonly (readonly [row: string, of: SourceName, process: string, says: RegExp])[] = [
  ['vbopt_2', 'small.mp4', 'f_mp4,vcodec_h264,vb_9000000,vbopt_2', /vbopt_2/],
  ['abopt_2', 'small.mp4', 'f_mp4,acodec_aac,ab_900000,abopt_2', /abopt_2/],
  ['mp3 is stereo', 'surround.mkv', 'f_mp3,acodec_mp3', /mp3 takes at most 2 channels; the source has 6/],
  ['mxf and aac', 'small.mp4', 'f_mxf,vcodec_h264,acodec_aac', /mxf cannot hold aac/],
  ['mp3 copies aac', 'small.mp4', 'f_mp3', /mp3 cannot hold aac.*copied/],
  ['amr', 'small.mp4', 'f_amr,acodec_amr', /amr takes sample rates of 8000, 16000 Hz/],
  ['ss at the end', 'small.mp4', 'f_mp4,ss_1000', /ss_1000 lies beyond the end: the source is 1000 ms long/],
  ['ss beyond the end of a file without index', 'speech.aac', 'f_aac,ss_9000', /Nothing came out/],
  ['no frame between the last and the end', 'small.mp4', 'f_mp4,vcodec_h264,ss_999', /No picture came out/],
  ['fewer frames than one', 'small.mp4', 'f_mp4,vcodec_h264,fps_0.001', /No picture came out/],
  ['nothing left', 'small.mp4', 'f_mp4,vn_1,an_1', /Nothing is left/],
  ['no audio for mp3', 'L1.mp4', 'f_mp3,acodec_mp3', /Nothing is left/],
  ['an encoder that refuses', 'surround.mkv', 'f_ac3,acodec_ac3,ab_1000', /do not suit.*bitrate/],
];

it.concurrent.each(failures)('%s fails: %s %s', async (_row, of, process, says) => {
  const { task } = await convert(of, process, 'never');
  expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Message: expect.stringMatching(says) });
  expect(task.Outputs ?? []).toEqual([]);
  const { status } = await get(bucket, 'never');
  expect(status).toBe(404);
});
